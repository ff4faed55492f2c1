import { type EpochMs, MINUTE_MS } from '../../core/clock.ts'
import { ExpiringKeyTable } from '../../core/collections/expiring-key-table.ts'
import type { Hash128 } from '../../core/collections/text-hash.ts'
import type { SecurityEvent, TraceReference } from '../../core/event.ts'
import type { UnknownAddressReason } from '../../core/labels/event.ts'
import type { SignalName } from '../../core/signals.ts'
import { LabelTree } from '../../service/series/label-tree.ts'
import type { BytesPersistent, ChangedRow, SavedRow } from '../contracts/persistent.ts'
import { readVariable, type Shared, traceIn, writeVariable } from './waiting-variable.ts'

/** Templates that are kept for events to come; beyond, the interning begins again. */
const MAX_TEMPLATES = 10_000

/** The part of an event that many waiting events share. */
type Template = Pick<SecurityEvent, Shared> & {
  readonly addressTrusted: boolean
  readonly addressUnknown?: UnknownAddressReason
  readonly source: string
}

/** Entries that were saved together. */
interface Piece {
  /** The watermark when it was saved. */
  readonly savedAt: EpochMs
  readonly entries: readonly number[]
  /** How many of them still wait. */
  waiting: number
}

export interface DueEvent {
  readonly key: Hash128
  readonly until: EpochMs
  readonly event: SecurityEvent
}

/**
 * Events that wait until a time, about 200 bytes each, 250 with a trace, and what the ends of a flow have: what many share is
 * held once, and the rest is one flat text, so that no event keeps the line alive that it was cut from.
 *
 * They are saved in pieces, one a commit. A piece whose events have left is deleted; one that has lost half of them, or
 * is older than `refreshAfter`, is written again without them. So the state never holds an event for much longer than
 * `refreshAfter` after it stopped waiting.
 */
export class WaitingEvents implements BytesPersistent {
  readonly key: string
  readonly format = 'bytes'
  readonly #refreshAfter: number
  readonly #isCounted: (key: Hash128) => boolean
  /** The watermark at which it was last asked for what is due. */
  #watermark = Number.NEGATIVE_INFINITY
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
  readonly #byReason = new Map<UnknownAddressReason, number>()
  #earliest = Number.POSITIVE_INFINITY
  #interned = new LabelTree<Template>(6)
  #internedCount = 0
  /** Of each signal the event that was interned last: neighbouring events of one signal share their template. */
  readonly #last = new Map<SignalName, { readonly event: SecurityEvent; readonly template: Template }>()
  #size = 0
  /** Entries to be saved; some may have left since. */
  #unsaved: number[] = []
  readonly #pieces = new Map<number, Piece>()
  readonly #touched = new Set<number>()
  #lastPiece = 0

  /**
   * @param name of the events in the state; no other family's may be equal
   * @param refreshAfter milliseconds of the watermark
   * @param isCounted whether the event of a key is counted, so that it does not wait after a restart
   */
  constructor(name: string, refreshAfter: number, isCounted: (key: Hash128) => boolean) {
    this.#isCounted = isCounted
    this.key = `waiting/${JSON.stringify(name)}/`
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
    const variable = writeVariable(event)
    this.#unsaved.push(this.#add(key, until, event.eventTime, this.#intern(event), variable))
  }

  /** Puts an event in the place of the one with this key, which must wait; it waits as long as that one would. */
  replace(key: Hash128, event: SecurityEvent): void {
    const entry = this.#entryOf(key)
    const until = entry === undefined ? undefined : this.#until[entry]
    this.drop(key)
    if (until !== undefined) this.add(key, event, until)
  }

  /** What is known of the address of the event with this key; undefined where none waits. */
  addressOf(key: Hash128): Pick<Template, 'addressTrusted' | 'addressUnknown'> | undefined {
    const entry = this.#entryOf(key)
    return entry === undefined ? undefined : this.#templates[entry]
  }

  /** The trace of the event with this key; undefined where none waits, or it has none. */
  traceOf(key: Hash128): TraceReference | undefined {
    const entry = this.#entryOf(key)
    return entry === undefined ? undefined : traceIn(this.#variables[entry])
  }

  /** Number of events whose address is unknown for this reason. */
  countOf(reason: UnknownAddressReason): number {
    return this.#byReason.get(reason) ?? 0
  }

  /** Ends the waiting of the event with this key. @returns false where none waits */
  drop(key: Hash128): boolean {
    const entry = this.#entryOf(key)
    if (entry === undefined) return false
    this.#remove(key, entry)
    return true
  }

  /** True where the time of an entry has come. */
  isDue(now: EpochMs): boolean {
    return this.#earliest * 1000 <= now
  }

  /** Takes out at most `limit` of the events whose time has come, the earliest second first. */
  takeDue(now: EpochMs, limit: number): DueEvent[] {
    this.#watermark = now
    if (!this.isDue(now)) return []
    const seconds = [...this.#bySecond.keys()].filter(second => second * 1000 <= now).sort((a, b) => a - b)
    const due: DueEvent[] = []
    for (const second of seconds) {
      const entries = this.#bySecond.get(second) ?? []
      while (entries.length > 0) {
        if (due.length >= limit) return due
        const entry = entries.pop() as number
        this.#free.push(entry)
        if (this.#templates[entry] !== undefined) due.push(this.#take(entry))
      }
      this.#bySecond.delete(second)
    }
    this.#earliest = Number.POSITIVE_INFINITY
    for (const second of this.#bySecond.keys()) this.#earliest = Math.min(this.#earliest, second)
    return due
  }

  /** Takes out the first events whose address is unknown for a reason, before their time. */
  takeFirst(reason: UnknownAddressReason, count: number): DueEvent[] {
    const taken: DueEvent[] = []
    for (const second of [...this.#bySecond.keys()].sort((a, b) => a - b)) {
      if (taken.length >= count) break
      const kept: number[] = []
      for (const entry of this.#bySecond.get(second) ?? []) {
        const template = this.#templates[entry]
        const isTaken = taken.length < count && template?.addressUnknown === reason
        if (isTaken) taken.push(this.#take(entry))
        if (isTaken || template === undefined) this.#free.push(entry)
        else kept.push(entry)
      }
      this.#bySecond.set(second, kept)
    }
    return taken
  }

  #take(entry: number): DueEvent {
    const key = this.#keys.slice(4 * entry, 4 * entry + 4)
    const due = { key, until: this.#until[entry] as EpochMs, event: this.#event(entry) }
    this.#remove(key, entry)
    return due
  }

  /** Start of the earliest minute, not before that of `from`, of an event that waits; Infinity where there is none. */
  oldest(from: EpochMs): EpochMs {
    let oldest = Number.POSITIVE_INFINITY
    for (const minute of this.#byMinute.keys()) if (minute >= minuteOf(from) && minute < oldest) oldest = minute
    return oldest
  }

  /** What must be saved since the last call. */
  changes(): readonly ChangedRow<Uint8Array>[] {
    const changes: ChangedRow<Uint8Array>[] = []
    for (const number of this.#touched) {
      const piece = this.#pieces.get(number)
      if (piece === undefined) continue
      const isOld = this.#watermark >= piece.savedAt + this.#refreshAfter
      if (piece.waiting * 2 > piece.entries.length && !isOld) continue
      this.#pieces.delete(number)
      this.#touched.delete(number)
      changes.push({ name: String(number), value: null })
      for (const entry of piece.entries) {
        if (this.#pieceOf[entry] !== number || this.#templates[entry] === undefined) continue
        this.#pieceOf[entry] = 0
        this.#unsaved.push(entry)
      }
    }
    const number = this.#lastPiece + 1
    const entries = this.#unsaved.filter(entry => {
      if (this.#pieceOf[entry] !== 0 || this.#templates[entry] === undefined) return false
      this.#pieceOf[entry] = number
      return true
    })
    this.#unsaved = []
    if (entries.length === 0) return changes
    this.#lastPiece = number
    this.#pieces.set(number, { savedAt: this.#watermark, entries, waiting: entries.length })
    changes.push({ name: String(number), value: this.#encode(entries) })
    return changes
  }

  /** Puts back what was saved, without the events that are counted. */
  restore(rows: readonly SavedRow<Uint8Array>[]): void {
    for (const { name, value } of rows) {
      const number = Number(name)
      this.#lastPiece = Math.max(this.#lastPiece, number)
      const entries: number[] = []
      for (const [key, until, time, template, variable] of decodePiece(value)) {
        if (this.#isCounted(key) || this.has(key)) continue
        const entry = this.#add(key, until, time, template, variable)
        this.#pieceOf[entry] = number
        entries.push(entry)
      }
      // As if it were old: it is written again with the next change of it, without what was left out here.
      this.#pieces.set(number, { savedAt: Number.NEGATIVE_INFINITY, entries, waiting: entries.length })
      this.#touched.add(number)
    }
  }

  #entryOf(key: Hash128): number | undefined {
    const value = this.#index.get(key)
    return value === undefined ? undefined : -value - 1
  }

  #remove(key: Hash128, entry: number): void {
    this.#countReason(entry, -1)
    this.#index.delete(key)
    this.#templates[entry] = undefined
    this.#variables[entry] = ''
    this.#size--
    const minute = minuteOf(this.#times[entry] as EpochMs)
    const left = (this.#byMinute.get(minute) ?? 0) - 1
    this.#byMinute.set(minute, left)
    if (left === 0) this.#byMinute.delete(minute)
    const number = this.#pieceOf[entry] as number
    const piece = this.#pieces.get(number)
    if (piece === undefined) return
    piece.waiting--
    this.#touched.add(number)
  }

  #countReason(entry: number, change: number): void {
    const reason = this.#templates[entry]?.addressUnknown
    if (reason !== undefined) this.#byReason.set(reason, this.countOf(reason) + change)
  }

  #encode(entries: readonly number[]): Uint8Array {
    const templates = new Map<Template, number>()
    const numbers = new Float64Array(entries.length * SAVED_NUMBERS)
    entries.forEach((entry, index) => {
      const template = this.#templates[entry] as Template
      const known = templates.get(template) ?? templates.size
      templates.set(template, known)
      const at = index * SAVED_NUMBERS
      for (let word = 0; word < 4; word++) numbers[at + word] = this.#keys[4 * entry + word] as number
      numbers[at + 4] = this.#until[entry] as EpochMs
      numbers[at + 5] = this.#times[entry] as EpochMs
      numbers[at + 6] = known
    })
    // JSON holds no line break: one line each.
    const lines = [JSON.stringify([...templates.keys()]), ...entries.map(entry => this.#variables[entry] as string)]
    const text = new TextEncoder().encode(lines.join('\n'))
    const piece = new Uint8Array(8 + numbers.byteLength + text.byteLength)
    new DataView(piece.buffer).setFloat64(0, entries.length, true)
    piece.set(new Uint8Array(numbers.buffer), 8)
    piece.set(text, 8 + numbers.byteLength)
    return piece
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
    this.#countReason(entry, 1)
    this.#size++
    const second = Math.ceil(until / 1000)
    const others = this.#bySecond.get(second) ?? []
    others.push(entry)
    this.#bySecond.set(second, others)
    this.#earliest = Math.min(this.#earliest, second)
    const minute = minuteOf(eventTime)
    this.#byMinute.set(minute, (this.#byMinute.get(minute) ?? 0) + 1)
    return entry
  }

  #intern(event: SecurityEvent): Template {
    const last = this.#last.get(event.signal)
    if (last !== undefined && sharesTemplate(last.event, event)) return last.template
    const template = this.#find(event)
    this.#last.set(event.signal, { event, template })
    return template
  }

  #find({ signal, labels, outcome, severity, gateway, trustZone, actor, record }: SecurityEvent): Template {
    const { addressTrusted, addressUnknown } = actor
    const kind = `${outcome} ${severity} ${addressTrusted} ${addressUnknown}`
    const path = [gateway, trustZone, signal, JSON.stringify(labels), kind, record.source]
    const known = this.#interned.get(path)
    if (known !== undefined) return known
    if (this.#internedCount >= MAX_TEMPLATES) {
      this.#interned = new LabelTree(6)
      this.#internedCount = 0
    }
    const template: Template = {
      signal,
      labels,
      outcome,
      severity,
      gateway,
      trustZone,
      addressTrusted,
      ...(addressUnknown !== undefined && { addressUnknown }),
      source: record.source,
    }
    this.#interned.set(path, template)
    this.#internedCount++
    return template
  }

  #event(entry: number): SecurityEvent {
    const { addressTrusted, addressUnknown, source, ...shared } = this.#templates[entry] as Template
    const { id, actor, ...rest } = readVariable(this.#variables[entry] as string)
    return {
      ...shared,
      eventTime: this.#times[entry] as EpochMs,
      ...rest,
      actor: { addressTrusted, ...(addressUnknown !== undefined && { addressUnknown }), ...actor },
      record: { source, id },
    }
  }
}

/** Numbers of a saved entry: the four words of its key, until, event time and the number of its template. */
const SAVED_NUMBERS = 7

/** The entries of a piece: their number, their numbers, and a text of one line for the templates and one for each entry. */
function* decodePiece(
  piece: Uint8Array,
): Iterable<readonly [key: Hash128, until: EpochMs, time: EpochMs, template: Template, variable: string]> {
  const bytes = piece.slice()
  const entries = new DataView(bytes.buffer).getFloat64(0, true)
  const numbers = new Float64Array(bytes.buffer, 8, entries * SAVED_NUMBERS)
  const [head = '[]', ...variables] = new TextDecoder().decode(bytes.subarray(8 + numbers.byteLength)).split('\n')
  const templates = JSON.parse(head) as Template[]
  for (const [index, variable] of variables.entries()) {
    const [a = 0, b = 0, c = 0, d = 0, until = 0, time = 0, template = 0] = numbers.subarray(index * SAVED_NUMBERS)
    yield [Int32Array.of(a, b, c, d), until, time, templates[template] as Template, variable]
  }
}

const minuteOf = (time: EpochMs) => Math.floor(time / MINUTE_MS) * MINUTE_MS

/** True only where it is plain to see: neighbouring events of a file's chunk share their labels. */
function sharesTemplate(a: SecurityEvent, b: SecurityEvent): boolean {
  if (a.labels !== b.labels || a.signal !== b.signal || a.outcome !== b.outcome || a.severity !== b.severity)
    return false
  if (a.gateway !== b.gateway || a.trustZone !== b.trustZone || a.record.source !== b.record.source) return false
  return a.actor.addressTrusted === b.actor.addressTrusted && a.actor.addressUnknown === b.actor.addressUnknown
}
