import { DAY_MS, type EpochMs } from '../../../core/clock.ts'
import { isObject } from '../../../core/json.ts'
import type { Json } from '../../../service/state/state.ts'
import type { CursorChange } from '../../contracts/source.ts'

const KEY = 'position'
/** How far the clock that stamps the documents may lag behind the reader's, where the difference is not known. */
const MAX_CLOCK_LAG = DAY_MS

/** How far an index has been read. */
export interface Position {
  /** Nothing with an ingest time up to this one is counted: the reader began here. */
  readonly began: EpochMs
  /** Everything visible up to this ingest time has been read. */
  readonly swept: EpochMs
  /** The reader's clock when that was so. */
  readonly at: EpochMs
  /**
   * The reader's clock at the very first start. Absent where a version began that did not save it: then everything
   * counts.
   */
  readonly since?: EpochMs
  /** At the first start the index could not be looked at; it was seen later. */
  readonly seenLate?: boolean
  /** There was no index or no document, and there is none yet. */
  readonly isEmpty?: boolean
}

/** The first look at an index. */
export interface FirstLook {
  /** The reader's clock at the very first start. */
  readonly since: EpochMs
  /** The reader's clock now. */
  readonly now: EpochMs
  /** Whether the index answered at once when it was first asked. */
  readonly inTime: boolean
  /** Newest ingest time; undefined where there is no index or no document. */
  readonly newest: EpochMs | undefined
}

/**
 * Where a reader begins that has never read: after what was stored before its first start. Where that is not known
 * exactly, it begins earlier, and `countsFrom` is the ingest time from which documents count.
 */
export function firstPosition({ since, now, inTime, newest }: FirstLook, maxSkew: number): Position {
  if (newest === undefined) {
    const began = Math.max(0, since - MAX_CLOCK_LAG)
    return { began, swept: began, at: now, since, isEmpty: true }
  }
  if (inTime) return { began: newest, swept: newest, at: now, since }
  const began = Math.max(0, Math.min(since, newest) - maxSkew)
  return { began, swept: began, at: now, since, seenLate: true }
}

/**
 * Events of a document with this ingest time count if their own time is not before the answer; undefined: all count.
 *
 * A document that was stored after the first start counts events from `maxSkew` before it, for the gateways' clocks.
 * One that may have been stored before it, where the index was seen late, counts events from the first start on.
 */
export function countsFrom({ since, seenLate }: Position, ingestTime: EpochMs, maxSkew: number): EpochMs | undefined {
  if (since === undefined) return undefined
  return seenLate === true && ingestTime <= since ? since : since - maxSkew
}

export function positionChange(position: Position): CursorChange {
  return { key: KEY, value: { ...position } }
}

/** Saves the time of the first start alone: the index could not be looked at yet. */
export function sinceChange(since: EpochMs): CursorChange {
  return { key: KEY, value: { since } }
}

/** Undefined where this reader has never seen its index. */
export function savedPosition(cursor: ReadonlyMap<string, Json>): Position | undefined {
  const { began, swept, at, since, seenLate, isEmpty } = saved(cursor)
  if (typeof began !== 'number' || typeof swept !== 'number' || typeof at !== 'number') return undefined
  return {
    began,
    swept,
    at,
    ...(typeof since === 'number' && { since }),
    ...(seenLate === true && { seenLate }),
    ...(isEmpty === true && { isEmpty }),
  }
}

/** The reader's clock at the very first start; undefined where this is the first one. */
export function savedSince(cursor: ReadonlyMap<string, Json>): EpochMs | undefined {
  const { since } = saved(cursor)
  return typeof since === 'number' ? since : undefined
}

function saved(cursor: ReadonlyMap<string, Json>): Readonly<Record<string, Json>> {
  const value = cursor.get(KEY)
  return isObject(value) ? (value as Readonly<Record<string, Json>>) : {}
}
