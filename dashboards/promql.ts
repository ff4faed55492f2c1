import { type SignalName, signals } from '../core/signals.ts'
import { greatest, grown, selector } from '../promql/build.ts'

/** Which services are looked at, on every dashboard. */
export const ofJob = 'job=~"$job"'

/** Which gateways and trust zones are looked at, where a metric tells of them. */
export const ofDomain = `${ofJob},gateway=~"$gateway",trust_zone=~"$trust_zone"`

/** `metric{…}` of the chosen gateways and trust zones, with further matchers. */
export const domainSelector = (metric: string, matchers = ''): string => selector(metric, ofDomain, matchers)

/** What a counter grew by a minute, the greatest of the replicas for each of the labels. */
export const perMinute = (labels: string, counter: string): string =>
  `60 * ${greatest(labels, `rate(${counter}[$__rate_interval])`)}`

/** Events a minute of a signal, over all gateways and zones that are chosen. */
export function eventsPerMinute(signal: SignalName, by: string, matchers = ''): string {
  const counter = domainSelector(signals[signal].metric, matchers)
  return `sum by (${by}) (${perMinute(labelsOf(signal), counter)})`
}

/**
 * The highest value since the step before, so that no peak falls between two steps of a long time; where a step is too
 * short to hold a sample, the newest one.
 */
export const peakOf = (gauge: string): string => `(max_over_time(${gauge}[$__interval]) or ${gauge})`

/** What a counter grew by in the shown time, the greatest of the replicas for each of the labels. */
export const grownInRange = (labels: string, counter: string): string =>
  greatest(labels, grown(counter, '$__range', ofJob))

/** Events of a signal in the shown time. */
export function eventsInRange(signal: SignalName, by: string, matchers = ''): string {
  const counter = domainSelector(signals[signal].metric, matchers)
  return `sum by (${by}) (${grownInRange(labelsOf(signal), counter)})`
}

const labelsOf = (signal: SignalName): string =>
  ['gateway', 'trust_zone', ...Object.keys(signals[signal].labels)].join(', ')

/** How many counters of decisions there were in the time before the shown one, as long: where there is none, the pair is new. */
export const decisionsBefore = (by: string): string =>
  `count by (${by}) (${greatest(labelsOf('policy_decisions'), `increase(${domainSelector(signals.policy_decisions.metric)}[$__range] offset $__range)`)})`
