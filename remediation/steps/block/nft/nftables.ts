import type { Target } from '../../../domain/target.ts'
import type { Action, ActionResult } from '../../step.ts'
import type { CommandResult, RunCommand } from './command.ts'
import { type Listing, parseListing } from './listing.ts'
import { type RulesetOptions, rulesetScript } from './ruleset.ts'
import { deleteScript, type TimedElement, upsertScript } from './script.ts'

/** The same address blocked until the kernel itself takes it out. */
export interface BlockPlan {
  readonly element: TimedElement
  /** What is handed to `nft -f -`, alone or in one transaction with others. */
  readonly script: string
}

export interface Nftables extends Action<TimedElement, BlockPlan> {
  /** Makes the table, its rules and the never-block list as they should be. */
  prepare(neverBlock: readonly Target[]): Promise<ActionResult>
  /** What the kernel holds; undefined where the table is not there or cannot be listed. */
  list(): Promise<Listing | undefined>
}

/** Elements of one transaction: nft reads the sets anew for each call, so many go together. */
const MOST_IN_TRANSACTION = 2_000

interface Waiting {
  readonly kind: 'upsert' | 'delete'
  readonly element: TimedElement
  readonly resolve: (result: ActionResult) => void
}

/** Drops what comes from an address, by nftables sets with timeouts of the kernel. One nft runs at a time. */
export function createNftables(run: RunCommand, ruleset: Omit<RulesetOptions, 'neverBlock'>): Nftables {
  return new NftablesAction(run, ruleset)
}

class NftablesAction implements Nftables {
  readonly #run: RunCommand
  readonly #ruleset: Omit<RulesetOptions, 'neverBlock'>
  #waiting: Waiting[] = []
  /** Calls of nft follow each other. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(run: RunCommand, ruleset: Omit<RulesetOptions, 'neverBlock'>) {
    this.#run = run
    this.#ruleset = ruleset
  }

  plan(element: TimedElement): BlockPlan {
    return { element, script: upsertScript(this.#ruleset.table, [element]) }
  }

  apply({ element }: BlockPlan): Promise<ActionResult> {
    return this.#enqueue('upsert', element)
  }

  revert({ element }: BlockPlan): Promise<ActionResult> {
    return this.#enqueue('delete', element)
  }

  async verify({ element }: BlockPlan): Promise<ActionResult> {
    const found = (await this.list())?.elements.get(element.target.text)
    return found === undefined
      ? { ok: false, detail: `${element.target.text} is not in the kernel's set` }
      : { ok: true, detail: `${element.target.text} stays for ${found.remaining} s` }
  }

  describe({ element }: BlockPlan): string {
    return `Drop packets from ${element.target.text} for ${element.seconds} s.`
  }

  prepare(neverBlock: readonly Target[]): Promise<ActionResult> {
    return this.#inTurn(() => this.#transact(rulesetScript({ ...this.#ruleset, neverBlock })))
  }

  list(): Promise<Listing | undefined> {
    return this.#inTurn(async () => {
      const { code, stdout } = await this.#run(['-j', 'list', 'table', 'inet', this.#ruleset.table], '')
      return code === 0 ? parseListing(stdout) : undefined
    })
  }

  #enqueue(kind: Waiting['kind'], element: TimedElement): Promise<ActionResult> {
    return new Promise(resolve => {
      this.#waiting.push({ kind, element, resolve })
      if (this.#waiting.length === 1) void this.#inTurn(() => this.#flush())
    })
  }

  /** What came together while nft ran goes into the next transaction. */
  async #flush(): Promise<void> {
    const batch = this.#waiting
    this.#waiting = []
    for (let from = 0; from < batch.length; from += MOST_IN_TRANSACTION) {
      await this.#settle(batch.slice(from, from + MOST_IN_TRANSACTION))
    }
  }

  /** A transaction that fails is halved until the elements stand alone that the kernel refuses. */
  async #settle(batch: readonly Waiting[]): Promise<void> {
    const result = await this.#transact(this.#script(batch))
    if (result.ok || batch.length === 1) {
      for (const { resolve } of batch) resolve(result)
      return
    }
    const middle = Math.ceil(batch.length / 2)
    await this.#settle(batch.slice(0, middle))
    await this.#settle(batch.slice(middle))
  }

  /** Of several words about one address in a batch, the last holds. */
  #script(batch: readonly Waiting[]): string {
    const last = new Map(batch.map(waiting => [waiting.element.target.text, waiting]))
    const of = (kind: Waiting['kind']) => [...last.values()].filter(waiting => waiting.kind === kind)
    const { table } = this.#ruleset
    const deleted = of('delete').map(({ element }) => element.target)
    return (
      deleteScript(table, deleted) +
      upsertScript(
        table,
        of('upsert').map(({ element }) => element),
      )
    )
  }

  async #transact(script: string): Promise<ActionResult> {
    const result = await this.#run(['-f', '-'], script)
    return result.code === 0 ? { ok: true, detail: 'nft -f - ended with 0' } : { ok: false, detail: sentenceOf(result) }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => undefined)
    return done
  }
}

/** nft's own words for a full set name open files. */
function sentenceOf({ code, stderr }: CommandResult): string {
  const words = (stderr.split('\n').find(line => line.includes('Error')) ?? stderr).trim().slice(0, 300)
  if (words.includes('Too many open files in system')) return "the kernel's set is full"
  if (words.includes('Operation not permitted')) return `nft may not change the firewall (CAP_NET_ADMIN): ${words}`
  return `nft ended with ${code}: ${words}`
}
