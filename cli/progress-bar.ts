import type { Terminal, TextStream } from './context.ts'

const MAX_BAR_LENGTH = 40
/** Minimum time between two drawings, milliseconds. */
const PAUSE_MS = 100
const ERASE_LINE = '\r\u001b[K'

/**
 * Shows the progress of backfills in the last line of a terminal. The log is written through it, so that both stay
 * readable.
 */
export class ProgressBar implements TextStream {
  readonly #terminal: Terminal
  readonly #now: () => number
  readonly #shares = new Map<string, number>()
  #drawn = ''
  #drawnAt = Number.NEGATIVE_INFINITY

  /** @param now monotonic milliseconds */
  constructor(terminal: Terminal, now: () => number) {
    this.#terminal = terminal
    this.#now = now
  }

  /** Writes whole lines above the bar. */
  write(text: string): void {
    this.#terminal.write(this.#drawn === '' ? text : `${ERASE_LINE}${text}${this.#drawn}`)
  }

  /** @param share 0 to 1; the bar is removed when every backfill is at 1 */
  update(source: string, share: number): void {
    if (share < 1) this.#shares.set(source, share)
    else this.#shares.delete(source)
    if (share < 1 && this.#now() - this.#drawnAt < PAUSE_MS) return
    this.#drawnAt = this.#now()
    const line = this.#line()
    if (line === this.#drawn) return
    this.#drawn = line
    this.#terminal.write(`${ERASE_LINE}${line}`)
  }

  /** The backfill with the least progress, cut to one line so that it can be erased. */
  #line(): string {
    const [behind] = [...this.#shares].sort(([, a], [, b]) => a - b)
    if (behind === undefined) return ''
    const [source, share] = behind
    const more = this.#shares.size > 1 ? ` (and ${this.#shares.size - 1} more)` : ''
    const words = ` ${String(Math.floor(share * 100)).padStart(3)} % of the backfill of ${source}${more}`
    // Some terminals report a width of 0.
    const room = (this.#terminal.columns || 80) - 1
    const width = Math.max(0, Math.min(MAX_BAR_LENGTH, room - words.length))
    const filled = Math.floor(share * width)
    return `${'█'.repeat(filled)}${'░'.repeat(width - filled)}${words}`.slice(0, room)
  }
}
