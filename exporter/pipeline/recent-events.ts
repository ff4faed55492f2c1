import type { SecurityEvent } from '../../core/event.ts'

/** The events that were read last, for the page: a ring that is never longer than its capacity. */
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

  /** The newest first: sources and pairs of lines are not read in the order of time. Of equal times the last read first. */
  list(): readonly SecurityEvent[] {
    const read = [...this.#ring.slice(this.#at), ...this.#ring.slice(0, this.#at)]
    return read.reverse().sort((one, other) => other.eventTime - one.eventTime)
  }
}
