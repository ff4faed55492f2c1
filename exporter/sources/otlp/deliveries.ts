import type { Delivery, Receipt } from '../../contracts/source.ts'

/** Bytes of the deliveries that wait to be read, together. The bodies of all requests have the same limit. */
const MAX_WAITING_BYTES = 64 * 2 ** 20

/** A delivery that waits, and the one who waits for its receipt. */
export interface WaitingDelivery {
  readonly delivery: Delivery
  /** Called once. */
  readonly answer: (receipt: Receipt) => void
}

/** Deliveries in the order in which they came, until they are read. */
export class Deliveries {
  readonly #waiting: WaitingDelivery[] = []
  #bytes = 0
  #isOpen = false
  #arrived = Promise.withResolvers<void>()

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  /** Resolves when there is one. */
  get arrived(): Promise<void> {
    return this.#arrived.promise
  }

  open(): void {
    this.#isOpen = true
  }

  /** Answers those that wait, and takes none any more. */
  close(): void {
    this.#isOpen = false
    for (const { answer } of this.#waiting.splice(0)) answer(stopped)
    this.#bytes = 0
  }

  add(delivery: Delivery): Promise<Receipt> {
    if (!this.#isOpen) return Promise.resolve(stopped)
    if (this.#bytes + delivery.body.length > MAX_WAITING_BYTES) return Promise.resolve(full)
    const { promise, resolve } = Promise.withResolvers<Receipt>()
    this.#waiting.push({ delivery, answer: resolve })
    this.#bytes += delivery.body.length
    this.#arrived.resolve()
    return promise
  }

  take(): WaitingDelivery | undefined {
    const first = this.#waiting.shift()
    if (first === undefined) return undefined
    this.#bytes -= first.delivery.body.length
    if (this.isEmpty) this.#arrived = Promise.withResolvers()
    return first
  }
}

/** The receipt while the source is not being read. */
export const stopped: Receipt = {
  outcome: 'unavailable',
  sentence: 'The exporter is starting, reloading or stopping; try again.',
}
const full: Receipt = { outcome: 'unavailable', sentence: 'Too many log records wait to be counted; try again.' }
