import type {
  BlobValue,
  MinuteValue,
  SavedBlob,
  SavedMinutes,
  SavedState,
  StateTransaction,
} from '../../../service/state/state.ts'

/** What an empty state database gives back after this one commit. */
export function savedState(transaction: StateTransaction): SavedState {
  const { blobs, ...others } = transaction
  const { minutes, ...rest } = JSON.parse(JSON.stringify(others))
  const saved = new SavedBlobs()
  saved.add(blobs)
  return { ...rest, minutes: savedMinutes(minutes), blobs: saved.all() }
}

/** The blobs that a state database holds after the commits that were given to it. */
export class SavedBlobs {
  readonly #byName = new Map<string, Uint8Array>()

  add(changes: readonly BlobValue[]): void {
    for (const { name, value } of changes) {
      if (value === null) this.#byName.delete(name)
      else this.#byName.set(name, value.slice())
    }
  }

  all(): SavedBlob[] {
    return [...this.#byName].map(([name, value]) => ({ name, value }))
  }
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
