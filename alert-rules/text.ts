/** Where it happens, in every description of what happens at a gateway. */
export const place = 'at gateway {{ $labels.gateway }}, trust zone {{ $labels.trust_zone }}'

/** A number of events: `increase` gives fractions of them. */
export const count = '{{ $value | printf "%.0f" }}'

/**
 * The instances for which an expression holds, by name: as a label, each would be an alert of its own.
 *
 * @param expr PromQL that keeps the label `instance`; `%[1]q` in it stands for the value of `label`
 * @param label a label of the alert
 */
export function instances(expr: string, label?: string): string {
  const asked = label === undefined ? `query \`${expr}\`` : `query (printf \`${expr}\` $labels.${label})`
  return `{{ range $index, $one := ${asked} | sortByLabel "instance" }}{{ if $index }}, {{ end }}{{ $one.Labels.instance }}{{ end }}`
}
