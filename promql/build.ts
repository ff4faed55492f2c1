/** `metric{…}` with those of the matchers that are not empty. */
export function selector(metric: string, ...matchers: readonly string[]): string {
  const given = matchers.filter(matcher => matcher !== '')
  return given.length === 0 ? metric : `${metric}{${given.join(',')}}`
}

/** `label="value"`, or `label=~"one|other"` for several values. A value is data: it ends no text and is no expression. */
export function matcher(label: string, values: string | readonly string[]): string {
  const given = typeof values === 'string' ? [values] : values
  const [only, ...more] = given
  if (only !== undefined && more.length === 0) return `${label}=${quoted(only)}`
  return `${label}=~${quoted(given.map(value => value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'))}`
}

/** A text literal; Prometheus reads the escapes of Go. */
const quoted = (text: string): string => `"${text.toWellFormed().replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`

/**
 * The greatest value of the replicas for each combination of the labels. Two replicas of the exporter expose the same
 * events: the greater value gives one alert with one fingerprint, and is correct while one of them has a lag.
 */
export const greatest = (labels: string, inner: string): string => `max by (${labels}) (${inner})`

/**
 * The increase of a counter over a range. A series that was created within the range counts completely, which
 * `increase` does not do: the first event of its kind matters most here. Not if the service itself is new to
 * Prometheus.
 *
 * @param matchers of the services, as in `clawtrust_build_info{…}`
 */
export function grown(counter: string, range: string, matchers = ''): string {
  const service = selector('clawtrust_build_info', matchers)
  return `(${counter} unless ${counter} offset ${range}) and on (job, instance) ${service} offset ${range} or increase(${counter}[${range}])`
}

/** A gauge over a few scrapes, so that a missed one neither resolves nor hides an alert. */
export const held = (gauge: string, range = '3m'): string => `max_over_time(${gauge}[${range}])`
