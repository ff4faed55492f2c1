import { setImmediate as eventLoopTurn } from 'node:timers/promises'

/**
 * Cuts long work into pieces, with a turn of the event loop after each. A piece is measured in units of work and not in
 * time, so that the work is cut at the same places on every machine.
 *
 *     for (const item of items) {
 *       use(item)
 *       if (turns.spend()) await turns.next()
 *     }
 */
export class Turns {
  readonly #unitsOfPiece: number
  readonly #turn: () => Promise<unknown>
  #left: number

  /** @param turn resolves when the event loop has turned; default: `setImmediate` */
  constructor(unitsOfPiece: number, turn: () => Promise<unknown> = () => eventLoopTurn()) {
    this.#unitsOfPiece = unitsOfPiece
    this.#turn = turn
    this.#left = unitsOfPiece
  }

  /** Counts completed work. @returns true at the end of a piece: await `next` before continuing */
  spend(units = 1): boolean {
    this.#left -= units
    return this.#left <= 0
  }

  async next(): Promise<void> {
    await this.#turn()
    this.#left = this.#unitsOfPiece
  }
}
