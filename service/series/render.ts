import { setImmediate as eventLoopTurn } from 'node:timers/promises'
import { type Exemplar, exemplarText } from './open-metrics.ts'
import { sampleValue } from './text-format.ts'

/** A family at one moment: its samples' lines up to the value, and the values in the same order. */
export interface FamilySnapshot {
  readonly header: string
  readonly samples: readonly { readonly prefix: string }[]
  readonly values: Float64Array
  /** In the same order; only where the format has exemplars and there is one. */
  readonly exemplars?: readonly (Exemplar | undefined)[]
}

/**
 * Minimum length of a slice in UTF-16 units: a few milliseconds of work. Shorter slices would block the event loop for
 * less time, but a scrape waits for a turn of it after each, and beside a busy reader a turn takes many milliseconds.
 */
const SLICE_LENGTH = 256 * 1024

/**
 * The text of the families in slices, with a turn of the event loop after each. The size of a slice is measured by its
 * text, since series with long label values take more time than others.
 *
 * @param families each is rendered before the next one is requested
 */
export async function* renderSlices(families: Iterable<FamilySnapshot>): AsyncGenerator<string, void, void> {
  let slice = ''
  for (const { header, samples, values, exemplars } of families) {
    if (samples.length === 0) continue
    slice += header
    for (const [index, { prefix }] of samples.entries()) {
      const exemplar = exemplars?.[index]
      const end = exemplar === undefined ? '\n' : `${exemplarText(exemplar)}\n`
      slice += `${prefix}${sampleValue(values[index] ?? Number.NaN)}${end}`
      if (slice.length >= SLICE_LENGTH) {
        yield slice
        slice = ''
        await eventLoopTurn()
      }
    }
  }
  if (slice !== '') yield slice
}
