import { quantileSorted } from 'simple-statistics'
import type { EpochMs } from '../../core/clock.ts'
import type { LedgerActionKind, LedgerIncident, LedgerPeriod } from '../../service/views/ledger-view.ts'

/** When something happened, and the incident that it happened to. */
export interface Occurrence {
  readonly incident: string
  readonly time: EpochMs
}

/** One time that passed. */
export interface Delay extends Occurrence {
  /** Milliseconds. */
  readonly delay: number
}

/** Of a distribution of times, milliseconds. */
export interface DelaySummary {
  readonly median: number
  readonly p95: number
  readonly count: number
}

/** The first time of each incident at which one of these was done. */
export function firstOccurrences(
  { actions }: LedgerPeriod,
  kinds: readonly LedgerActionKind[],
): ReadonlyMap<string, Occurrence> {
  const first = new Map<string, Occurrence>()
  for (const { kind, incident, time } of actions) {
    if (kinds.includes(kind) && !first.has(incident)) first.set(incident, { incident, time })
  }
  return first
}

/** What ends the time in which nobody had decided; a proposal still waits for a person, and one that lapsed never had one. */
const DECISIONS: readonly LedgerActionKind[] = ['decided', 'observed', 'refused', 'rejected']

/** Incidents of the period on which nothing was decided in it; a proposal that lapsed is one. */
export function undecided(period: LedgerPeriod): readonly LedgerIncident[] {
  const decided = firstOccurrences(period, DECISIONS)
  return period.incidents.filter(({ id }) => !decided.has(id))
}

/**
 * Blocks that turned out to be wrong: an operator released one before its time, or added its address to the allowlist,
 * which releases it; or a person rejected to act on the same target again after it was blocked in the period. Each block
 * counts once, at the time at which that was said.
 */
export function falseBlocks({ actions }: LedgerPeriod): readonly Occurrence[] {
  const blocks = new Map<string, string>()
  const wrong = new Map<string, Occurrence>()
  for (const { kind, incident, target, time } of actions) {
    if (kind === 'enforced' && target !== '') blocks.set(target, incident)
    if (kind === 'released' && !wrong.has(incident)) wrong.set(incident, { incident, time })
    const blocked = kind === 'rejected' ? blocks.get(target) : undefined
    if (blocked !== undefined && blocked !== incident && !wrong.has(blocked))
      wrong.set(blocked, { incident: blocked, time })
  }
  return [...wrong.values()]
}

/** From the first event that an alert counts until the alert fires, where its rule names that event. */
export function timesToDetect({ incidents }: LedgerPeriod): readonly Delay[] {
  return incidents.flatMap(({ id, firedAt, firstEvent }) =>
    firedAt === null || firstEvent === null ? [] : delayOf(id, firstEvent, firedAt),
  )
}

/** From the receipt of the first alert of an incident until the service or a person has decided. */
export const timesToDecide = (period: LedgerPeriod): readonly Delay[] => timesUntil(period, DECISIONS)

/** From the receipt of the first alert of an incident until the first step that acts is in force. */
export const timesToContain = (period: LedgerPeriod): readonly Delay[] => timesUntil(period, ['enforced'])

function timesUntil(period: LedgerPeriod, kinds: readonly LedgerActionKind[]): readonly Delay[] {
  const first = firstOccurrences(period, kinds)
  return period.incidents.flatMap(({ id, receivedAt }) => {
    const end = first.get(id)
    return end === undefined || receivedAt === null ? [] : delayOf(id, receivedAt, end.time)
  })
}

/** A clock that was set back makes no time negative: such a time is not known. */
const delayOf = (incident: string, from: EpochMs, to: EpochMs): readonly Delay[] =>
  to < from ? [] : [{ incident, time: to, delay: to - from }]

/** Null where there is none. */
export function summaryOf(delays: readonly Delay[]): DelaySummary | null {
  if (delays.length === 0) return null
  const sorted = delays.map(({ delay }) => delay).sort((a, b) => a - b)
  return { median: quantileSorted(sorted, 0.5), p95: quantileSorted(sorted, 0.95), count: sorted.length }
}
