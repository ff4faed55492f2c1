import { setImmediate as eventLoopTurn } from 'node:timers/promises'
import { sampleValue } from './text-format.ts'

/** A family as it was when a scrape started. `values` may be longer than `prefixes`; the rest is unused. */
export interface FamilySnapshot {
  readonly header: string
  readonly prefixes: readonly string[]
  readonly values: Float64Array
}

/** UTF-16 units of text after which a slice ends: about a millisecond of work. */
const SLICE_LENGTH = 64 * 1024

/**
 * The text of the families in slices, with a turn of the event loop after each. A slice is measured by its text, since
 * series with long label values cost more than others.
 */
export async function* renderSlices(families: readonly FamilySnapshot[]): AsyncGenerator<string, void, void> {
  let slice = ''
  for (const { header, prefixes, values } of families) {
    if (prefixes.length === 0) continue
    slice += header
    for (let index = 0; index < prefixes.length; index++) {
      slice += `${prefixes[index]}${sampleValue(values[index] ?? Number.NaN)}\n`
      if (slice.length >= SLICE_LENGTH) {
        yield slice
        slice = ''
        await eventLoopTurn()
      }
    }
  }
  if (slice !== '') yield slice
}
