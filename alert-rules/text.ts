/** Where it happens, in every description of what happens at a gateway. */
export const place = 'at gateway {{ $labels.gateway }}, trust zone {{ $labels.trust_zone }}'

/** The source, in every description of telemetry. */
export const source = 'source {{ $labels.source }} (job {{ $labels.job }})'

/** A number of events: `increase` gives fractions of them. */
export const count = '{{ $value | printf "%.0f" }}'

/**
 * The instances for which an expression holds, and their job: as labels, instances would each be an alert of its own.
 *
 * @param expr PromQL that keeps the label `instance`, with the matchers in place that choose what the alert is about
 * @param labels labels of the alert beside `job` that choose it
 */
export function instances(expr: (matchers: string) => string, ...labels: readonly string[]): string {
  const chosen = ['job', ...labels]
  const matchers = chosen.map((label, index) => `${label}=%[${index + 1}]q`).join(',')
  const values = chosen.map(label => `$labels.${label}`).join(' ')
  const asked = `query (printf \`${expr(matchers)}\` ${values})`
  const names = `{{ range $index, $one := ${asked} | sortByLabel "instance" }}{{ if $index }}, {{ end }}{{ $one.Labels.instance }}{{ end }}`
  return `${names} of job {{ $labels.job }}`
}
