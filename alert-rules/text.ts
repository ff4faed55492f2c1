/** The location, in every description of events at a gateway. */
export const place = 'at gateway {{ $labels.gateway }}, trust zone {{ $labels.trust_zone }}'

/** The source, in every description of telemetry. */
export const source = 'source {{ $labels.source }} (job {{ $labels.job }})'

/** A number of events; `increase` returns fractions. */
export const count = '{{ $value | printf "%.0f" }}'

/**
 * The instances for which an expression is true, and their job; as a label, each instance would be a separate alert.
 *
 * @param expr PromQL that keeps the label `instance`, with the matchers that select the subject of the alert
 * @param labels labels of the alert, other than `job`, that select it
 */
export function instances(expr: (matchers: string) => string, ...labels: readonly string[]): string {
  const chosen = ['job', ...labels]
  const matchers = chosen.map((label, index) => `${label}=%[${index + 1}]q`).join(',')
  const values = chosen.map(label => `$labels.${label}`).join(' ')
  const asked = `query (printf \`${expr(matchers)}\` ${values})`
  const names = `{{ range $index, $one := ${asked} | sortByLabel "instance" }}{{ if $index }}, {{ end }}{{ $one.Labels.instance }}{{ end }}`
  return `${names} of job {{ $labels.job }}`
}

/** PromQL that selects what the exporter knows of an address, which is the first value of `printf`. */
const info = 'max by (country, asn, as_organization) (clawtrust_offender_info{source_ip=%q})'
const marks = (matcher: string) => `max by (list, verdict) (clawtrust_offender_threat_list{source_ip=%q${matcher}})`

/**
 * Sentences with country, autonomous system and threat lists of the address of the alert; empty where nothing is known, or
 * no file about addresses is configured. They are joined when the alert is evaluated: as labels, they would be parts of its
 * fingerprint, and each update of a database another alert.
 */
export const knownOfAddress = [
  `{{ with query (printf \`${info}\` $labels.source_ip) }}{{ with first . }} GeoIP: `,
  '{{ with .Labels.country }}country {{ . }}{{ end }}{{ if and .Labels.country .Labels.asn }}, {{ end }}',
  '{{ with .Labels.asn }}AS{{ . }}{{ end }}{{ with .Labels.as_organization }} ({{ . }}){{ end }}.{{ end }}{{ end }}',
  `{{ with query (printf \`${marks('')}\` $labels.source_ip) }} Threat lists: `,
  '{{ range $index, $one := . | sortByLabel "list" }}{{ if $index }}, {{ end }}{{ $one.Labels.list }} ({{ $one.Labels.verdict }}){{ end }}.{{ end }}',
].join('')

/** The same of the address of `$one`, in few words behind its count. */
const knownInBrief = [
  `{{ with query (printf \`${info}\` $one.Labels.source_ip) }}{{ with first . }}`,
  '{{ with .Labels.country }}, {{ . }}{{ end }}{{ with .Labels.asn }}, AS{{ . }}{{ end }}{{ end }}{{ end }}',
  `{{ range query (printf \`${marks(',verdict="malicious"')}\` $one.Labels.source_ip) | sortByLabel "list" }}, on {{ .Labels.list }}{{ end }}`,
].join('')

/**
 * A sentence that lists the addresses with the most refusals at the alert's gateway and trust zone, with their counts and
 * what is known of them; empty if no address is trusted. It is part of a description, because labels with these values
 * would change with every evaluation.
 *
 * @param signal its name. Default: the label `signal` of the alert
 */
export function mostFrom(signal?: string): string {
  const matched = `gateway=%[1]q,trust_zone=%[2]q,signal=%[3]q,source_ip!="__overflow__"`
  const most = `sort_desc(topk(5, max by (source_ip) (clawtrust_offender_events{${matched}}) > 0))`
  const values = `$labels.gateway $labels.trust_zone ${signal === undefined ? '$labels.signal' : `"${signal}"`}`
  const names = `{{ range $index, $one := . }}{{ if $index }}, {{ end }}{{ $one.Labels.source_ip }} ({{ $one.Value | printf "%.0f" }}${knownInBrief}){{ end }}`
  return `{{ with query (printf \`${most}\` ${values}) }} Top source addresses: ${names}.{{ end }}`
}

/**
 * The address of an offender, in every description with its count. A host of an IPv6 network has the count of that
 * network, which is the source that is counted (`exporter.source_networks`).
 */
export const offender =
  '{{ $labels.source_ip }}{{ if match "^[0-9a-f.]*:[^/]*$" $labels.source_ip }} (counted with its network){{ end }}'
