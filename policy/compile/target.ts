import type { ResolvedPolicy } from '../language/resolved.ts'
import type { RequestPart } from '../model/request.ts'

/**
 * A kind of enforcement that a policy is compiled for. Every member decides like the evaluator about what it can express;
 * what it cannot is a loss, and a loss never allows more than the policy does unless it says so (`direction`).
 */
export interface Target {
  readonly name: string
  /** What people call it. */
  readonly title: string
  /** Extension of the file: `yaml`, `nft`. */
  readonly extension: string
  /** What it can compare; a rule that needs more has a loss. */
  readonly expresses: ReadonlySet<RequestPart>
  /** Deterministic: the same policy gives the same text. */
  compile(policy: ResolvedPolicy, options: CompileOptions): Compiled
}

export interface CompileOptions {
  /** Compile to the staged or auditing form of the target, where it has one. */
  readonly isStaged: boolean
  /** Kubernetes namespace of the objects. */
  readonly namespace: string
  /** Last day that counts as today, `2026-11-30`: rules that expired before are left out. */
  readonly today: string
}

export interface Compiled {
  readonly text: string
  readonly losses: readonly Loss[]
}

/** A part of a rule that the target cannot express. */
export interface Loss {
  readonly rule: string
  readonly part: string
  /** `wider`: the target allows more than the rule; `narrower`: the rule was left out, or allows less. */
  readonly direction: 'wider' | 'narrower'
  /** A sentence: what is lost, and what enforces it instead. */
  readonly message: string
}
