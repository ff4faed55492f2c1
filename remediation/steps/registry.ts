import { z } from 'zod'
import type { StepKind, StepOutcome, StepResults, StepStates, StepWords } from '../contracts/step.ts'
import type { PlannedStep, PlanStep } from '../decision/decide.ts'
import type { StepConfig } from '../domain/playbook.ts'
import type { AuditFacts } from '../store/audit-writer.ts'
import { block } from './block/step.ts'
import { request } from './request/step.ts'

/** The kinds of step that are shipped; each is one folder. Everything else about a kind is asked of it. */
export const stepKinds = { block, request } as const satisfies Readonly<Record<string, StepKind>>

export type StepType = keyof typeof stepKinds

/** A step of a playbook of any shipped kind: an unknown `type` does not compile. */
export type ShippedStep = { readonly [T in StepType]: z.output<(typeof stepKinds)[T]['schema']> }[StepType]

/** A kind with its defaults. */
export interface RegisteredKind extends StepKind {
  readonly states: StepStates
  readonly results: StepResults
  audit(plan: unknown, outcome: StepOutcome): Omit<AuditFacts, 'evidence'>
}

export interface StepRegistry {
  /** In the order of registration. */
  readonly kinds: readonly RegisteredKind[]
  readonly planStep: PlanStep
  /** The kind of this type; for rows of the ledger also one that this program does not have and that plans nothing. */
  get(type: string): RegisteredKind
  /** The kind that decides the state of an incident with these steps: the first that acts, else the first. */
  leading(steps: readonly { readonly type: string }[]): RegisteredKind
  /** The step as it is configured, in a few words. */
  describe(step: StepConfig): string
  /** An item of `remediation.playbooks[].steps`. */
  readonly schema: z.ZodDiscriminatedUnion & z.ZodType<StepConfig>
  /** A planned step in words; a step that this program does not know by its type. */
  words(step: { readonly type: string; readonly plan: unknown }): StepWords
}

const states: StepStates = { pending: 'acting', done: 'done', undone: 'undone' }
const results: StepResults = { done: 'applied', failed: 'failed' }

/** @throws TypeError where two kinds have one type */
export function createStepRegistry(kinds: readonly StepKind[] = Object.values<StepKind>(stepKinds)): StepRegistry {
  const byType = new Map(kinds.map(kind => [kind.type, withDefaults(kind)]))
  if (byType.size < kinds.length) throw new TypeError('two kinds of step have one type')
  const get = (type: string): RegisteredKind => byType.get(type) ?? withDefaults(unregistered(type))
  return {
    kinds: [...byType.values()],
    get,
    schema: z.discriminatedUnion('type', kinds.map(({ schema }) => schema) as [StepKind['schema']]),
    leading: steps => get((steps.find(({ type }) => get(type).stage === 'act') ?? steps[0])?.type ?? ''),
    planStep: (step, input) => {
      const kind = get(step.type)
      const plan = kind.plan(step, input)
      if (isRefusal(plan)) return plan
      return { type: kind.type, plan, blocksTarget: kind.blocksTarget } satisfies PlannedStep
    },
    describe: step => get(step.type).describe(step),
    words: ({ type, plan }) => (plan === null ? unregistered(type) : get(type)).words(plan),
  }
}

/** Stands for a kind whose steps are in the ledger, but not in this program. */
function unregistered(type: string): StepKind {
  return {
    type,
    schema: z.strictObject({ type: z.literal(type) }),
    stage: 'act',
    blocksTarget: false,
    repeatable: true,
    describe: () => type,
    plan: () => {
      throw new TypeError(`there is no kind of step ${type}`)
    },
    words: () => ({ intent: type, effect: type, past: type }),
  }
}

/** The kind with what it leaves to the defaults. */
function withDefaults(kind: StepKind): RegisteredKind {
  const audit = (plan: unknown, { state, detail }: StepOutcome) => audits[state](kind.words(plan), detail)
  return { states, results, audit, ...kind }
}

/** Audit records of kinds that have none of their own. */
const audits: Readonly<
  Record<StepOutcome['state'], (words: StepWords, detail: string) => Omit<AuditFacts, 'evidence'>>
> = {
  done: ({ effect }) => ({
    activity: 'other',
    disposition: 'logged',
    status: 'success',
    severity: 4,
    message: effect,
  }),
  failed: ({ intent }, detail) => ({
    activity: 'other',
    disposition: 'error',
    status: 'failure',
    severity: 4,
    message: `could not ${intent}: ${detail}`,
  }),
  undone: ({ intent }, detail) => ({
    activity: 'restore',
    disposition: 'restored',
    status: 'success',
    message: `undone: ${intent}: ${detail}`,
  }),
}

const isRefusal = (plan: unknown): plan is Extract<ReturnType<PlanStep>, { readonly reason: unknown }> =>
  typeof plan === 'object' && plan !== null && 'reason' in plan
