import type { ResolvedPolicy } from '../../language/resolved.ts'
import type { Condition } from '../../model/policy.ts'
import type { RequestPart } from '../../model/request.ts'

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
  /** Whether what it compiles is for the workloads of one Kubernetes namespace. */
  readonly isNamespaced: boolean
  /** What it can compare; a rule that needs more has a loss. */
  readonly expresses: ReadonlySet<RequestPart>
  /** Sentences: under what the compiled policy decides like the policy. They are in the head of the compiled text. */
  readonly assumes: readonly string[]
  /** A sentence: what the staged form does. Absent where there is none. */
  readonly staged?: string
  /** Deterministic: the same policy gives the same text. */
  compile(policy: ResolvedPolicy, options: CompileOptions): Compiled
}

export interface CompileOptions {
  /** Compile to the staged form of the target, which denies nothing. Only of targets that have one. */
  readonly isStaged: boolean
  /** Kubernetes namespace of the objects, whose workloads they protect. */
  readonly namespace: string
  /** Last day that counts as today, `2026-11-30`: rules that expired before are left out. */
  readonly today: string
}

export interface Compiled {
  readonly text: string
  readonly losses: readonly Loss[]
}

/** What a loss is of: a property of a request, a condition, or the ends that the compiled objects are for. */
export type LostPart = RequestPart | Condition['kind'] | 'scope'

/** A part of a rule that the target cannot express. */
export interface Loss {
  readonly rule: string
  readonly part: LostPart
  /** `wider`: the target allows more than the rule; `narrower`: the rule was left out, or allows less. */
  readonly direction: 'wider' | 'narrower'
  /** A sentence: what is lost, and what enforces it instead. */
  readonly message: string
}
