import { setImmediate as breathe } from 'node:timers/promises'
import fc from 'fast-check'
import type { DecodedLine, DecodedLines, LinesDecoding } from '../../../../exporter/contracts/lines-decoding.ts'
import { createLinesDecoder } from '../../../../exporter/sources/file/decoding/decode-lines.ts'
import { echo } from './following.ts'

/** What becomes of the chunks that are given to a thread, one after the other. */
type Fate = 'refused' | 'ended' | 'at once' | 'late' | 'shared'

/** Decodes chunks elsewhere, as a thread does that may not be there or end at any time. */
export class FatefulDecoding implements LinesDecoding {
  readonly #decode = createLinesDecoder([echo])
  readonly #fates: readonly Fate[]
  #chunks = 0
  /** What takes a chunk back, by its promise; until the thread begins with the chunk. */
  readonly #waiting = new Map<Promise<DecodedLines>, () => void>()

  constructor(fates: readonly Fate[]) {
    this.#fates = fates
  }

  decode(chunk: Buffer) {
    const fate = this.#fates[this.#chunks++ % this.#fates.length] ?? 'refused'
    return fate === 'refused' ? undefined : this.#later(chunk, fate)
  }

  takeBack(lines: Promise<DecodedLines>): boolean {
    const reject = this.#waiting.get(lines)
    reject?.()
    return this.#waiting.delete(lines)
  }

  #later(chunk: Buffer, fate: Fate): Promise<DecodedLines> {
    const { promise, resolve, reject } = Promise.withResolvers<DecodedLines>()
    if (fate === 'shared') this.#waiting.set(promise, () => reject(new Error('the caller has taken it back')))
    void this.#begin(promise, fate === 'late' || fate === 'shared' ? 20 : 0).then(isOurs => {
      if (!isOurs) return
      if (fate === 'ended') reject(new Error('the thread has ended'))
      else resolve(this.#decoded(chunk))
    })
    return promise
  }

  /** @returns false where the chunk was taken back meanwhile */
  async #begin(lines: Promise<DecodedLines>, turns: number): Promise<boolean> {
    const isShared = this.#waiting.has(lines)
    for (let turn = turns; turn >= 0; turn--) await breathe()
    return this.#waiting.delete(lines) || !isShared
  }

  #decoded(chunk: Buffer): DecodedLines {
    const lines: DecodedLine[] = []
    const passed = this.#decode(chunk, (start, decoded) => lines.push({ start, decoded }))
    return { lines, ...passed }
  }
}

const fate = fc.constantFrom<Fate>('refused', 'ended', 'at once', 'late', 'shared')
/** A chunk of 2 KiB holds about one line, so that every way of cutting comes about. */
export const decodedElsewhere = fc.record({
  fates: fc.array(fate, { minLength: 1 }),
  readBytes: fc.constantFrom(2048, 16_384),
})
