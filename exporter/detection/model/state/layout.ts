/** How many numbers of each kind a state holds. */
export interface Room {
  readonly numbers: number
  readonly singles: number
  readonly wholes: number
}

interface Initial {
  readonly at: number
  readonly count: number
  readonly value: number
}

/**
 * Where the numbers of a kind of scorer have their places. The parts of the scorer ask for places once, when they are
 * constructed; afterwards there is one state for each series and one set of parts for all of them.
 */
export class Layout {
  readonly #initial: Initial[] = []
  readonly #rooms: Room[] = []
  #numbers = 0
  #singles = 0
  #wholes = 0
  #sketches = 0
  #binStarts = 0

  /** Places of `count` numbers of 64 bits, which begin as `initial`. @returns the first place */
  numbers(count = 1, initial = 0): number {
    const at = this.#numbers
    this.#numbers += count
    if (initial !== 0) this.#initial.push({ at, count, value: initial })
    return at
  }

  /** Places of `count` numbers of 32 bits, which begin as 0. @returns the first place */
  singles(count = 1): number {
    const at = this.#singles
    this.#singles += count
    return at
  }

  /** Places of `count` whole numbers from 0 to 65,535, which begin as 0. @returns the first place */
  wholes(count = 1): number {
    const at = this.#wholes
    this.#wholes += count
    return at
  }

  /** @returns the number of one more tail sketch; before the first `endRoom` */
  sketch(): number {
    return this.#sketches++
  }

  /** Ends what every state holds from the beginning, or one more piece that is added when it is needed. */
  endRoom(): void {
    if (this.#rooms.length === 0) this.#binStarts = this.wholes(this.#sketches + 1)
    this.#rooms.push({ numbers: this.#numbers, singles: this.#singles, wholes: this.#wholes })
  }

  get sketches(): number {
    return this.#sketches
  }

  /** Place among the whole numbers from which the starts of the sketches' bins are kept, one for each and the end. */
  get binStarts(): number {
    return this.#binStarts
  }

  /** The room after `pieces` pieces were added. */
  room(pieces: number): Room {
    const room = this.#rooms[pieces]
    if (room === undefined) throw new RangeError(`a layout of ${this.#rooms.length} rooms has no room ${pieces}`)
    return room
  }

  /** Puts the initial values of the places from `first` on into numbers that were never used. */
  initialise(numbers: Float64Array, first: number): void {
    for (const { at, count, value } of this.#initial) {
      if (at >= first && at < numbers.length) numbers.fill(value, at, at + count)
    }
  }
}
