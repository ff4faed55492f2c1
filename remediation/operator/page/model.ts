import type { EpochMs } from '../../../core/clock.ts'
import type { Delivery } from '../../../service/delivery/outbox.ts'
import type { StepWords } from '../../contracts/step.ts'
import type { Block } from '../../domain/block.ts'
import type { Incident, IncidentState } from '../../domain/incident.ts'
import type { Mode } from '../../domain/playbook.ts'
import type { StepRecord } from '../../domain/step.ts'
import type { SourceState } from '../../enrichment/source.ts'
import type { OpenBreaker } from '../../store/breaker.ts'

/** Everything that the page at `/` shows, as plain data. */
export interface PageModel {
  readonly version: string
  readonly now: EpochMs
  readonly readiness: { readonly ready: boolean; readonly reason?: string }
  /** True where the client may give commands on the page. */
  readonly mayCommand: boolean
  readonly policyVersion: string
  readonly playbooks: readonly PlaybookView[]
  /** Undefined while it is closed. */
  readonly breaker: OpenBreaker | undefined
  /** Differences that the last comparison mended; undefined where the kernel does not answer. */
  readonly drift: number | undefined
  /** `pending` of them are not confirmed by the kernel. */
  readonly blocked: Listed<BlockView> & { readonly pending: number }
  readonly proposals: Listed<IncidentView>
  readonly deadLetters: Listed<Delivery>
  readonly waitingDeliveries: number
  /** Incidents of the last day by state. */
  readonly day: Readonly<Partial<Record<IncidentState, number>>>
  /** Newest first. */
  readonly incidents: readonly IncidentView[]
  readonly intelligence: readonly SourceView[]
}

/** How many there are, and as many of them as a page can show. */
export interface Listed<Row> {
  readonly count: number
  readonly rows: readonly Row[]
}

export interface IncidentView extends Incident {
  readonly steps: readonly StepView[]
}

export interface StepView extends Pick<StepRecord, 'type' | 'state' | 'detail'> {
  readonly words: StepWords
}

export interface BlockView extends Block {
  /** Why; undefined where the incident was pruned. */
  readonly cause: Incident | undefined
}

export interface PlaybookView {
  readonly name: string
  readonly mode: Mode
  readonly steps: readonly string[]
}

export interface SourceView extends SourceState {
  readonly name: string
}
