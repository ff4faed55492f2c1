import { z } from 'zod'
import type { RemediationSetup } from '../../../remediation/app.ts'
import {
  type DirectExecutor,
  done,
  giveUp,
  type StepKind,
  type StepResult,
  tryAgain,
} from '../../../remediation/contracts/step.ts'
import type { AdditionalStep } from '../../../remediation/steps/executors.ts'
import type { Answer, StepFixture, World } from './fixtures.ts'

const schema = z.strictObject({
  type: z.literal('flag').describe('Puts a flag of a colour on the target.'),
  colour: z.string().meta({ placeholder: '<colour>' }).describe('The colour.'),
})

interface FlagPlan {
  readonly target: string
  readonly colour: string
}

/** A kind of step that no part of the product knows: what is true of it follows from the registry alone. */
export const flagKind = {
  type: 'flag',
  schema,
  stage: 'act',
  blocksTarget: false,
  repeatable: true,
  describe: ({ colour }) => `put a ${colour} flag`,
  plan: ({ colour }, { targetText }) =>
    targetText === undefined || targetText === '198.51.100.66'
      ? { reason: 'target_invalid', detail: 'this target takes no flag' }
      : { target: targetText, colour },
  words: ({ target, colour }) => ({
    intent: `put a ${colour} flag on ${target}`,
    effect: `${target} has a ${colour} flag`,
    past: `put a ${colour} flag on ${target}`,
  }),
} as const satisfies StepKind<z.output<typeof schema>, FlagPlan>

export class Flags implements World {
  readonly flags: Set<string>
  answer: Answer = 'well'
  boundary = () => {}
  #waiting: (() => void)[] = []

  readonly setup: Partial<RemediationSetup>

  constructor(flags: Iterable<string> = [], plan: StepKind['plan'] = flagKind.plan) {
    this.flags = new Set(flags)
    const more: AdditionalStep = { kind: { ...flagKind, plan }, connect: () => this.#executor }
    this.setup = { moreSteps: [more] }
  }

  readonly #executor: DirectExecutor<FlagPlan> = {
    connections: [{ name: 'flag register', url: 'https://flags.example/v1' }],
    verify: async ({ plan }) => (this.flags.has(plan.target) ? done('it is there') : tryAgain('it is not there')),
    execute: step => this.#change(() => this.flags.add(step.plan.target)),
    undo: step => this.#change(() => this.flags.delete(step.plan.target)),
  }

  async #change(change: () => void): Promise<StepResult> {
    this.boundary()
    if (this.answer === 'silent') await new Promise<void>(resolve => this.#waiting.push(resolve))
    if (this.answer === 'later') return tryAgain('there is no flag left')
    if (this.answer === 'never') return giveUp('it cannot have a flag')
    change()
    this.boundary()
    return done('the flag is there')
  }

  count = () => this.flags.size

  release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

/** The fixture of the made-up kind. */
export const flagFixture: StepFixture<Flags> = {
  step: { type: 'flag', colour: 'red' },
  config: {},
  timeout: 200,
  createWorld: flags => new Flags(flags?.flags),
  refused: '198.51.100.66',
  canFail: true,
  atMost: 1,
  canUndo: true,
}
