/**
 * A token bucket of `burst` tokens, with one more every `interval` milliseconds. An interval of 0 disables the limit.
 */
export class TokenBucket {
  readonly #interval: number
  readonly #burst: number
  #tokens: number
  #filledAt: number

  /** @param now monotonic milliseconds */
  constructor(limit: { readonly interval: number; readonly burst: number }, now: number) {
    this.#interval = limit.interval
    this.#burst = limit.burst
    this.#tokens = limit.burst
    this.#filledAt = now
  }

  /** Takes a token; false if there is none. */
  take(now: number): boolean {
    if (this.#interval === 0) return true
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#filledAt) / this.#interval)
    this.#filledAt = now
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}
