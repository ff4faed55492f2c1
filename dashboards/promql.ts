import { type SignalName, signals } from '../core/signals.ts'
import { greatest, grown, selector } from '../promql/build.ts'

/** The selected services, on every dashboard. */
export const ofJob = 'job=~"$job"'

/** The selected gateways and trust zones, for metrics with these labels. */
export const ofDomain = `${ofJob},gateway=~"$gateway",trust_zone=~"$trust_zone"`

/** `metric{…}` of the selected gateways and trust zones, with further matchers. */
export const domainSelector = (metric: string, matchers = ''): string => selector(metric, ofDomain, matchers)

/** The increase of a counter per minute: of replicas, the greatest for each combination of the labels. */
export const perMinute = (labels: string, counter: string): string =>
  `60 * ${greatest(labels, `rate(${counter}[$__rate_interval])`)}`

/** Events per minute of a signal, over the selected gateways and zones. */
export function eventsPerMinute(signal: SignalName, by: string, matchers = ''): string {
  const counter = domainSelector(signals[signal].metric, matchers)
  return `sum by (${by}) (${perMinute(labelsOf(signal), counter)})`
}

/**
 * The highest value since the previous step, so that no peak falls between two steps of a long time range; if a step is
 * too short to contain a sample, the newest one.
 */
export const peakOf = (gauge: string): string => `(max_over_time(${gauge}[$__interval]) or ${gauge})`

/**
 * The increase of a counter in the time range: of replicas, the greatest for each combination of the labels. A long range
 * may contain a reset, after an exporter lost its state: the value of a series that began in it is then not its increase.
 */
export const grownInRange = (labels: string, counter: string): string => {
  const reset = `increase(${counter}[$__range]) and resets(${counter}[$__range]) > 0`
  return greatest(labels, `${reset} or ${grown(counter, '$__range', ofJob)}`)
}

/** Events of a signal in the time range. */
export function eventsInRange(signal: SignalName, by: string, matchers = ''): string {
  const counter = domainSelector(signals[signal].metric, matchers)
  return `sum by (${by}) (${grownInRange(labelsOf(signal), counter)})`
}

const labelsOf = (signal: SignalName): string =>
  ['gateway', 'trust_zone', ...Object.keys(signals[signal].labels)].join(', ')

/** The number of counters of decisions in the previous time range of the same length: a pair without one is new. */
export const decisionsBefore = (by: string): string =>
  `count by (${by}) (${greatest(labelsOf('policy_decisions'), `increase(${domainSelector(signals.policy_decisions.metric)}[$__range] offset $__range)`)})`
