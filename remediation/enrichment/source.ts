import type { Target } from '../../core/net/target.ts'
import type { Finding } from '../domain/evidence.ts'

/** One source of threat intelligence. */
export interface IntelligenceSource {
  readonly name: string
  /** Never rejects: on failure the verdict is `unknown`, with the reason. */
  ask(target: Target, signal: AbortSignal): Promise<Finding>
  /** Reads again what has changed; never rejects. */
  refresh?(): Promise<void>
  /** For metrics and page. */
  state(): SourceState
}

export interface SourceState {
  /** Whether the list could be read, or the provider answered, the last time; undefined before the first. */
  readonly up?: boolean
  /** One sentence where the source says nothing, or says what it said before its last failure. */
  readonly trouble?: string
  /** Undefined for a provider, which is asked over the network. */
  readonly list?: ListState
}

export interface ListState {
  readonly entries: number
  /** Entries that were left out: no address, or far too wide to mean anything. */
  readonly refused: number
  /** Since the file was written that is in use. */
  readonly ageSeconds?: number
}
