import type { EpochMs } from '../../../core/clock.ts'
import type { Json } from '../../../service/state/state.ts'
import type { CursorChange } from '../source.ts'

const KEY = 'position'

/** How far an index has been read. */
export interface Position {
  /** Nothing with an ingest time up to this one is counted: the reader began here. */
  readonly began: EpochMs
  /** Everything visible up to this ingest time has been read. */
  readonly swept: EpochMs
  /** The reader's clock when that was so. */
  readonly at: EpochMs
}

export function positionChange(position: Position): CursorChange {
  return { key: KEY, value: { ...position } }
}

/** Undefined where this reader has never read. */
export function savedPosition(cursor: ReadonlyMap<string, Json>): Position | undefined {
  const value = cursor.get(KEY)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const { began, swept, at } = value as Record<string, Json>
  if (typeof began !== 'number' || typeof swept !== 'number' || typeof at !== 'number') return undefined
  return { began, swept, at }
}
