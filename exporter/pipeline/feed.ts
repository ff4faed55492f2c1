import type { Clock, EpochMs } from '../../core/clock.ts'
import type { Json } from '../../service/state/state.ts'
import type { RawRecord, Source } from '../sources/source.ts'
import type { KeyOverflow } from './counted-keys.ts'
import { type PairException, Pairing } from './pairing.ts'

type CaughtUp = 'no' | 'read' | 'told' | 'durable'

/** One source's way through the pipeline. */
export interface Feed {
  readonly name: string
  readonly durable: boolean
  readonly pairing: Pairing
  /** Pairs of events from before the installation. */
  readonly backfill: Pairing
  /** Pairs of the history. */
  readonly history: Pairing
  /** Where the source stood at the last commit before this start. */
  readonly saved: Map<string, Json>
  /** What of its cursor has moved since changes were last asked for. */
  readonly moved: Map<string, Json>
  watermark: EpochMs
  /** Event time up to which nothing is to be counted any more: the watermark, or the minute of the oldest lone partner. */
  complete: EpochMs
  /** How surely the source has been at its end: `read` in memory, `told` in the last changes, `durable` in the state. */
  caughtUp: CaughtUp
  lastEvent: EpochMs | undefined
  /** Watermark of the first batch of this process. */
  began: EpochMs | undefined
}

export interface FeedOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly keyOverflow?: (source: string) => KeyOverflow
  readonly onPairException: (exception: PairException) => void
}

export function newFeed(
  { name, durable, horizon }: Pick<Source, 'name' | 'durable' | 'horizon'>,
  { clock, keyOverflow, onPairException }: FeedOptions,
): Feed {
  return {
    name,
    durable,
    pairing: new Pairing({
      clock,
      source: name,
      onException: onPairException,
      ...(horizon !== undefined && { horizon }),
      ...(keyOverflow !== undefined && { overflow: keyOverflow(name) }),
    }),
    backfill: new Pairing({ clock, source: `backfill of ${name}` }),
    history: new Pairing({ clock, source: `history of ${name}` }),
    saved: new Map(),
    moved: new Map(),
    watermark: Number.NEGATIVE_INFINITY,
    complete: Number.NEGATIVE_INFINITY,
    caughtUp: 'no',
    lastEvent: undefined,
    began: undefined,
  }
}

/** A record of this time was understood. */
export function hear(feed: Feed, time: EpochMs): void {
  if (feed.lastEvent === undefined || time > feed.lastEvent) feed.lastEvent = time
}

/** Whether what a record tells of this time is from before the installation. */
export function isBackfill({ countsFrom }: Pick<RawRecord, 'countsFrom'>, time: EpochMs): boolean {
  return countsFrom !== undefined && time < countsFrom
}
