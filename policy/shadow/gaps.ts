import { HOUR_MS } from '../../core/clock.ts'
import { counted, timestamp } from '../../service/page/words.ts'
import type { Silence } from './coverage.ts'
import type { HistoryGap } from './history.ts'

/** Silences of one source that are listed; of more, the longest are. */
const MAX_LISTED = 10

/** A sentence for each silence, and one for those of a source that are left out. */
export function silenceGaps(silences: readonly Silence[]): readonly HistoryGap[] {
  return [...Map.groupBy(silences, ({ source }) => source)].flatMap(([source, all]) => {
    const listed = all.toSorted((a, b) => lengthOf(b) - lengthOf(a)).slice(0, MAX_LISTED)
    const sentences = listed
      .toSorted((a, b) => a.since - b.since)
      .map(({ since, until }) => {
        const hours = counted((until - since) / HOUR_MS, 'hour')
        return `${source} has no record from ${timestamp(since)} to ${timestamp(until)} (${hours})`
      })
    const others = all.length - listed.length
    if (others > 0) sentences.push(`${source} has no record in ${counted(others, 'shorter period')} besides`)
    return sentences.map(sentence => ({ kind: 'silent' as const, sentence }))
  })
}

const lengthOf = ({ since, until }: Silence): number => until - since

/** @param dialect whose records say so */
export const lossGap = (source: string, dialect: string, records: number): HistoryGap => ({
  kind: 'lost',
  sentence: `${source}: ${dialect} says that it lost ${counted(records, 'record')}; every count may be too low`,
})
