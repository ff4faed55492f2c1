/**
 * Two replicas of the exporter expose the same events: the greater of their values gives one alert with one
 * fingerprint, and is right while one of them is still catching up.
 */
export const greatest = (labels: string, inner: string): string => `max by (${labels}) (${inner})`

/** `metric{…}` with those of the matchers that say something. */
export function selector(metric: string, ...matchers: readonly string[]): string {
  const told = matchers.filter(one => one !== '')
  return told.length === 0 ? metric : `${metric}{${told.join(',')}}`
}

/** The labels that an expression keeps: those by which its outermost aggregation groups. */
export function labelsOf(expr: string): readonly string[] {
  const [, labels = ''] = /^(?:time\(\) - )?(?:max|min|count) by \(([^)]*)\)/.exec(expr) ?? []
  return labels === '' ? [] : labels.split(', ')
}

/**
 * How much a counter has grown. A series that was born within the window counts whole, which `increase` would not see:
 * the first event of its kind is the one that matters here. Not where the exporter itself is new to Prometheus.
 */
export const grown = (selector: string, window: string): string =>
  `(${selector} unless ${selector} offset ${window}) and on (job, instance) clawtrust_build_info offset ${window} or increase(${selector}[${window}])`

/** A gauge over a few scrapes, so that a missed one neither resolves nor hides an alert. */
export const held = (selector: string, window = '3m'): string => `max_over_time(${selector}[${window}])`
