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
 * Minimum size of a slice in bytes: a few milliseconds of work. Smaller slices would block the event loop for less time,
 * but a scrape waits for a turn of it after each, and beside a busy reader a turn takes many milliseconds.
 */
const SLICE_BYTES = 256 * 1024
/** Room for the last line of a slice; a longer one moves the slice. */
const LINE_BYTES = 4 * 1024
/** Of a UTF-16 unit in UTF-8, at most. */
const UNIT_BYTES = 3

/** The text of a slice in UTF-8. Encoded piece by piece, it never exists as one string, which would be copied twice more. */
class Slice {
  size = 0
  #bytes = Buffer.allocUnsafe(SLICE_BYTES + LINE_BYTES)

  add(text: string): void {
    const needed = this.size + text.length * UNIT_BYTES
    if (needed > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes.subarray(0, this.size)], 2 * needed)
    this.size += this.#bytes.write(text, this.size)
  }

  /** What was written; the slice begins again. */
  take(): Buffer {
    const written = this.#bytes.subarray(0, this.size)
    this.#bytes = Buffer.allocUnsafe(SLICE_BYTES + LINE_BYTES)
    this.size = 0
    return written
  }
}

/**
 * The text of the families in slices, with a turn of the event loop after each. The size of a slice is measured by its
 * text, since series with long label values take more time than others.
 *
 * @param families each is rendered before the next one is requested
 */
export async function* renderSlices(families: Iterable<FamilySnapshot>): AsyncGenerator<Buffer, void, void> {
  const slice = new Slice()
  for (const { header, samples, values, exemplars } of families) {
    if (samples.length === 0) continue
    slice.add(header)
    for (let index = 0; index < samples.length; index++) {
      slice.add((samples[index] as FamilySnapshot['samples'][number]).prefix)
      slice.add(sampleValue(values[index] ?? Number.NaN))
      const exemplar = exemplars?.[index]
      slice.add(exemplar === undefined ? '\n' : `${exemplarText(exemplar)}\n`)
      if (slice.size >= SLICE_BYTES) {
        yield slice.take()
        await eventLoopTurn()
      }
    }
  }
  if (slice.size > 0) yield slice.take()
}
