import { anomalyConstants } from '../constants.ts'
import { learnBlock, scoreBlock } from '../count/block-rate.ts'
import { EntityTable } from '../entity/entity-table.ts'
import { ExposureHistory } from '../entity/exposure-history.ts'
import type { KeyCounts } from '../entity/first-seen.ts'
import { hashKey } from '../entity/key-hash.ts'
import { Largest } from '../entity/largest.ts'
import { openSnapshot, readState, type SnapshotRefusal, wrapSnapshot } from '../state/snapshot.ts'
import type { StateReader } from '../state/state-reader.ts'
import { StateWriter } from '../state/state-writer.ts'
import { MINUTE_SECONDS } from '../time.ts'
import { checkMinute } from './minute-input.ts'
import { scoreOf } from './score.ts'

const KIND = 'lite'
const BLOCK_MINUTES = anomalyConstants.block.minutes
const ACTIVE_BLOCKS = anomalyConstants.lite.activeSeconds / MINUTE_SECONDS / BLOCK_MINUTES

export interface LiteScorerOptions {
  /** Names the zone and the kind of entity in errors. */
  readonly series: string
  /** Most entities remembered, and most entities of one block. Default: 100,000. */
  readonly capacity?: number
  /** Entities reported for each block. Default: 20. */
  readonly topK?: number
  /** Seed of the keys' hash; a saved one wins. Default: 0. */
  readonly seed?: number
}

/** An entity's block of 20 minutes. */
export interface EntityScore {
  readonly key: string
  readonly score: number
  readonly surprise: number
  readonly observed: number
  readonly expected: number
}

/** Result of the lite tier for a block. */
export interface LiteBlock {
  /** Start of the block's last minute, in seconds. */
  readonly minuteStart: number
  /** The most surprising entities, at most `topK`. */
  readonly top: readonly EntityScore[]
  /**
   * Entities in the table; evicted and refused ones, and events of a block's entities beyond capacity, since the
   * beginning.
   */
  readonly size: number
  readonly evicted: number
  readonly refused: number
  readonly overflowEvents: number
}

/**
 * The lite tier: many entities (addresses, identities, devices) of one zone in bounded memory. Each is the block view
 * alone, with the zone's expectation shared among the active entities as its exposure. Entities without events in a
 * block are not touched and have no score.
 */
export interface LiteScorer {
  /**
   * Takes in a closed minute; minutes come once and in order, those left out count as empty.
   * @param keys events by entity
   * @param expected the zone's expected events of the minute (`ScoreResult.expected` of its full series)
   * @returns the block's result when the minute ends a block (minute number divisible by 20 next)
   * @throws ClawtrustError ANOMALY_INPUT_INVALID; the state is then unchanged
   */
  step(minuteStart: number, keys: KeyCounts, expected: number): LiteBlock | undefined
  snapshot(): Uint8Array
  restore(snapshot: Uint8Array): SnapshotRefusal | undefined
}

export function createLiteScorer(options: LiteScorerOptions): LiteScorer {
  return new BlockEntities(options)
}

class BlockEntities implements LiteScorer {
  readonly #series: string
  readonly #capacity: number
  readonly #topK: number
  #seed: number
  #table: EntityTable
  #exposure = new ExposureHistory()
  #open = new Map<string, number>()
  #openExpected = 0
  #active = 0
  #overflowEvents = 0
  #lastMinute: number | undefined

  constructor({ series, capacity = 100_000, topK = 20, seed = 0 }: LiteScorerOptions) {
    this.#series = series
    this.#capacity = capacity
    this.#topK = topK
    this.#seed = seed
    this.#table = new EntityTable(capacity)
  }

  step(minuteStart: number, keys: KeyCounts, expected: number): LiteBlock | undefined {
    checkMinute(this.#series, this.#lastMinute, minuteStart, expected)
    for (const count of keys.values()) checkMinute(this.#series, this.#lastMinute, minuteStart, count)
    this.#skipTo(minuteStart)
    this.#lastMinute = minuteStart
    this.#openExpected += expected
    for (const [key, count] of keys) this.#count(key, count)
    return blockOf(minuteStart + MINUTE_SECONDS) === blockOf(minuteStart) ? undefined : this.#close(minuteStart)
  }

  snapshot(): Uint8Array {
    const to = new StateWriter()
    to.flag(this.#lastMinute !== undefined)
    for (const value of [this.#lastMinute ?? 0, this.#seed, this.#openExpected, this.#active, this.#overflowEvents]) {
      to.f64(value)
    }
    to.u32(this.#open.size)
    for (const [key, count] of this.#open) {
      to.text(key)
      to.f64(count)
    }
    this.#exposure.save(to)
    this.#table.save(to)
    return wrapSnapshot(`${KIND} ${this.#capacity}`, to.bytes())
  }

  restore(snapshot: Uint8Array): SnapshotRefusal | undefined {
    const { state, refused } = openSnapshot(`${KIND} ${this.#capacity}`, snapshot)
    if (refused !== undefined) return refused
    const restored = new BlockEntities({ series: this.#series, capacity: this.#capacity, topK: this.#topK })
    if (readState(() => restored.#load(state)) === undefined) return 'damaged'
    this.#lastMinute = restored.#lastMinute
    this.#seed = restored.#seed
    this.#openExpected = restored.#openExpected
    this.#active = restored.#active
    this.#overflowEvents = restored.#overflowEvents
    this.#open = restored.#open
    this.#exposure = restored.#exposure
    this.#table = restored.#table
    return undefined
  }

  /** Into one that has seen nothing. */
  #load(from: StateReader): this {
    const started = from.flag()
    const lastMinute = from.f64()
    this.#lastMinute = started ? lastMinute : undefined
    this.#seed = from.f64()
    this.#openExpected = from.f64()
    this.#active = from.f64()
    this.#overflowEvents = from.f64()
    for (let left = from.u32(); left > 0; left--) this.#open.set(from.text(), from.f64())
    this.#exposure.load(from)
    this.#table.load(from)
    return this
  }

  #count(key: string, count: number): void {
    const known = this.#open.get(key)
    if (known === undefined && this.#open.size >= this.#capacity) this.#overflowEvents += count
    else if (count > 0) this.#open.set(key, (known ?? 0) + count)
  }

  /** Blocks that ended while no minute came, the half-filled one first. */
  #skipTo(minuteStart: number): void {
    if (this.#lastMinute === undefined) return
    const next = this.#lastMinute + MINUTE_SECONDS
    const begun = blockOf(next) === blockOf(this.#lastMinute)
    const missed = blockOf(minuteStart) - blockOf(next)
    if (begun && missed > 0) this.#close(this.#lastMinute)
    const empty = missed - (begun ? 1 : 0)
    for (let left = Math.min(empty, anomalyConstants.lite.exposureBlocks + 1); left > 0; left--) this.#exposure.close(0)
  }

  #close(minuteStart: number): LiteBlock {
    const exposure = this.#openExpected / Math.max(1, this.#active)
    const largest = new Largest<EntityScore>(this.#topK, entity => entity.surprise)
    const block = this.#exposure.openBlock
    for (const [key, observed] of this.#open) {
      const hash = hashKey(key, this.#seed)
      const rate = this.#exposure.caughtUp(this.#table.get(hash))
      const { surprise, expected, learnable } = scoreBlock(rate, observed, exposure)
      this.#table.set(hash, learnBlock(rate, learnable, exposure, 1), block)
      largest.offer({ key, score: scoreOf(surprise), surprise, observed, expected })
    }
    this.#exposure.close(exposure)
    this.#active = this.#table.seenSince(this.#exposure.openBlock - ACTIVE_BLOCKS)
    this.#open.clear()
    this.#openExpected = 0
    const { size, evicted, refused } = this.#table
    return { minuteStart, top: largest.items, size, evicted, refused, overflowEvents: this.#overflowEvents }
  }
}

/** Number of the block that a time lies in. */
function blockOf(time: number): number {
  return Math.floor(time / MINUTE_SECONDS / BLOCK_MINUTES)
}
