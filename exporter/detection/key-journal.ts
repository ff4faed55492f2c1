import type { SecurityEvent } from '../../core/event.ts'
import { MINUTE } from '../pipeline/minute-series.ts'
import { type EntityKind, entityKinds, type MinuteKeys } from './model/series/minute-input.ts'

/** Minutes that are saved together: what a commit saves must not grow with a backfill. Seconds. */
const PART = 600

/** Longer names are cut: they come from records. */
const MAX_KEY_LENGTH = 256

/** Over all series. */
export interface KeyBudget {
  /** How many keys of minutes may still be held. */
  left: number
  /** Keys that found no room. */
  dropped: number
}

type Minute = Map<EntityKind, Map<string, number>>
type SavedMinute = [minute: number, kinds: [kind: number, keys: [key: string, count: number][]][]]

/** A minute that was asked for: as it is saved, in a third of the memory. */
interface PackedMinute {
  readonly size: number
  /** `SavedMinute` as JSON. */
  readonly text: string
}

/**
 * Who was seen in each minute of a series, from the event to the closing of its minute and on to the snapshot that
 * covers it: until then the state database holds the keys themselves, so that a restart scores the minute with them.
 */
export class KeyJournal {
  readonly #budget: KeyBudget
  /** Undefined while no key is held. */
  #minutes: Map<number, Minute | PackedMinute> | undefined
  #size = 0
  /** Numbers of the parts that must be saved again. */
  readonly #changed = new Set<number>()
  /** The newest minute: more of its keys are to come. */
  #newest = Number.NEGATIVE_INFINITY

  constructor(budget: KeyBudget) {
    this.#budget = budget
  }

  /** Keys of one minute by kind; each counts as one. */
  get size(): number {
    return this.#size
  }

  add(minute: number, event: SecurityEvent): void {
    for (const [kind, name] of entitiesOf(event)) this.#count(minute, kind, name.slice(0, MAX_KEY_LENGTH), event.count)
  }

  /** The keys of a minute that is complete; they are packed until they are read again. */
  of(minute: number): MinuteKeys {
    const kinds = this.#unpacked(minute)
    if (kinds === undefined) return {}
    this.#pack(minute, kinds)
    return Object.fromEntries(kinds)
  }

  /** True where keys of an earlier minute are held. */
  holdsBefore(minute: number): boolean {
    return this.#minutes?.keys().some(start => start < minute) ?? false
  }

  /** Forgets minutes up to and with this one. */
  forget(minute: number): void {
    for (const [start, kinds] of this.#minutes ?? []) {
      if (start > minute) continue
      const held = sizeOf(kinds)
      this.#size -= held
      this.#budget.left += held
      this.#minutes?.delete(start)
      this.#changed.add(partOf(start))
    }
    if (this.#minutes?.size === 0) this.#minutes = undefined
  }

  /** The parts that must be saved again; null where nothing of one is held any more. */
  changes(): (readonly [part: number, keys: Uint8Array | null])[] {
    const changes = [...this.#changed].map(part => [part, this.#saved(part)] as const)
    this.#changed.clear()
    return changes
  }

  /** @param isPart false for all keys together, as earlier versions saved them: every part is to be saved again */
  restore(bytes: Uint8Array, isPart: boolean): void {
    for (const [minute, kinds] of JSON.parse(new TextDecoder().decode(bytes)) as SavedMinute[]) {
      for (const [kind, keys] of kinds) {
        for (const [key, count] of keys) this.#count(minute, entityKinds[kind] as EntityKind, key, count)
      }
      const held = this.#unpacked(minute)
      if (held !== undefined) this.#pack(minute, held)
      if (isPart) this.#changed.delete(partOf(minute))
    }
  }

  #saved(part: number): Uint8Array | null {
    const texts: string[] = []
    for (let minute = part * PART; minute < (part + 1) * PART; minute += MINUTE) {
      const kinds = this.#minutes?.get(minute)
      if (kinds !== undefined) texts.push(this.#textOf(minute, kinds))
    }
    return texts.length === 0 ? null : new TextEncoder().encode(`[${texts.join(',')}]`)
  }

  /** A minute before the newest one stays packed: few keys are still added to it. */
  #textOf(minute: number, kinds: Minute | PackedMinute): string {
    if ('text' in kinds) return kinds.text
    const { text } = minute < this.#newest ? this.#pack(minute, kinds) : packed(minute, kinds)
    return text
  }

  #count(minute: number, kind: EntityKind, key: string, count: number): void {
    const kinds = this.#unpacked(minute) ?? new Map<EntityKind, Map<string, number>>()
    const keys = kinds.get(kind) ?? new Map<string, number>()
    const known = keys.get(key)
    if (known === undefined) {
      if (this.#budget.left <= 0) {
        this.#budget.dropped++
        return
      }
      this.#size++
      this.#budget.left--
      this.#minutes ??= new Map()
      this.#minutes.set(minute, kinds)
      kinds.set(kind, keys)
    }
    keys.set(key, (known ?? 0) + count)
    this.#newest = Math.max(this.#newest, minute)
    this.#changed.add(partOf(minute))
  }

  #pack(minute: number, kinds: Minute): PackedMinute {
    const held = packed(minute, kinds)
    this.#minutes?.set(minute, held)
    return held
  }

  #unpacked(minute: number): Minute | undefined {
    const held = this.#minutes?.get(minute)
    if (held === undefined || !('text' in held)) return held
    const [, kinds] = JSON.parse(held.text) as SavedMinute
    const unpacked: Minute = new Map(kinds.map(([kind, keys]) => [entityKinds[kind] as EntityKind, new Map(keys)]))
    this.#minutes?.set(minute, unpacked)
    return unpacked
  }
}

const partOf = (minute: number) => Math.floor(minute / PART)

function packed(minute: number, kinds: Minute): PackedMinute {
  const saved: SavedMinute = [minute, [...kinds].map(([kind, keys]) => [entityKinds.indexOf(kind), [...keys]])]
  return { size: sizeOf(kinds), text: JSON.stringify(saved) }
}

/** Addresses only where they may be trusted: a written one would let an attacker invent first-seen addresses. */
export function entitiesOf({ actor, labels }: SecurityEvent): readonly (readonly [EntityKind, string])[] {
  const { identity, device, address, addressTrusted } = actor
  const { source_zone: from, destination_zone: to } = labels
  const entities: (readonly [EntityKind, string])[] = []
  if (identity !== undefined) entities.push(['identity', identity])
  if (address !== undefined && addressTrusted) entities.push(['address', address])
  if (device !== undefined) entities.push(['device', device])
  if (from !== undefined && to !== undefined) entities.push(['zone_pair', `${from} → ${to}`])
  return entities
}

function sizeOf(kinds: Minute | PackedMinute): number {
  if ('text' in kinds) return kinds.size
  let size = 0
  for (const keys of kinds.values()) size += keys.size
  return size
}
