import { MINUTE_MS } from '../../core/clock.ts'
import type { Target } from '../../core/net/target.ts'
import type { ListContent } from '../../service/threat-lists/threat-list.ts'
import type { Finding } from '../domain/evidence.ts'

/** A source that failed is asked again by a delivery after so long, milliseconds. */
export const RETRY_MS = MINUTE_MS

/** One source of threat intelligence. */
export interface IntelligenceSource {
  readonly name: string
  /** Never rejects: on failure the verdict is `unknown`, with the reason. */
  ask(target: Target, signal: AbortSignal): Promise<Finding>
  /** Reads again what has changed, for `ask` and `lookUp`; undefined for a source that is asked over the network. Never rejects. */
  refresh?(): Promise<void>
  /** The same as `ask` without a query: what the source would say now. Undefined for a source that is asked over the network. */
  lookUp?(target: Target): Finding
  /** For metrics and page. */
  state(): SourceState
}

export interface SourceState {
  /** Whether the list could be read, or the provider answered, the last time; undefined before the first. */
  readonly up?: boolean
  /** One sentence where the source says nothing, or says what it said before its last failure. */
  readonly trouble?: string
  /** Undefined for a provider, which is asked over the network. */
  readonly list?: ListContent
}
