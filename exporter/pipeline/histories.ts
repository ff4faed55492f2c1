import type { EpochMs } from '../../core/clock.ts'
import type { CursorValue } from '../../service/state/state.ts'
import { History, type HistoryOptions, isOfHistory } from './history.ts'
import type { Pairing } from './pairing.ts'

export interface HistoriesOptions extends Omit<HistoryOptions, 'source' | 'pairing'> {
  readonly pairingOf: (source: string) => Pairing
}

/** The pasts that are being read, by source. As long as there is one, every minute that closes is kept. */
export class Histories {
  readonly #options: HistoriesOptions
  readonly #bySource = new Map<string, History>()

  constructor(options: HistoriesOptions) {
    this.#options = options
  }

  get(source: string): History | undefined {
    return this.#bySource.get(source)
  }

  /** The one of this source, begun where it is not under way. */
  begin(source: string): History {
    const known = this.#bySource.get(source)
    if (known !== undefined) return known
    const history = new History({ source, pairing: this.#options.pairingOf(source), ...this.#options })
    this.#bySource.set(source, history)
    this.#options.minutes.keepAll()
    return history
  }

  /**
   * @param end where a series that was not heard of live begins to be read live
   * @returns true where no past is being read any more
   */
  finish(source: string, end: EpochMs): boolean {
    this.begin(source).finish(end)
    const isAllKnown = [...this.#bySource.values()].every(({ isComplete }) => isComplete)
    if (isAllKnown) this.#options.minutes.forgetAll()
    return isAllKnown
  }

  /** What must be saved anew of this source since it was last asked for. */
  changes(source: string): readonly CursorValue[] {
    const history = this.#bySource.get(source)
    if (history?.isComplete) this.#bySource.delete(source)
    return history?.changes() ?? []
  }

  /** Goes on with what was under way; before the minutes are restored. */
  restore(source: string, cursors: readonly CursorValue[]): void {
    const own = cursors.filter(cursor => cursor.source === source && isOfHistory(cursor.key))
    if (own.length > 0) this.begin(source).restore(own)
  }
}
