import { setImmediate as breathe, setTimeout as pause } from 'node:timers/promises'

/** Milliseconds between two looks for work. */
const IDLE_MS = 200

/** Work that is done in short turns beside everything else, as soon as there is some. */
export class Background {
  readonly #turn: () => boolean
  readonly #abort = new AbortController()
  #running: Promise<void> = Promise.resolve()

  /** @param turn a bounded piece of the work; true where more is left */
  constructor(turn: () => boolean) {
    this.#turn = turn
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Resolves when no turn is under way. Pending work is lost. */
  async stop(): Promise<void> {
    this.#abort.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort
    while (!signal.aborted) {
      if (this.#turn()) await breathe()
      else await pause(IDLE_MS, undefined, { signal }).catch(() => undefined)
    }
  }
}
