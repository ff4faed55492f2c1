import type { BlockRate } from '../count/block-rate.ts'
import { startingRate } from '../count/block-rate.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { FrequencySketch } from './frequency-sketch.ts'

/** What is remembered of an entity: its rate as it stood at the end of a block. */
export interface EntityRecord {
  readonly rate: BlockRate
  /** Number of that block; −1 for an entity that is not in the table. */
  readonly block: number
}

const UNKNOWN: EntityRecord = { rate: startingRate, block: -1 }

/**
 * A bounded table of entities: 20 bytes each plus the index. When it is full, the one not seen for the longest makes room,
 * but only for a key that was seen more often: a scan of random addresses cannot push real keys out.
 */
export class EntityTable {
  readonly #capacity: number
  readonly #frequency: FrequencySketch
  /** Hash to slot, least recently seen first. */
  readonly #slots = new Map<number, number>()
  readonly #events: Float64Array
  readonly #exposure: Float64Array
  readonly #blocks: Int32Array
  /** Entities that made room, and entities that found none. */
  evicted = 0
  refused = 0

  constructor(capacity: number) {
    this.#capacity = capacity
    this.#frequency = new FrequencySketch(capacity)
    this.#events = new Float64Array(capacity)
    this.#exposure = new Float64Array(capacity)
    this.#blocks = new Int32Array(capacity)
  }

  get size(): number {
    return this.#slots.size
  }

  get(hash: number): EntityRecord {
    const slot = this.#slots.get(hash)
    if (slot === undefined) return UNKNOWN
    const rate = { events: this.#events[slot] as number, exposure: this.#exposure[slot] as number }
    return { rate, block: this.#blocks[slot] as number }
  }

  /** Remembers the entity as of this block, if there is or can be made room for it. */
  set(hash: number, rate: BlockRate, block: number): void {
    this.#frequency.see(hash)
    const slot = this.#slotFor(hash)
    if (slot === undefined) {
      this.refused++
      return
    }
    this.#slots.delete(hash)
    this.#slots.set(hash, slot)
    this.#events[slot] = rate.events
    this.#exposure[slot] = rate.exposure
    this.#blocks[slot] = block
  }

  /** Entities seen in this block or later. */
  seenSince(block: number): number {
    let count = 0
    for (let slot = 0; slot < this.#slots.size; slot++) if ((this.#blocks[slot] as number) >= block) count++
    return count
  }

  save(to: StateWriter): void {
    to.f64(this.evicted)
    to.f64(this.refused)
    this.#frequency.save(to)
    to.u32(this.#slots.size)
    for (const [hash, slot] of this.#slots) {
      to.f64(hash)
      to.u32(slot)
      to.f64(this.#events[slot] as number)
      to.f64(this.#exposure[slot] as number)
      to.f64(this.#blocks[slot] as number)
    }
  }

  load(from: StateReader): void {
    this.evicted = from.f64()
    this.refused = from.f64()
    this.#frequency.load(from)
    this.#slots.clear()
    for (let left = from.u32(); left > 0; left--) {
      const hash = from.f64()
      const slot = from.u32()
      this.#slots.set(hash, slot)
      this.#events[slot] = from.f64()
      this.#exposure[slot] = from.f64()
      this.#blocks[slot] = from.f64()
    }
  }

  #slotFor(hash: number): number | undefined {
    const known = this.#slots.get(hash)
    if (known !== undefined) return known
    if (this.#slots.size < this.#capacity) return this.#slots.size
    const [oldest] = this.#slots
    if (oldest === undefined || this.#frequency.frequency(hash) <= this.#frequency.frequency(oldest[0]))
      return undefined
    this.#slots.delete(oldest[0])
    this.evicted++
    return oldest[1]
  }
}
