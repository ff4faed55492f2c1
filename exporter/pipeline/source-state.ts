import type { Clock, EpochMs } from '../../core/clock.ts'
import type { Dispatcher } from '../../decoding/dispatch.ts'
import type { CursorValue, Json } from '../../service/state/state.ts'
import type { Persistent } from '../contracts/persistent.ts'
import type { CursorChange, RawRecord, Source } from '../contracts/source.ts'
import type { KeyOverflow } from './counted-keys.ts'
import type { Attributed } from './interpret.ts'
import { type PairException, Pairing } from './pairing.ts'
import { Recognition } from './recognition.ts'
import type { SourceProgress } from './view.ts'

/**
 * How surely the source has been at its end: `read` in memory, `saving` in the changes of the last commit, `durable`
 * in the state.
 */
type CaughtUp = 'no' | 'read' | 'saving' | 'durable'

export interface SourceStateOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly dispatcher: Dispatcher
  readonly keyOverflow?: (source: string) => KeyOverflow
  readonly onPairException: (exception: PairException) => void
}

/** State of one source in the pipeline. */
export class SourceState {
  readonly name: string
  readonly kind: Source['kind']
  readonly durable: boolean
  /** True where the source has a backfill to read. */
  readonly hasBackfill: boolean
  readonly recognition: Recognition
  readonly pairing: Pairing
  /** Pairs of events from before the installation that live reading brings. */
  readonly earlierPairing: Pairing
  /** Pairs of the backfill. */
  readonly backfillPairing: Pairing
  readonly #clock: Pick<Clock, 'now'>
  /** Watermark of the last batch, and the latest time at which one came. */
  #delivered: EpochMs = Number.NEGATIVE_INFINITY
  #latest: EpochMs = Number.NEGATIVE_INFINITY
  /**
   * Event time before which nothing is to be counted any more: the watermark, or the minute of the oldest lone
   * partner.
   */
  complete: EpochMs = Number.NEGATIVE_INFINITY
  #lastEvent: EpochMs | undefined
  #began: EpochMs | undefined
  #isFirstStart = true
  readonly #saved = new Map<string, Json>()
  readonly #moved = new Map<string, Json>()
  #caughtUp: CaughtUp = 'no'

  constructor(
    { name, kind, durable, horizon, backfill }: Pick<Source, 'name' | 'kind' | 'durable' | 'horizon' | 'backfill'>,
    { clock, dispatcher, keyOverflow, onPairException }: SourceStateOptions,
  ) {
    this.name = name
    this.kind = kind
    this.#clock = clock
    this.durable = durable
    this.hasBackfill = backfill !== undefined
    this.recognition = new Recognition(dispatcher)
    this.pairing = new Pairing({
      clock,
      source: name,
      onException: onPairException,
      ...(horizon !== undefined && { horizon }),
      ...(keyOverflow !== undefined && { overflow: keyOverflow(name) }),
    })
    // These names are in the state.
    this.earlierPairing = new Pairing({ clock, source: `backfill of ${name}` })
    this.backfillPairing = new Pairing({ clock, source: `history of ${name}` })
  }

  get persistents(): readonly Persistent[] {
    return [this.pairing, this.earlierPairing, this.backfillPairing].flatMap(({ persistents }) => persistents)
  }

  /** That of the source; while a clock that was set back has not reached it again, the clock. */
  get watermark(): EpochMs {
    const now = this.#clock.now()
    return now < this.#latest ? Math.min(this.#delivered, now) : this.#delivered
  }

  /** True where the state had no position of the source at this start. */
  get isFirstStart(): boolean {
    return this.#isFirstStart
  }

  get isCaughtUp(): boolean {
    return this.#caughtUp === 'durable'
  }

  /** Newest time of a record that was understood; see `clockReached`. */
  get lastEvent(): EpochMs | undefined {
    return this.#lastEvent
  }

  /** Watermark of the first batch of this process. */
  get began(): EpochMs | undefined {
    return this.#began
  }

  get progress(): SourceProgress {
    const { watermark, began, lastEvent, recognition } = this
    const { isRecognised, unrecognised, incomplete, dialects } = recognition
    return {
      watermark: Number.isFinite(watermark) ? watermark : undefined,
      began,
      lastEvent,
      isRecognised,
      unrecognised,
      incomplete,
      dialects,
    }
  }

  /** Where the source stood at the last commit before this start. @throws TypeError after its first batch */
  get cursor(): ReadonlyMap<string, Json> {
    if (this.#began !== undefined) {
      throw new TypeError(`the source "${this.name}" is being read: its cursor is given before the first batch`)
    }
    return this.#saved
  }

  restoreCursor(key: string, value: Json): void {
    this.#saved.set(key, value)
    this.#isFirstStart = false
  }

  /** A batch begins. The first one after a restart has the position at which the source continues. */
  beginBatch(watermark: EpochMs): void {
    if (this.#delivered === Number.NEGATIVE_INFINITY) this.#delivered = watermark
  }

  observe(time: EpochMs): void {
    if (this.#lastEvent === undefined || time > this.#lastEvent) this.#lastEvent = time
  }

  /**
   * Takes records from the future for records of now: otherwise a single one would hide for as long that the source has
   * fallen silent. The same holds for records that were read before the clock was set back.
   */
  clockReached(now: EpochMs): void {
    if (this.#lastEvent !== undefined) this.#lastEvent = Math.min(this.#lastEvent, now)
  }

  /** True once for each self-approval since the installation, under a key that no event has. */
  admitsSelfApproval(record: Pick<RawRecord, 'countsFrom'>, { claim, event }: Attributed): boolean {
    if (isBeforeInstallation(record, event.eventTime)) return false
    const { pair } = claim
    const own = pair === undefined ? claim : { ...claim, pair: { ...pair, key: `self-approval ${pair.key}` } }
    return this.pairing.admit(own, event, this.watermark) !== undefined
  }

  /** All of a batch is counted. */
  endBatch(cursor: readonly CursorChange[], watermark: EpochMs, caughtUp: boolean): void {
    for (const { key, value } of cursor) this.#moved.set(key, value)
    // The source has it by now; with the ids of an hour of documents it is tens of megabytes.
    this.#saved.clear()
    if (caughtUp && this.#caughtUp === 'no') this.#caughtUp = 'read'
    this.#delivered = Math.max(this.#delivered, watermark)
    this.#latest = Math.max(this.#latest, this.#clock.now())
    this.#began ??= this.#delivered
  }

  /** What of the cursor has moved since the last call, to be saved with all that it covers. */
  cursorChanges(): readonly CursorValue[] {
    const moved = [...this.#moved].map(([key, value]) => ({ source: this.name, key, value }))
    this.#moved.clear()
    if (this.#caughtUp === 'read') this.#caughtUp = 'saving'
    return moved
  }

  /** The state holds all changes that were given. */
  committed(): void {
    if (this.#caughtUp === 'saving') this.#caughtUp = 'durable'
  }
}

/** Whether what a record reports of this time is from before the installation. */
export function isBeforeInstallation({ countsFrom }: Pick<RawRecord, 'countsFrom'>, time: EpochMs): boolean {
  return countsFrom !== undefined && time < countsFrom
}
