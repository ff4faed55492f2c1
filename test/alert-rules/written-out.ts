import { renderedAlerts } from './rendered.ts'

/**
 * The shipped annotations of an alert as Prometheus must write them out.
 *
 * @param value what `$value` reads like
 * @param replicas the instances where it is so
 * @param offenders the addresses with most refusals, with how many each had
 * @param known sentences with what is known of the address of the alert
 */
export function writtenOut(
  alert: string,
  labels: Readonly<Record<string, string>>,
  value = '',
  replicas: readonly string[] = [],
  offenders = '',
  known = '',
): Readonly<Record<string, string>> {
  const label = (name: string) => labels[name] ?? `no label ${name}`
  const annotations = Object.entries(renderedAlerts.get(alert)?.annotations ?? {}).map(([name, text]) => [
    name,
    text
      .replace(
        /\{\{ with query .*? Top source addresses: .*\.\{\{ end \}\}/,
        offenders === '' ? '' : ` Top source addresses: ${offenders}.`,
      )
      .replace(/\{\{ with query \(printf `[^`]*clawtrust_offender_info.*? Threat lists: .*?\.\{\{ end \}\}/, known)
      .replace(/\{\{ range .*?\{\{ \$one\.Labels\.instance \}\}\{\{ end \}\}/g, replicas.join(', '))
      .replace(/\{\{ \$labels\.(\w+) \| urlquery \}\}/g, (_, name: string) => encodeURIComponent(label(name)))
      .replace(/\{\{ with \$labels\.(\w+) \}\} \(\{\{ \. \}\}\)\{\{ end \}\}/g, (_, name: string) =>
        labels[name] === undefined ? '' : ` (${labels[name]})`,
      )
      .replace(
        /\{\{ if match "([^"]*)" \$labels\.(\w+) \}\}(.*?)\{\{ end \}\}/g,
        (_, pattern: string, name: string, then: string) => (new RegExp(pattern).test(label(name)) ? then : ''),
      )
      .replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, name: string) => label(name))
      .replace(/\{\{ \$value[^}]*\}\}/g, value),
  ])
  return Object.fromEntries(annotations)
}
