import { MINUTE_MS } from '../../../../core/clock.ts'
import type { EntityKind } from '../../../../core/labels/event.ts'
import { scoreSeverities } from '../../../../core/score-severity.ts'
import { spelledOut } from '../../../../core/time/duration.ts'
import type { Explanation, FirstSeenExplanation } from './score-result.ts'
import type { AnomalyView } from './views.ts'

/** Contributions to raw from here on are named, at most this many. */
const CONTRIBUTION_FROM = 0.5
const MAX_PHRASES = 3

const kindWords: Readonly<Record<EntityKind, { readonly one: string; readonly many: string }>> = {
  identity: { one: 'identity', many: 'identities' },
  address: { one: 'address', many: 'addresses' },
  device: { one: 'device', many: 'devices' },
  zone_pair: { one: 'pair of zones', many: 'pairs of zones' },
}

const UTC = 'UTC'
const whenFormat = (timeZone: string) =>
  new Intl.DateTimeFormat('en-GB', { weekday: 'long', hour: 'numeric', hourCycle: 'h23', timeZone })
// Creating a format takes longer than the rest of a sentence.
const inUtc = whenFormat(UTC)
const twoDigits = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 })

type Phrase = (explanation: Explanation, when: string) => string

const phrases: Readonly<Record<AnomalyView, Phrase>> = {
  count_1m: windowPhrase,
  count_5m: windowPhrase,
  count_20m: windowPhrase,
  count_90m: windowPhrase,
  count_360m: windowPhrase,
  silence: ({ silence }) =>
    `no events for ${spelledOut(silence.minutes * MINUTE_MS)}, ${rounded(silence.missed)} expected`,
  first_seen: ({ firstSeen }) => firstSeenPhrase(firstSeen),
  envelope: () => 'a level not seen before at this time of day',
  level_30m: () => 'level shift over 30 minutes',
  density_6h: () => 'many unusual values in 6 hours',
  volatility_30m: () => 'high variation over 30 minutes',
  high_1h: () => 'high values for 1 hour',
  quiet_3h: () => 'low values for 3 hours',
  calm_30m: () => 'low variation over 30 minutes',
  block_20m: ({ block }) =>
    `unusual for this time of day: ${rounded(block.observed)} in 20 minutes, ${rounded(block.expected)} expected`,
}

/**
 * Why a minute has its score: "7 times the expected count for a Sunday night; first seen: 3 addresses".
 * The strongest view comes first; first-seen entities are named whenever they are surprising.
 *
 * @param timeZone IANA name for the weekday and the time of day. Default: UTC
 */
export function inWords(explanation: Explanation, timeZone = UTC): string {
  if (explanation.score === undefined) return `no score yet: ${explanation.samplesSeen} of 721 required minutes`
  if (explanation.score < scoreSeverities.low) return 'as expected'
  const when = whenWords(explanation.minuteStart, timeZone)
  const views = (Object.entries(explanation.contributions) as [AnomalyView, number][])
    .filter(([, contribution]) => contribution >= CONTRIBUTION_FROM)
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_PHRASES)
    .map(([view]) => view)
  if (!views.includes('first_seen') && explanation.firstSeen.some(isSurprising)) views.push('first_seen')
  return views.map(view => phrases[view](explanation, when)).join('; ')
}

function windowPhrase({ window }: Explanation, when: string): string {
  const { minutes, observed, expected } = window
  const span = minutes === 1 ? '' : ` over ${spelledOut(minutes * MINUTE_MS)}`
  if (expected >= 1) return `${rounded(observed / expected)} times the expected count for a ${when}${span}`
  const unit = observed === 1 ? 'event' : 'events'
  return `${rounded(observed)} ${unit}${span}, ${rounded(expected)} expected for a ${when}`
}

function firstSeenPhrase(firstSeen: readonly FirstSeenExplanation[]): string {
  const named = firstSeen.filter(isSurprising).map(({ kind, newKeys }) => {
    const { one, many } = kindWords[kind]
    return `${newKeys} ${newKeys === 1 ? one : many}`
  })
  return `first seen: ${named.join(', ')}`
}

function isSurprising({ surprise, newKeys }: FirstSeenExplanation): boolean {
  return surprise >= 1 && newKeys > 0
}

/** "Sunday night", in the time zone given. */
function whenWords(minuteStart: number, timeZone: string): string {
  const format = timeZone === UTC ? inUtc : whenFormat(timeZone)
  const parts = format.formatToParts(minuteStart * 1000)
  const part = (wanted: 'weekday' | 'hour') => parts.find(({ type }) => type === wanted)?.value
  return `${part('weekday')} ${partOfDay(Number(part('hour')))}`
}

function partOfDay(hour: number): string {
  if (hour < 6 || hour >= 22) return 'night'
  if (hour < 12) return 'morning'
  return hour < 18 ? 'afternoon' : 'evening'
}

/** Two significant digits: 7, 1.5, 0.012, 120,000. */
function rounded(value: number): string {
  return twoDigits.format(Number(value.toPrecision(2)))
}
