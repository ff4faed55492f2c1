import type { BlockRate } from '../count/block-rate.ts'
import { startingRate } from '../count/block-rate.ts'
import { RecencyTable } from '../state/recency-table.ts'
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

/** Entities that there is room for at first. */
const FIRST_ROOM = 16

/**
 * A bounded table of entities: 20 bytes each plus the index. When it is full, the one not seen for the longest makes room,
 * but only for a key that was seen more often: a scan of random addresses cannot push real keys out.
 */
export class EntityTable {
  readonly #capacity: number
  readonly #frequency: FrequencySketch
  /** Hash to slot; slots are dense. */
  readonly #slots = new RecencyTable()
  #events = new Float64Array(0)
  #exposure = new Float64Array(0)
  #blocks = new Int32Array(0)
  /** Entities that made room, and entities that found none. */
  evicted = 0
  refused = 0

  constructor(capacity: number) {
    this.#capacity = capacity
    this.#frequency = new FrequencySketch(capacity)
  }

  get size(): number {
    return this.#slots.size
  }

  get(hash: number): EntityRecord {
    const position = this.#slots.find(hash)
    if (position < 0) return UNKNOWN
    const slot = this.#slots.value(position)
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
    this.#put(hash, slot, rate, block)
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
    for (const position of this.#slots.positions()) {
      const slot = this.#slots.value(position)
      to.f64(this.#slots.hash(position))
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
      const slot = from.below(this.#capacity)
      const rate = { events: from.f64(), exposure: from.f64() }
      this.#put(hash, slot, rate, from.f64())
    }
  }

  #put(hash: number, slot: number, { events, exposure }: BlockRate, block: number): void {
    if (slot >= this.#blocks.length) this.#grow(slot)
    this.#slots.put(hash, slot)
    this.#events[slot] = events
    this.#exposure[slot] = exposure
    this.#blocks[slot] = block
  }

  #slotFor(hash: number): number | undefined {
    const known = this.#slots.find(hash)
    if (known >= 0) return this.#slots.value(known)
    if (this.#slots.size < this.#capacity) return this.#slots.size
    const oldest = this.#slots.oldest()
    if (oldest < 0 || this.#frequency.frequency(hash) <= this.#frequency.frequency(this.#slots.hash(oldest)))
      return undefined
    const slot = this.#slots.value(oldest)
    this.#slots.delete(oldest)
    this.evicted++
    return slot
  }

  #grow(slot: number): void {
    const room = Math.min(this.#capacity, Math.max(FIRST_ROOM, Math.ceil(1.5 * (slot + 1))))
    this.#events = enlarged(new Float64Array(room), this.#events)
    this.#exposure = enlarged(new Float64Array(room), this.#exposure)
    this.#blocks = enlarged(new Int32Array(room), this.#blocks)
  }
}

function enlarged<Numbers extends Float64Array | Int32Array>(larger: Numbers, before: Numbers): Numbers {
  larger.set(before)
  return larger
}
