import type { MinuteValue, SavedMinutes, SavedState, StateTransaction } from '../../../service/state/state.ts'

/** What an empty state database gives back after this one commit. */
export function savedState(transaction: StateTransaction): SavedState {
  const { minutes, ...rest } = JSON.parse(JSON.stringify(transaction))
  return { ...rest, minutes: savedMinutes(minutes) }
}

/** Minutes as a state database gives them back: two columns for each series, oldest first. */
export function savedMinutes(minutes: Iterable<MinuteValue>): SavedMinutes[] {
  const bySeries = Map.groupBy(minutes, ({ series }) => JSON.stringify(series))
  return [...bySeries].map(([labels, rows]) => {
    const ordered = rows.toSorted((a, b) => a.minute - b.minute)
    return {
      series: JSON.parse(labels),
      starts: Uint32Array.from(ordered, ({ minute }) => minute),
      counts: Float64Array.from(ordered, ({ count }) => count),
    }
  })
}
