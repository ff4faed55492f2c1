import type { SecurityEvent } from '../../core/event.ts'

/** The newest events, for the page: a ring that is never longer than its capacity. */
export class RecentEvents {
  readonly #ring: SecurityEvent[] = []
  readonly #capacity: number
  #at = 0

  constructor(capacity = 200) {
    this.#capacity = capacity
  }

  add(event: SecurityEvent): void {
    this.#ring[this.#at] = event
    this.#at = (this.#at + 1) % this.#capacity
  }

  /** The newest first. */
  list(): readonly SecurityEvent[] {
    return [...this.#ring.slice(this.#at), ...this.#ring.slice(0, this.#at)].reverse()
  }
}
