import { visible } from '../service/page/visible.ts'
import type { Terminal } from './context.ts'

const ERASE_LINE = '\r\u001b[K'
/** Minimum time between two drawings in a terminal, and between two lines of a log. Milliseconds. */
const PAUSE_MS = { terminal: 100, log: 10_000 }

/** Shows what a long command is doing: in the last line of a terminal, seldom in a log. */
export class ProgressLine {
  readonly #terminal: Terminal
  readonly #now: () => number
  #drawnAt: number
  #isDrawn = false

  /** @param now monotonic milliseconds */
  constructor(terminal: Terminal, now: () => number) {
    this.#terminal = terminal
    this.#now = now
    // A command that ends soon shows nothing.
    this.#drawnAt = now()
  }

  update(doing: string): void {
    const { isTTY = false, columns } = this.#terminal
    const now = this.#now()
    if (now - this.#drawnAt < (isTTY ? PAUSE_MS.terminal : PAUSE_MS.log)) return
    this.#drawnAt = now
    const line = visible(doing)
    // Some terminals report a width of 0.
    if (isTTY) this.#terminal.write(`${ERASE_LINE}${line.slice(0, (columns || 80) - 1)}`)
    else this.#terminal.write(`${line}\n`)
    this.#isDrawn = isTTY
  }

  clear(): void {
    if (this.#isDrawn) this.#terminal.write(ERASE_LINE)
    this.#isDrawn = false
  }
}
