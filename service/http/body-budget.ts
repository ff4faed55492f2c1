/**
 * How much of bodies may be read at once. Who signs is known only when the body is there: without a bound, many large
 * bodies of strangers would fill the memory.
 */
export class BodyBudget {
  readonly #limit: number
  #taken = 0

  /** @param limit bytes of all bodies together */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** False if the bytes exceed the remaining budget. */
  take(bytes: number): boolean {
    if (this.#taken + bytes > this.#limit) return false
    this.#taken += bytes
    return true
  }

  /** Gives back what was taken. */
  give(bytes: number): void {
    this.#taken -= bytes
  }
}
