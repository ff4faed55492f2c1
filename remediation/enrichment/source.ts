import { MINUTE_MS } from '../../core/clock.ts'
import type { Target } from '../../core/net/target.ts'
import type { Finding } from '../domain/evidence.ts'

/** A source that failed is asked again by a delivery after so long, milliseconds. */
export const RETRY_MS = MINUTE_MS

/** One source of threat intelligence. */
export interface IntelligenceSource {
  readonly name: string
  /** Never rejects: on failure the verdict is `unknown`, with the reason. */
  ask(target: Target, signal: AbortSignal): Promise<Finding>
  /** Reads what has changed, so that `lookUp` is up to date; undefined for a source that is asked over the network. Never rejects. */
  refresh?(): Promise<void>
  /** The same as `ask` without a query: what the source would say now. */
  lookUp?(target: Target): Finding
  /** For metrics and page; undefined for a source that is asked over the network. */
  state?(): ListState
}

export interface ListState {
  readonly entries: number
  /** Entries that were left out: no address, or far too wide to mean anything. */
  readonly refused: number
  readonly ageSeconds?: number
  /** One sentence where the list says nothing. */
  readonly trouble?: string
}
