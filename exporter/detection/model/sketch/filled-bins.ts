import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import { BIN_COUNT } from './bins.ts'

const WORD_BITS = 16
const WORDS = Math.ceil(BIN_COUNT / WORD_BITS)
/** Room for weights that is made at once, beside a sixteenth of what there is. */
const GROWTH = 24

/**
 * The bins of one sketch that have weight, a tenth to a half of all: a bit for each bin, and the weights of those with a
 * bit in one array for all sketches of a state, lowest bin first. Places are indices of that array.
 */
export class FilledBins {
  /** Number of the sketch. */
  readonly #sketch: number
  readonly #bits: number

  constructor(layout: Layout, sketch: number) {
    this.#sketch = sketch
    this.#bits = layout.wholes(WORDS)
  }

  /** Place of the lowest filled bin. */
  begin(state: ScorerState): number {
    return state.wholes[state.binStarts + this.#sketch] as number
  }

  /** Place after that of the highest filled bin. */
  end(state: ScorerState): number {
    return state.wholes[state.binStarts + this.#sketch + 1] as number
  }

  isFilled({ wholes }: ScorerState, bin: number): boolean {
    return (((wholes[this.#bits + (bin >> 4)] as number) >> (bin & 15)) & 1) === 1
  }

  /** Place of a filled bin; of another one the place where it would be put. */
  place(state: ScorerState, bin: number): number {
    const { wholes } = state
    const last = this.#bits + (bin >> 4)
    let place = this.begin(state) + ones((wholes[last] as number) & ((1 << (bin & 15)) - 1))
    for (let word = this.#bits; word < last; word++) place += ones(wholes[word] as number)
    return place
  }

  /** The filled bin at a place. */
  binAt(state: ScorerState, place: number): number {
    let above = this.end(state) - 1 - place
    let word = this.#bits + WORDS - 1
    let bits = state.wholes[word] as number
    for (let count = ones(bits); count <= above; count = ones(bits)) {
      above -= count
      bits = state.wholes[--word] as number
    }
    for (; above > 0; above--) bits ^= highest(bits)
    return (word - this.#bits) * WORD_BITS + 31 - Math.clz32(bits)
  }

  /** Adds weight to a bin, whose `place` this is. */
  add(state: ScorerState, bin: number, place: number, weight: number): void {
    if (!this.isFilled(state, bin)) this.#insert(state, bin, place)
    state.bins[place] = (state.bins[place] as number) + weight
  }

  halve(state: ScorerState): void {
    const end = this.end(state)
    for (let place = this.begin(state); place < end; place++) state.bins[place] = (state.bins[place] as number) / 2
  }

  /** Bins and weights, lowest bin first. */
  *entries(state: ScorerState): Generator<readonly [bin: number, weight: number]> {
    let place = this.begin(state)
    for (let bin = 0; bin < BIN_COUNT; bin++) {
      if (this.isFilled(state, bin)) yield [bin, state.bins[place++] as number]
    }
  }

  clear(state: ScorerState): void {
    const begin = this.begin(state)
    const count = this.end(state) - begin
    state.bins.copyWithin(begin, begin + count)
    this.#move(state, -count)
    state.wholes.fill(0, this.#bits, this.#bits + WORDS)
  }

  #insert(state: ScorerState, bin: number, place: number): void {
    const { wholes, binStarts, sketches } = state
    const used = wholes[binStarts + sketches] as number
    if (used === state.bins.length) {
      const larger = new Float32Array(used + GROWTH + (used >> 4))
      larger.set(state.bins)
      state.bins = larger
    }
    state.bins.copyWithin(place + 1, place, used)
    state.bins[place] = 0
    this.#move(state, 1)
    const word = this.#bits + (bin >> 4)
    wholes[word] = (wholes[word] as number) | (1 << (bin & 15))
  }

  /** The bins of all later sketches have moved. */
  #move({ wholes, binStarts, sketches }: ScorerState, by: number): void {
    for (let sketch = this.#sketch + 1; sketch <= sketches; sketch++) {
      wholes[binStarts + sketch] = (wholes[binStarts + sketch] as number) + by
    }
  }
}

/** Number of bits that are set, of 16. */
function ones(word: number): number {
  const pairs = word - ((word >> 1) & 0x5555)
  const fours = (pairs & 0x3333) + ((pairs >> 2) & 0x3333)
  const eights = (fours + (fours >> 4)) & 0x0f0f
  return (eights + (eights >> 8)) & 0x1f
}

/** The highest bit that is set, alone. */
function highest(word: number): number {
  return 1 << (31 - Math.clz32(word))
}
