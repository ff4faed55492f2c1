import { type Clock, type EpochMs, MINUTE_MS } from '../../../core/clock.ts'
import type { Json } from '../../../service/state/state.ts'
import { type CommandOptions, firstWords, runCommand } from './command.ts'
import { type Piece, pieceOf, pieceStarts, type SnapshotInput } from './input.ts'
import { bodyOf, reportedError, valuesOf } from './values.ts'

/** Key of the cursor: when the command was run last. */
const RUN = 'run'

export interface CommandInputOptions extends CommandOptions {
  /** Between the beginnings of two runs, milliseconds. */
  readonly interval: number
  readonly clock: Pick<Clock, 'now'>
}

/** Runs a command at an interval, also over restarts; each run that succeeds brings what it wrote. */
export class CommandInput implements SnapshotInput {
  readonly lag = 0
  readonly #options: CommandInputOptions
  #due: EpochMs = Number.NEGATIVE_INFINITY
  #trouble: string | undefined

  constructor(options: CommandInputOptions, cursor: ReadonlyMap<string, Json>) {
    this.#options = options
    const saved = cursor.get(RUN)
    if (typeof saved === 'number') this.#due = saved + options.interval
  }

  async *look(signal: AbortSignal): AsyncGenerator<Piece> {
    const { clock, interval } = this.#options
    const begun = clock.now()
    // Where the clock was set back it is due by the interval at the latest.
    if (begun < this.#due && this.#due - begun <= interval) {
      yield this.#nothing()
      return
    }
    const outcome = await this.#run(signal)
    if (signal.aborted) return
    if ('trouble' in outcome) {
      this.#trouble = outcome.trouble
      this.#due = begun + Math.min(interval, MINUTE_MS)
      yield this.#nothing()
      return
    }
    this.#trouble = undefined
    this.#due = begun + interval
    yield* this.#pieces(outcome.values, begun)
  }

  /** A run whose output was not taken in to its end is repeated after a restart. */
  *#pieces(values: readonly unknown[], begun: EpochMs): Generator<Piece> {
    const starts = pieceStarts(values.length)
    for (const start of starts) {
      const records = pieceOf(values, start).map((value, index) => {
        return { id: `${begun}#${start + index}`, body: bodyOf(value, begun) }
      })
      const isLast = start === starts.at(-1)
      yield isLast ? { records, cursor: [{ key: RUN, value: begun }], end: {} } : { records, cursor: [] }
    }
  }

  #nothing(): Piece {
    return { records: [], cursor: [], end: { trouble: this.#trouble } }
  }

  /** A command that reports findings may end with another code than 0: what it wrote decides. */
  async #run(signal: AbortSignal): Promise<{ values: readonly unknown[] } | { trouble: string }> {
    const outcome = await runCommand(this.#options, signal)
    if ('failure' in outcome) return { trouble: `The command ${outcome.failure}.` }
    const { code, stdout, stderr } = outcome
    const values = valuesOf(stdout)
    if (values === undefined) {
      const words = firstWords(stderr)
      const said = words === '' ? '' : `: ${words}`
      return { trouble: `The command wrote no JSON and ended with code ${code}${said}; run it by hand as this user.` }
    }
    const error = reportedError(values)
    return error === undefined ? { values } : { trouble: `The command reports an error: ${firstWords(error)}.` }
  }
}
