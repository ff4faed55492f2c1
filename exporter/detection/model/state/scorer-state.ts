import type { Layout } from './layout.ts'
import type { RecencyTable } from './recency-table.ts'

/** The 16-bit value of a count that does not fit into 16 bits. */
const LARGE = 65_535
const NO_BINS = new Float32Array(0)

/**
 * Everything that one scorer remembers, as plain numbers in as few arrays as possible: an array of its own costs more
 * than many parts have to say. The parts of a scorer hold no state; they know their places (see `Layout`) and are given
 * the state to work on.
 */
export class ScorerState {
  readonly #layout: Layout
  #pieces = 0
  numbers: Float64Array
  singles: Float32Array
  wholes: Uint16Array
  /** Counts that 16 bits cannot hold, by their place. */
  #large: Map<number, number> | undefined
  /** Weights of the filled bins of all tail sketches, one sketch after the other (see `TailSketch`). */
  bins: Float32Array = NO_BINS
  /** What sketches have collected in their warm-up, by the number of the sketch; undefined where none collects. */
  warmUps: Map<number, number[]> | undefined
  /** Times and values of the hold-off, in turn (see `RunningMaximum`). */
  readonly holdOff: number[] = []
  /** Known keys of all kinds; undefined before the first. */
  keys: RecencyTable | undefined
  /** The newest keys of each kind that has appeared, as JSON. */
  readonly newest: string[] = []

  constructor(layout: Layout) {
    this.#layout = layout
    this.numbers = new Float64Array(0)
    this.singles = new Float32Array(0)
    this.wholes = new Uint16Array(0)
    this.#enlarge()
  }

  /** Place among the whole numbers from which the starts of the sketches' bins are kept. */
  get binStarts(): number {
    return this.#layout.binStarts
  }

  get sketches(): number {
    return this.#layout.sketches
  }

  /** The number at a place. */
  get(place: number): number {
    return this.numbers[place] as number
  }

  set(place: number, value: number): void {
    this.numbers[place] = value
  }

  add(place: number, value: number): void {
    this.numbers[place] = (this.numbers[place] as number) + value
  }

  /** Makes room for one more piece of the layout. */
  addPiece(): void {
    this.#pieces++
    this.#enlarge()
  }

  /** A count of events at a place among the whole numbers, however large. */
  count(place: number): number {
    const value = this.wholes[place] as number
    return value === LARGE ? (this.#large?.get(place) ?? LARGE) : value
  }

  setCount(place: number, count: number): void {
    if (this.wholes[place] === LARGE) this.#large?.delete(place)
    const fits = count < LARGE && Number.isInteger(count)
    this.wholes[place] = fits ? count : LARGE
    if (fits) return
    this.#large ??= new Map()
    this.#large.set(place, count)
  }

  /** False where a number is none, or infinite; −∞ stands for a time before every other. */
  isSound(): boolean {
    const isSound = (value: number) => value < Number.POSITIVE_INFINITY
    return this.numbers.every(isSound) && this.singles.every(isSound)
  }

  #enlarge(): void {
    const { numbers, singles, wholes } = this.#layout.room(this.#pieces)
    const singlesAt = numbers * Float64Array.BYTES_PER_ELEMENT
    const wholesAt = singlesAt + singles * Float32Array.BYTES_PER_ELEMENT
    const memory = new ArrayBuffer(wholesAt + wholes * Uint16Array.BYTES_PER_ELEMENT)
    const before = this.numbers
    const singlesBefore = this.singles
    const wholesBefore = this.wholes
    this.numbers = new Float64Array(memory, 0, numbers)
    this.singles = new Float32Array(memory, singlesAt, singles)
    this.wholes = new Uint16Array(memory, wholesAt, wholes)
    this.numbers.set(before)
    this.singles.set(singlesBefore)
    this.wholes.set(wholesBefore)
    this.#layout.initialise(this.numbers, before.length)
  }
}
