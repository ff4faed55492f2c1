import { anomalyConstants } from '../constants.ts'
import { type BlockRate, decayOver, startingRate } from '../count/block-rate.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import type { EntityRecord } from './entity-table.ts'

const BLOCK_CAPACITY = anomalyConstants.lite.exposureBlocks
/** Blocks that there is room for at first: five hours. */
const FIRST_BLOCKS = 16

/**
 * The exposure of an average entity, block by block, as one decayed sum G. An entity that was not touched for a while
 * catches up in closed form: D(t) = D(t₀)·f + G(t) − G(t₀)·f, S(t) = S(t₀)·f, f = 2^(−(t − t₀)/7 d). G is kept at each
 * block's end for 14 days; an entity that was idle for longer starts again.
 */
export class ExposureHistory {
  #sums: Float64Array = new Float64Array(FIRST_BLOCKS)
  #block = 0

  /** Number of the block that is open. */
  get openBlock(): number {
    return this.#block
  }

  /** Closes the open block, in which an average entity had this exposure. */
  close(exposure: number): void {
    if (this.#block === this.#sums.length && this.#block < BLOCK_CAPACITY)
      this.#sums = padded(this.#sums, 2 * this.#block)
    this.#sums[this.#block % BLOCK_CAPACITY] = this.#sum(this.#block - 1) * decayOver(1) + exposure
    this.#block++
  }

  /** The entity's rate before the open block. */
  caughtUp({ rate, block }: EntityRecord): BlockRate {
    const newest = this.#block - 1
    if (block < 0 || newest - block >= BLOCK_CAPACITY) return startingRate
    const kept = decayOver(newest - block)
    const passed = this.#sum(newest) - this.#sum(block) * kept
    return { events: rate.events * kept, exposure: rate.exposure * kept + Math.max(0, passed) }
  }

  save(to: StateWriter): void {
    to.f64(this.#block)
    to.f64s(padded(this.#sums, BLOCK_CAPACITY))
  }

  load(from: StateReader): void {
    this.#block = from.f64()
    const sums = from.f64s()
    this.#sums = padded(sums.slice(0, this.#block), Math.max(FIRST_BLOCKS, this.#block))
  }

  #sum(block: number): number {
    return block < 0 ? 0 : (this.#sums[block % BLOCK_CAPACITY] as number)
  }
}

/** The sums with room for that many, but not more than are kept. */
function padded(sums: ArrayLike<number>, length: number): Float64Array {
  const larger = new Float64Array(Math.min(length, BLOCK_CAPACITY))
  larger.set(sums)
  return larger
}
