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

/**
 * A sentence that lists the addresses with the most refusals at the alert's gateway and trust zone, with their counts;
 * empty if no address is trusted. It is part of a description, because labels with these values would change with every
 * evaluation.
 *
 * @param signal its name. Default: the label `signal` of the alert
 */
export function mostFrom(signal?: string): string {
  const matched = `gateway=%[1]q,trust_zone=%[2]q,signal=%[3]q,source_ip!="__overflow__"`
  const most = `sort_desc(topk(5, max by (source_ip) (clawtrust_offender_events{${matched}}) > 0))`
  const values = `$labels.gateway $labels.trust_zone ${signal === undefined ? '$labels.signal' : `"${signal}"`}`
  const names =
    '{{ range $index, $one := . }}{{ if $index }}, {{ end }}{{ $one.Labels.source_ip }} ({{ $one.Value | printf "%.0f" }}){{ end }}'
  return `{{ with query (printf \`${most}\` ${values}) }} Top source addresses: ${names}.{{ end }}`
}
