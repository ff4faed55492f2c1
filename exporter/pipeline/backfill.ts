import type { EpochMs } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import type { CursorValue, Json } from '../../service/state/state.ts'
import type { Batch } from '../contracts/source.ts'
import type { Gateways } from './gateways.ts'
import { type InterpretContext, interpret } from './interpret.ts'
import type { Minutes } from './minutes.ts'
import { RELEASED_AT_ONCE } from './pairing.ts'
import type { SourceState } from './source-state.ts'

/** Cursor key that is there until the backfill is complete. */
const UNDER_WAY = 'past'
const PREFIX = `${UNDER_WAY}/`

/**
 * The backfill of one source, from its first start on until all of it is read: into minutes, never into counters.
 * It is handed out by the pipeline and may be asked for at any time; it continues where an earlier process stopped.
 */
export interface BackfillSession {
  /** How far the backfill has been read, by the source's own keys. */
  readonly cursor: ReadonlyMap<string, Json>
  add(batch: Batch): void
  /** The backfill is complete: its minutes are emitted. */
  finish(): void
}

export interface BackfillOptions {
  readonly context: InterpretContext
  readonly gateways: Gateways
  readonly minutes: Minutes
  /** Called for each event. */
  readonly onEvent: (event: SecurityEvent) => void
  /** Where a series without live events begins to be read live. */
  readonly liveSince: (source: SourceState) => EpochMs
  /** Nothing is left to backfill. */
  readonly onAllComplete: () => void
}

/** Whether an entry of a source's cursor belongs to its backfill. */
export const isOfBackfill = (key: string) => key === UNDER_WAY || key.startsWith(PREFIX)

/** The backfills of all sources. As long as one is under way, every minute that closes is retained. */
export class Backfills {
  readonly #options: BackfillOptions
  readonly #bySource = new Map<string, Backfill>()

  constructor(options: BackfillOptions) {
    this.#options = options
  }

  /**
   * The backfill of this source, begun at its first start; undefined where it is complete, or the source began without
   * one.
   */
  open(source: SourceState): BackfillSession | undefined {
    const known = this.#bySource.get(source.name)
    if (known !== undefined) return known.isComplete ? undefined : known
    return source.isFirstStart ? this.#begin(source) : undefined
  }

  isUnderWay({ name }: SourceState): boolean {
    return this.#bySource.get(name)?.isComplete === false
  }

  /** Counts an admitted event of before the installation that live reading brings while the backfill is under way. */
  count(source: SourceState, event: SecurityEvent): void {
    this.#options.minutes.addBackfilled(source.name, event, this.#options.liveSince(source))
  }

  cursorChanges({ name }: SourceState): readonly CursorValue[] {
    return this.#bySource.get(name)?.cursorChanges() ?? []
  }

  /** Continues a backfill that was under way. The minutes are restored after it: they must be retained. */
  restore(source: SourceState, cursors: readonly CursorValue[]): void {
    const own = cursors.filter(cursor => cursor.source === source.name && isOfBackfill(cursor.key))
    if (own.length > 0) this.#begin(source).restore(own)
  }

  #begin(source: SourceState): Backfill {
    const backfill = new Backfill(source, this.#options, () => this.#completed())
    this.#bySource.set(source.name, backfill)
    this.#options.minutes.beginBackfill()
    return backfill
  }

  #completed(): void {
    if (![...this.#bySource.values()].every(({ isComplete }) => isComplete)) return
    this.#options.minutes.endBackfill()
    this.#options.onAllComplete()
  }
}

/** Its cursor is saved with the minutes that it covers. */
class Backfill implements BackfillSession {
  readonly #source: SourceState
  readonly #options: BackfillOptions
  readonly #onComplete: () => void
  readonly #cursor = new Map<string, Json>()
  readonly #moved = new Map<string, Json>()
  #watermark = Number.NEGATIVE_INFINITY
  #isComplete = false

  constructor(source: SourceState, options: BackfillOptions, onComplete: () => void) {
    this.#source = source
    this.#options = options
    this.#onComplete = onComplete
    this.#move(UNDER_WAY, {})
  }

  get cursor(): ReadonlyMap<string, Json> {
    const own = [...this.#cursor].filter(([key]) => key.startsWith(PREFIX))
    return new Map(own.map(([key, value]) => [key.slice(PREFIX.length), value]))
  }

  get isComplete(): boolean {
    return this.#isComplete
  }

  add(batch: Batch): void {
    const { context, gateways } = this.#options
    const { name, recognition, backfillPairing: pairing } = this.#source
    for (const record of batch.records) {
      // What older records lack is no fault of the present format.
      const { lacks: _, ...interpreted } = interpret(name, record, context)
      recognition.record(record, interpreted)
      if (interpreted.kind !== 'event') continue
      const { claim, events } = interpreted
      const [event] = events
      gateways.observe(event.gateway, name, claim)
      if (pairing.admit(claim, event, this.#watermark) === undefined) continue
      for (const each of events) this.#count(each)
    }
    recognition.skipped(batch)
    for (const { key, value } of batch.cursor) this.#move(PREFIX + key, value)
    if (batch.watermark > this.#watermark) {
      this.#watermark = batch.watermark
      this.#move(UNDER_WAY, { watermark: batch.watermark })
    }
    for (const event of pairing.release(this.#watermark, RELEASED_AT_ONCE)) this.#count(event)
  }

  finish(): void {
    for (const event of this.#source.backfillPairing.finish()) this.#count(event)
    this.#options.minutes.concludeBackfill(this.#source.name)
    for (const key of this.#cursor.keys()) this.#moved.set(key, null)
    this.#cursor.clear()
    this.#isComplete = true
    this.#onComplete()
  }

  /** What of the cursor has moved since the last call. */
  cursorChanges(): readonly CursorValue[] {
    const cursors = [...this.#moved].map(([key, value]) => ({ source: this.#source.name, key, value }))
    this.#moved.clear()
    return cursors
  }

  restore(cursors: readonly CursorValue[]): void {
    this.#moved.clear()
    for (const { key, value } of cursors) this.#cursor.set(key, value)
    const { watermark } = this.#cursor.get(UNDER_WAY) as { watermark?: number }
    this.#watermark = watermark ?? Number.NEGATIVE_INFINITY
  }

  #move(key: string, value: Json): void {
    if (value === null) this.#cursor.delete(key)
    else this.#cursor.set(key, value)
    this.#moved.set(key, value)
  }

  #count(event: SecurityEvent): void {
    const { minutes, liveSince, onEvent } = this.#options
    minutes.addBackfilled(this.#source.name, minutes.admit(event), liveSince(this.#source))
    onEvent(event)
  }
}
