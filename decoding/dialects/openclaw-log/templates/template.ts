import type { Account } from '../../../../core/event.ts'
import type { Outcome, Severity } from '../../../../core/labels/event.ts'
import type { Decision, Policy, PolicyEngine } from '../../../../core/labels/policy.ts'
import type { DriftKind } from '../../../../core/labels/posture.ts'
import type { SignalName } from '../../../../core/signals.ts'
import { policyDecision } from '../../../toolkit/claims.ts'
import type { PostureFacts } from '../../../toolkit/posture.ts'
import type { ClaimedActor, Pair } from '../../../toolkit/record.ts'
import type { LogLine } from './log-line.ts'

/** The part of a claim that a template extracts from a line; it does not depend on the layout. */
export interface ClaimDraft {
  readonly signal: SignalName
  readonly labels: Readonly<Record<string, string>>
  readonly outcome: Outcome
  readonly severity: Severity
  /** Default: 1. */
  readonly count?: number
  readonly actor?: ClaimedActor
  /** The token of a device whose life it is about. */
  readonly account?: Account
  readonly pair?: Pair
  /** The gateway's port, if the line contains it. */
  readonly port?: number
}

/**
 * `no_signal`: recognised, but moves no signal. A number of lost records. Facts of the gateway's posture. Undefined: not a
 * line of this template.
 */
export type Extraction =
  | ClaimDraft
  | 'no_signal'
  | { readonly lostRecords: number }
  | { readonly facts: PostureFacts }
  | undefined

/** The signals that a template's lines move, for the catalogue. */
export type Moves = SignalName | 'telemetry_lost' | 'posture_facts' | 'no_signal'

/** One message that OpenClaw writes. A new one is one entry in the table of its family and one line in the fixtures. */
export interface Template {
  readonly id: string
  /** Loggers that write it; empty if OpenClaw's source names none. */
  readonly subsystems: readonly string[]
  /** The literal beginning of the text; its first word is complete. */
  readonly prefix: string
  /** `captured` from a real gateway, or only read in OpenClaw's source. */
  readonly evidence: 'captured' | 'source'
  readonly moves: readonly Moves[]
  /** The label values, if all lines of the template have the same ones. */
  readonly labels?: readonly string[]
  /** `rest` is the text after the prefix. */
  readonly read: (line: LogLine, rest: string) => Extraction
}

type TemplateReader = Pick<Template, 'moves' | 'labels' | 'read'>
/** Reads the actor from the text after the prefix. */
type ActorReader = (rest: string) => ClaimedActor

/** Lines of a known template that move no signal. */
export const noSignal: TemplateReader = { moves: ['no_signal'], read: () => 'no_signal' }

export function driftClaim(kind: DriftKind, severity: Severity, actor?: ClaimedActor): ClaimDraft {
  return {
    signal: 'posture_drifts',
    labels: { kind, severity },
    outcome: 'success',
    severity,
    ...(actor === undefined ? {} : { actor }),
  }
}

/** Lines that each report one drift. */
export function drift(kind: DriftKind, severity: Severity, actor?: ActorReader): TemplateReader {
  return {
    moves: ['posture_drifts'],
    labels: [kind, severity],
    read: (_line, rest) => driftClaim(kind, severity, actor?.(rest)),
  }
}

/** Lines that each report one drift of the tokens of a device. */
export function tokenDrift(
  kind: DriftKind,
  severity: Severity,
  actor: ActorReader,
  account: (rest: string) => Account | undefined,
): TemplateReader {
  const { read, ...reader } = drift(kind, severity, actor)
  return {
    ...reader,
    read(_line, rest) {
      const claim = driftClaim(kind, severity, actor(rest))
      const token = account(rest)
      return token === undefined ? claim : { ...claim, account: token }
    },
  }
}

export function decisionClaim(
  engine: PolicyEngine,
  policy: Policy,
  decision: Decision,
  actor?: ClaimedActor,
): ClaimDraft {
  return { ...policyDecision(engine, policy, decision), ...(actor === undefined ? {} : { actor }) }
}

/** Lines that each report one decision. */
export function decided(engine: PolicyEngine, policy: Policy, decision: Decision, actor?: ActorReader): TemplateReader {
  return {
    moves: ['policy_decisions'],
    labels: [engine, policy, decision],
    read: (_line, rest) => decisionClaim(engine, policy, decision, actor?.(rest)),
  }
}

/** The same reader, for lines whose rest passes a check; other lines are not of the template. */
export function guarded(check: (rest: string) => boolean, reader: TemplateReader): TemplateReader {
  return { ...reader, read: (line, rest) => (check(rest) ? reader.read(line, rest) : undefined) }
}
