import { MINUTE_MS } from '../../../../core/clock.ts'
import type { EntityKind } from '../../../../core/labels/event.ts'
import { scoreSeverities } from '../../../../core/score-severity.ts'
import { spelledOut } from '../../../../core/time/duration.ts'
import { anomalyConstants } from '../constants.ts'
import { largestViewOf } from './contributions.ts'
import { rounded } from './rounded.ts'
import type { Explanation, FirstSeenExplanation, WindowExplanation } from './score-result.ts'
import { usualPhrases } from './usual-words.ts'
import type { AnomalyView } from './views.ts'
import { UTC, whenWords } from './when-words.ts'

const kindWords: Readonly<Record<EntityKind, { readonly one: string; readonly many: string }>> = {
  identity: { one: 'identity', many: 'identities' },
  address: { one: 'address', many: 'addresses' },
  device: { one: 'device', many: 'devices' },
  zone_pair: { one: 'pair of zones', many: 'pairs of zones' },
}

type Phrase = (explanation: Explanation, when: string) => string

/** What a view says where it is not a window of counts. */
const otherPhrases: Partial<Readonly<Record<AnomalyView, Phrase>>> = {
  shortfall: ({ shortfall, window }) => shortfallPhrase(shortfall ?? window),
  silence: ({ silence }) =>
    `no events for ${spelledOut(silence.minutes * MINUTE_MS)}, ${rounded(silence.missed)} expected`,
  first_seen: ({ firstSeen }) => firstSeenPhrase(firstSeen),
}

/**
 * Why a minute has its score, and what is usual then: "7 times the expected count for a Saturday night over 8 minutes;
 * first seen: 3 addresses; usual: a daily job at 03:10 UTC brings 40". The strongest view comes first; first-seen
 * entities are named whenever they are surprising.
 *
 * @param timeZone IANA name for weekdays and times of day. Default: UTC
 */
export function inWords(explanation: Explanation, timeZone = UTC): string {
  const { score, samplesSeen, contributions, firstSeen } = explanation
  if (score === undefined)
    return `no score yet: ${samplesSeen} of the first ${anomalyConstants.count.warmUp} minutes are learnt`
  const when = whenWords(explanation, timeZone)
  const usual = usualPhrases(explanation, timeZone).join(', ')
  if (score < scoreSeverities.low) return `as expected for a ${when}${usual === '' ? '' : `: ${usual}`}`
  const strongest = largestViewOf(contributions)
  const view = (otherPhrases[strongest] ?? windowPhrase)(explanation, when)
  const isFirstSeenToo = strongest !== 'first_seen' && firstSeen.some(isSurprising)
  return [
    view,
    ...(isFirstSeenToo ? [firstSeenPhrase(firstSeen)] : []),
    ...(usual === '' ? [] : [`usual: ${usual}`]),
  ].join('; ')
}

/** What is usual at this time beyond the rhythm of the day, where there is something to say: for minutes as expected. */
export function usualInWords(explanation: Explanation, timeZone = UTC): string | undefined {
  const phrases = usualPhrases(explanation, timeZone)
  return phrases.length === 0 ? undefined : `usual for a ${whenWords(explanation, timeZone)}: ${phrases.join(', ')}`
}

function windowPhrase({ window }: Explanation, when: string): string {
  const { minutes, observed, expected } = window
  const over = `over ${spelledOut(minutes * MINUTE_MS)}`
  if (expected >= 1) return `${rounded(observed / expected)} times the expected count for a ${when} ${over}`
  return `${counted(observed)} ${over}, ${rounded(expected)} expected for a ${when}`
}

function shortfallPhrase({ minutes, observed, expected }: WindowExplanation): string {
  return `${counted(observed)} in ${spelledOut(minutes * MINUTE_MS)}, ${rounded(expected)} expected`
}

const counted = (events: number) => `${rounded(events)} ${events === 1 ? 'event' : 'events'}`

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
