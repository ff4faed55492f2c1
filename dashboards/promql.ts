import { type SignalName, signals } from '../core/signals.ts'

/** Which services are looked at, on every dashboard. */
export const ofJob = 'job=~"$job"'

/** Which gateways and trust zones are looked at, where a metric tells of them. */
export const ofDomain = `${ofJob},gateway=~"$gateway",trust_zone=~"$trust_zone"`

/** `metric{…}` of the chosen gateways and trust zones, with further matchers. */
export const domainSelector = (metric: string, matchers = ''): string =>
  `${metric}{${matchers === '' ? ofDomain : `${ofDomain},${matchers}`}}`

/** The greatest value that any replica tells: replicas expose the same events. */
export const greatest = (labels: string, inner: string): string => `max by (${labels}) (${inner})`

/** Events a second of a signal, over all gateways and zones that are chosen. */
export function eventsPerSecond(signal: SignalName, by: string, matchers = ''): string {
  const selector = domainSelector(signals[signal].metric, matchers)
  return `sum by (${by}) (${greatest(labelsOf(signal), `rate(${selector}[$__rate_interval])`)})`
}

/**
 * Events of a signal in the shown time. A series born within it counts whole, which `increase` would not see; not
 * where the exporter itself is new to Prometheus.
 */
export function eventsInRange(signal: SignalName, by: string, matchers = ''): string {
  const selector = domainSelector(signals[signal].metric, matchers)
  const born = `(${selector} unless ${selector} offset $__range) and on (job, instance) clawtrust_build_info{${ofJob}} offset $__range`
  return `sum by (${by}) (${greatest(labelsOf(signal), `${born} or increase(${selector}[$__range])`)})`
}

const labelsOf = (signal: SignalName): string =>
  ['gateway', 'trust_zone', ...Object.keys(signals[signal].labels)].join(', ')
