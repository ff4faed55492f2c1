import { type EpochMs, MINUTE_MS } from '../../core/clock.ts'
import { ExpiringKeyTable } from '../../core/collections/expiring-key-table.ts'
import type { Hash128 } from '../../core/collections/text-hash.ts'
import type { SecurityEvent } from '../../core/event.ts'
import { LabelTree } from '../../service/series/label-tree.ts'
import type { BlobValue, SavedBlob } from '../../service/state/state.ts'

/** Templates that are kept for events to come; beyond, the interning begins again. */
const MAX_TEMPLATES = 10_000

/** The part of an event that many waiting events share. */
type Template = Pick<SecurityEvent, 'signal' | 'labels' | 'outcome' | 'severity' | 'gateway' | 'trustZone'> & {
  readonly addressTrusted: boolean
  readonly source: string
}

/** The rest of an event; its time is kept beside it. JSON has no undefined. */
type Variable = [
  count: number,
  id: string,
  address: string | null,
  identity: string | null,
  device: string | null,
  ingestTime: EpochMs | null,
]

/** An event that waits, as it is saved. */
type SavedWaiting = [key: number[], until: EpochMs, eventTime: EpochMs, template: number, variable: string]

/** Entries that were saved together. */
interface Piece {
  /** The watermark when it was saved. */
  readonly savedAt: EpochMs
  readonly saved: number
  readonly waiting: Set<number>
}

export interface DueEvent {
  readonly key: Hash128
  readonly until: EpochMs
  readonly event: SecurityEvent
}

/**
 * Events that wait until a time, about 200 bytes each: what many share is held once, and the rest is one flat text, so
 * that no event keeps the line alive that it was cut from.
 *
 * They are saved in pieces, one a commit. A piece whose events have left is deleted; one that has lost half of them, or
 * is older than `refreshAfter`, is written again without them. So the state never holds an event for much longer than
 * `refreshAfter` after it stopped waiting.
 */
export class WaitingEvents {
  readonly #prefix: string
  readonly #refreshAfter: number
  /** Numbers of the entries by key, as -(number + 1). A number is used again only after the entry's second was due. */
  #index = new ExpiringKeyTable()
  #keys = new Int32Array(4 * 64)
  readonly #until: EpochMs[] = []
  readonly #times: EpochMs[] = []
  readonly #templates: (Template | undefined)[] = []
  readonly #variables: string[] = []
  /** The piece that holds the entry; 0 where none does. */
  readonly #pieceOf: number[] = []
  readonly #free: number[] = []
  readonly #bySecond = new Map<number, number[]>()
  readonly #byMinute = new Map<EpochMs, number>()
  #earliest = Number.POSITIVE_INFINITY
  #interned = new LabelTree<Template>(6)
  #internedCount = 0
  #size = 0
  readonly #unsaved = new Set<number>()
  readonly #pieces = new Map<number, Piece>()
  readonly #touched = new Set<number>()
  #lastPiece = 0

  /**
   * @param name of the events in the state; no other family's may be equal
   * @param refreshAfter milliseconds of the watermark
   */
  constructor(name: string, refreshAfter: number) {
    this.#prefix = `waiting/${JSON.stringify(name)}/`
    this.#refreshAfter = refreshAfter
  }

  get size(): number {
    return this.#size
  }

  has(key: Hash128): boolean {
    return this.#index.get(key) !== undefined
  }

  /** The key must not wait already. */
  add(key: Hash128, event: SecurityEvent, until: EpochMs): void {
    this.#unsaved.add(this.#add(key, until, event.eventTime, this.#intern(event), JSON.stringify(variableOf(event))))
  }

  /** Ends the waiting of the event with this key. @returns false where none waits */
  drop(key: Hash128): boolean {
    const value = this.#index.get(key)
    if (value === undefined) return false
    this.#remove(key, -value - 1)
    return true
  }

  /** Takes out all events. */
  takeAll(): DueEvent[] {
    return this.takeDue(Number.POSITIVE_INFINITY)
  }

  /** Takes out the events whose time has come, the earliest second first. */
  takeDue(now: EpochMs): DueEvent[] {
    if (this.#earliest * 1000 > now) return []
    const seconds = [...this.#bySecond.keys()].filter(second => second * 1000 <= now).sort((a, b) => a - b)
    const due: DueEvent[] = []
    for (const second of seconds) {
      for (const entry of this.#bySecond.get(second) ?? []) {
        this.#free.push(entry)
        if (this.#templates[entry] === undefined) continue
        const key = this.#keys.slice(4 * entry, 4 * entry + 4)
        due.push({ key, until: this.#until[entry] as EpochMs, event: this.#event(entry) })
        this.#remove(key, entry)
      }
      this.#bySecond.delete(second)
    }
    this.#earliest = Number.POSITIVE_INFINITY
    for (const second of this.#bySecond.keys()) this.#earliest = Math.min(this.#earliest, second)
    return due
  }

  /** Start of the earliest minute, not before that of `from`, of an event that waits; Infinity where there is none. */
  oldest(from: EpochMs): EpochMs {
    let oldest = Number.POSITIVE_INFINITY
    for (const minute of this.#byMinute.keys()) if (minute >= minuteOf(from) && minute < oldest) oldest = minute
    return oldest
  }

  /** What must be saved since the last call. */
  changes(watermark: EpochMs): BlobValue[] {
    const changes: BlobValue[] = []
    for (const number of this.#touched) {
      const piece = this.#pieces.get(number)
      if (piece === undefined) continue
      const isOld = watermark >= piece.savedAt + this.#refreshAfter
      if (piece.waiting.size * 2 <= piece.saved || isOld) {
        this.#pieces.delete(number)
        this.#touched.delete(number)
        changes.push({ name: this.#prefix + number, value: null })
        for (const entry of piece.waiting) this.#unsaved.add(entry)
      }
    }
    if (this.#unsaved.size === 0) return changes
    const number = ++this.#lastPiece
    const waiting = new Set(this.#unsaved)
    this.#unsaved.clear()
    for (const entry of waiting) this.#pieceOf[entry] = number
    this.#pieces.set(number, { savedAt: watermark, saved: waiting.size, waiting })
    changes.push({ name: this.#prefix + number, value: this.#encode(waiting) })
    return changes
  }

  /** Puts back what was saved, without the events that `isCounted` names. */
  restore(blobs: readonly SavedBlob[], isCounted: (key: Hash128) => boolean): void {
    for (const { name, value } of blobs) {
      if (!name.startsWith(this.#prefix)) continue
      const number = Number(name.slice(this.#prefix.length))
      this.#lastPiece = Math.max(this.#lastPiece, number)
      const waiting = new Set<number>()
      const { templates, events } = JSON.parse(new TextDecoder().decode(value)) as SavedPiece
      for (const [words, until, time, template, variable] of events) {
        const key = Int32Array.from(words)
        if (isCounted(key) || this.has(key)) continue
        const entry = this.#add(key, until, time, templates[template] as Template, variable)
        this.#pieceOf[entry] = number
        waiting.add(entry)
      }
      this.#pieces.set(number, { savedAt: Number.NEGATIVE_INFINITY, saved: events.length, waiting })
      this.#touched.add(number)
    }
  }

  #remove(key: Hash128, entry: number): void {
    this.#index.delete(key)
    this.#templates[entry] = undefined
    this.#variables[entry] = ''
    this.#size--
    const minute = minuteOf(this.#times[entry] as EpochMs)
    const left = (this.#byMinute.get(minute) ?? 0) - 1
    if (left > 0) this.#byMinute.set(minute, left)
    else this.#byMinute.delete(minute)
    this.#unsaved.delete(entry)
    const number = this.#pieceOf[entry] as number
    if (number === 0) return
    this.#pieces.get(number)?.waiting.delete(entry)
    this.#touched.add(number)
  }

  #encode(entries: Iterable<number>): Uint8Array {
    const templates = new Map<Template, number>()
    const events: SavedWaiting[] = []
    for (const entry of entries) {
      const template = this.#templates[entry] as Template
      const known = templates.get(template) ?? templates.size
      templates.set(template, known)
      const key = [...this.#keys.subarray(4 * entry, 4 * entry + 4)]
      const [until, time] = [this.#until[entry] as EpochMs, this.#times[entry] as EpochMs]
      events.push([key, until, time, known, this.#variables[entry] as string])
    }
    return new TextEncoder().encode(JSON.stringify({ templates: [...templates.keys()], events } satisfies SavedPiece))
  }

  #add(key: Hash128, until: EpochMs, eventTime: EpochMs, template: Template, variable: string): number {
    const entry = this.#free.pop() ?? this.#until.length
    if (4 * entry >= this.#keys.length) {
      const larger = new Int32Array(2 * this.#keys.length)
      larger.set(this.#keys)
      this.#keys = larger
    }
    this.#keys.set(key, 4 * entry)
    this.#index.set(key, -(entry + 1))
    this.#until[entry] = until
    this.#times[entry] = eventTime
    this.#templates[entry] = template
    this.#variables[entry] = variable
    this.#pieceOf[entry] = 0
    this.#size++
    const second = Math.ceil(until / 1000)
    const others = this.#bySecond.get(second)
    if (others === undefined) this.#bySecond.set(second, [entry])
    else others.push(entry)
    this.#earliest = Math.min(this.#earliest, second)
    const minute = minuteOf(eventTime)
    this.#byMinute.set(minute, (this.#byMinute.get(minute) ?? 0) + 1)
    return entry
  }

  #intern({ signal, labels, outcome, severity, gateway, trustZone, actor, record }: SecurityEvent): Template {
    const { addressTrusted } = actor
    const kind = `${outcome} ${severity} ${addressTrusted}`
    const path = [gateway, trustZone, signal, JSON.stringify(labels), kind, record.source]
    const known = this.#interned.get(path)
    if (known !== undefined) return known
    if (this.#internedCount >= MAX_TEMPLATES) {
      this.#interned = new LabelTree(6)
      this.#internedCount = 0
    }
    const template = { signal, labels, outcome, severity, gateway, trustZone, addressTrusted, source: record.source }
    this.#interned.set(path, template)
    this.#internedCount++
    return template
  }

  #event(entry: number): SecurityEvent {
    const { addressTrusted, source, ...shared } = this.#templates[entry] as Template
    const [count, id, address, identity, device, ingestTime] = JSON.parse(this.#variables[entry] as string) as Variable
    return {
      ...shared,
      eventTime: this.#times[entry] as EpochMs,
      ...(ingestTime !== null && { ingestTime }),
      count,
      actor: {
        addressTrusted,
        ...(identity !== null && { identity }),
        ...(device !== null && { device }),
        ...(address !== null && { address }),
      },
      record: { source, id },
    }
  }
}

interface SavedPiece {
  readonly templates: readonly Template[]
  readonly events: readonly SavedWaiting[]
}

const minuteOf = (time: EpochMs) => Math.floor(time / MINUTE_MS) * MINUTE_MS

function variableOf({ count, record, actor, ingestTime }: SecurityEvent): Variable {
  const { address = null, identity = null, device = null } = actor
  return [count, record.id, address, identity, device, ingestTime ?? null]
}
