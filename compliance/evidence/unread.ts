import type { EvidenceStore } from '../../core/labels/compliance.ts'
import type { Json } from '../../service/state/state.ts'
import type { Period } from './period.ts'
import type { Reading } from './reading.ts'

/** What was to be read, of which there is nothing. */
export interface Unread {
  readonly store: EvidenceStore
  readonly address?: string
  readonly query: Json
  readonly index?: string
  /** What is missing: a source, an observer, an index. */
  readonly of: string
  /** A clause in own words. */
  readonly reason: string
}

/** The reading of a store that is not configured, or holds nothing about the period: unknown, which is never zero. */
export function unread({ store, address = '', query, index, of, reason }: Unread, { start, end }: Period): Reading {
  return {
    store,
    address,
    query,
    ...(index === undefined ? {} : { index }),
    result: null,
    count: 0,
    value: null,
    newest: null,
    gaps: [{ of, start, end, reason }],
  }
}
