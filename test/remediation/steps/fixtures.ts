import type { RemediationSetup } from '../../../remediation/app.ts'
import type { StepType } from '../../../remediation/steps/registry.ts'
import { MemoryKernel } from '../kernel.ts'

/** How the world answers a step: as it should, with an error that may pass, with one that stays, or not at all. */
export type Answer = 'well' | 'later' | 'never' | 'silent'

/** What a step changes, as a test sees it. */
export interface World {
  readonly setup: Partial<RemediationSetup>
  /** How many effects are in force. */
  count(): number
  answer: Answer
  /** Lets go what was not answered. */
  release(): void
  /** Called before and after each change. */
  boundary: () => void
}

/** What the contract test needs of a kind of step; a kind without an entry does not compile. */
export interface StepFixture<Of extends World = World> {
  /** An item of `steps`. */
  readonly step: Readonly<Record<string, unknown>> & { readonly type: string }
  /** Further keys of section `remediation`. */
  readonly config: Readonly<Record<string, unknown>>
  /** Milliseconds until an attempt without an answer has failed. */
  readonly timeout: number
  /** An empty world, or a copy of one. */
  createWorld(of?: Of): Of
  /** A target that the kind itself refuses; undefined where it takes any. */
  readonly refused?: string
  /** False where no error is final. */
  readonly canFail: boolean
  /** Most effects after a crash: 2 where the receiver cannot know a repetition. */
  readonly atMost: 1 | 2
  /** True where what was done can be taken back. */
  readonly canUndo: boolean
}

class Kernel implements World {
  readonly kernel: MemoryKernel
  answer: Answer = 'well'
  boundary = () => {}
  #waiting: (() => void)[] = []

  constructor(kernel = new MemoryKernel()) {
    this.kernel = kernel
  }

  readonly setup: Partial<RemediationSetup> = {
    runNft: async (args, input) => {
      const isChange = /^(?:add|delete) element/.test(input)
      if (isChange) this.boundary()
      const refused = { code: 1, stdout: '', stderr: 'Error: Too many open files in system' }
      if (this.answer === 'silent' && isChange) await new Promise<void>(resolve => this.#waiting.push(resolve))
      if (this.answer === 'later' && isChange) return refused
      const result = await this.kernel.run(args, input)
      if (isChange) this.boundary()
      return result
    },
  }

  count = () => this.kernel.elements.size

  release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

class Receiver implements World {
  received: number
  answer: Answer = 'well'
  boundary = () => {}
  #waiting: (() => void)[] = []

  constructor(received = 0) {
    this.received = received
  }

  readonly setup: Partial<RemediationSetup> = {
    fetch: async (_url, init) => {
      this.boundary()
      if (this.answer === 'later') return new Response('', { status: 503 })
      if (this.answer === 'never') return new Response('', { status: 400 })
      if (this.answer === 'silent') {
        await new Promise<void>((resolve, reject) => {
          this.#waiting.push(resolve)
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
        })
      }
      this.received += 1
      this.boundary()
      return new Response('ok')
    },
  }

  count = () => this.received

  release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

const block: StepFixture<Kernel> = {
  step: { type: 'block', ttl: ['1h'] },
  config: {},
  timeout: 200,
  createWorld: of => new Kernel(of?.kernel.copy()),
  refused: '10.0.0.1',
  canFail: false,
  atMost: 1,
  canUndo: true,
}

const request: StepFixture<Receiver> = {
  step: { type: 'request', destination: 'chat' },
  config: {
    destinations: [{ name: 'chat', template: 'slack', url: 'https://hooks.slack.example/secret', timeout: '1s' }],
  },
  timeout: 1_000,
  createWorld: of => new Receiver(of?.received),
  canFail: true,
  atMost: 2,
  canUndo: false,
}

/** A fixture for each shipped kind. */
export const fixtures: { readonly [T in StepType]: StepFixture } = { block, request }
