import type { EpochMs } from '../../core/clock.ts'
import type { Mode } from '../decision/playbook.ts'
import type { ListState } from '../enrichment/source.ts'
import type { Block } from '../ledger/blocks.ts'
import type { Incident } from '../ledger/incidents.ts'
import type { Delivery } from '../ledger/outbox.ts'

/** Everything that the page at `/` shows, as plain data. */
export interface PageModel {
  readonly version: string
  readonly now: EpochMs
  readonly readiness: { readonly ready: boolean; readonly reason?: string }
  readonly policyVersion: string
  readonly playbooks: readonly PlaybookView[]
  /** The cap that opened the breaker. */
  readonly breaker?: string
  /** Differences that the last comparison mended; undefined where the kernel does not answer. */
  readonly drift: number | undefined
  /** All of them; `blocks` holds the newest. */
  readonly blocked: number
  readonly blocks: readonly Block[]
  readonly proposals: readonly Incident[]
  /** Newest first. */
  readonly incidents: readonly Incident[]
  readonly deadLetters: readonly Delivery[]
  readonly waitingDeliveries: number
  readonly lists: readonly ListView[]
}

export interface PlaybookView {
  readonly name: string
  readonly mode: Mode
  readonly steps: readonly string[]
}

export interface ListView extends ListState {
  readonly name: string
}
