import type { Fault } from '../../core/errors.ts'

/** After that many requests in a row without an answer, a store is given up for the rest of a report. */
const MOST = 2

/**
 * Remembers that a store does not answer, so that a report waits for it twice and not once for each control. Each further
 * request fails at once with the same words.
 */
export class ConsecutiveFailures {
  #count = 0
  #last: Fault | undefined

  /** @throws Fault that of the last request, where the store is given up */
  check(): void {
    if (this.#last !== undefined && this.#count >= MOST) throw this.#last
  }

  /** @param isFinal true where another request would fail in the same way */
  failed(failure: Fault, isFinal = false): void {
    this.#count = isFinal ? MOST : this.#count + 1
    this.#last = failure
  }

  answered(): void {
    this.#count = 0
  }
}
