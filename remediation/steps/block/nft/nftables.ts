import { SerialQueue } from '../../../../core/collections/serial-queue.ts'
import type { Target } from '../../../../core/net/target.ts'
import { foreignWords } from '../../../../service/http-client/foreign-words.ts'
import { type CommandResult, NO_ANSWER, type RunCommand } from './command.ts'
import { type Listing, parseListing } from './listing.ts'
import { type RulesetOptions, rulesetScript } from './ruleset.ts'
import { deleteScript, type TimedElement, upsertScript } from './script.ts'

/** What a run of nft came to. */
export interface NftResult {
  readonly ok: boolean
  /** One sentence: what was done, or why it was not. */
  readonly detail: string
}

/** What nft is asked for. All of it may be repeated. */
export interface Nftables {
  /** Makes the table, its rules and the never-block list as they should be. */
  prepare(allowlist: readonly Target[]): Promise<NftResult>
  /** Puts an address into its set, with a time after which the kernel takes it out; returns the command. */
  upsert(element: TimedElement): Promise<NftResult & { readonly command: string }>
  remove(target: Target): Promise<NftResult>
  /** What the kernel holds; undefined where the table is not there or cannot be listed. */
  list(): Promise<Listing | 'no answer' | undefined>
}

/** Elements of one transaction: nft reads the sets again for each call, so calls are batched. */
const MAX_IN_TRANSACTION = 2_000

type Change =
  | { readonly kind: 'upsert'; readonly element: TimedElement }
  | { readonly kind: 'delete'; readonly target: Target }

type Waiting = Change & { readonly resolve: (result: NftResult) => void }

const targetOf = (change: Change): Target => (change.kind === 'upsert' ? change.element.target : change.target)

/** Drops what comes from an address, by nftables sets with timeouts of the kernel. One nft runs at a time. */
export function createNftables(run: RunCommand, ruleset: Omit<RulesetOptions, 'allowlist'>): Nftables {
  return new NftablesSets(run, ruleset)
}

class NftablesSets implements Nftables {
  readonly #run: RunCommand
  readonly #ruleset: Omit<RulesetOptions, 'allowlist'>
  #waiting: Waiting[] = []
  #listing: ReturnType<Nftables['list']> | undefined
  /** Calls of nft follow each other. */
  readonly #turns = new SerialQueue()

  constructor(run: RunCommand, ruleset: Omit<RulesetOptions, 'allowlist'>) {
    this.#run = run
    this.#ruleset = ruleset
  }

  async upsert(element: TimedElement): Promise<NftResult & { readonly command: string }> {
    const result = await this.#enqueue({ kind: 'upsert', element })
    return { ...result, command: upsertScript(this.#ruleset.table, [element]) }
  }

  remove(target: Target): Promise<NftResult> {
    return this.#enqueue({ kind: 'delete', target })
  }

  prepare(allowlist: readonly Target[]): Promise<NftResult> {
    return this.#turns.run(() => this.#transact(rulesetScript({ ...this.#ruleset, allowlist })))
  }

  /** Questions that wait for their turn share one answer. */
  list(): ReturnType<Nftables['list']> {
    this.#listing ??= this.#turns.run(async () => {
      this.#listing = undefined
      const { code, stdout } = await this.#run(['-j', 'list', 'table', 'inet', this.#ruleset.table], '')
      if (code === NO_ANSWER) return 'no answer'
      return code === 0 ? parseListing(stdout) : undefined
    })
    return this.#listing
  }

  #enqueue(change: Change): Promise<NftResult> {
    return new Promise(resolve => {
      this.#waiting.push({ ...change, resolve })
      if (this.#waiting.length === 1) void this.#turns.run(() => this.#flush())
    })
  }

  /** What came together while nft ran goes into the next transaction. */
  async #flush(): Promise<void> {
    const batch = this.#waiting
    this.#waiting = []
    for (let from = 0; from < batch.length; from += MAX_IN_TRANSACTION) {
      await this.#settle(batch.slice(from, from + MAX_IN_TRANSACTION))
    }
  }

  /**
   * A transaction that fails is halved until the elements that the kernel refuses are isolated. Where nft did not answer,
   * there is nothing to isolate, and each part would wait as long.
   */
  async #settle(batch: readonly Waiting[]): Promise<void> {
    const result = await this.#transact(this.#script(batch))
    if (result.ok || batch.length === 1 || !result.isAnswered) {
      for (const { resolve } of batch) resolve(result)
      return
    }
    const middle = Math.ceil(batch.length / 2)
    await this.#settle(batch.slice(0, middle))
    await this.#settle(batch.slice(middle))
  }

  /** Of several changes of one address in a batch, the last counts. */
  #script(batch: readonly Waiting[]): string {
    const last = [...new Map(batch.map(change => [targetOf(change).text, change])).values()]
    const { table } = this.#ruleset
    const deleted = last.flatMap(change => (change.kind === 'delete' ? [change.target] : []))
    const upserted = last.flatMap(change => (change.kind === 'upsert' ? [change.element] : []))
    return deleteScript(table, deleted) + upsertScript(table, upserted)
  }

  async #transact(script: string): Promise<NftResult & { readonly isAnswered: boolean }> {
    const result = await this.#run(['-f', '-'], script)
    const isAnswered = result.code !== NO_ANSWER
    if (result.code === 0) return { ok: true, detail: 'nft -f - ended with 0', isAnswered }
    return { ok: false, detail: sentenceOf(result), isAnswered }
  }
}

/** nft's own words for a full set name open files. */
function sentenceOf({ code, stderr }: CommandResult): string {
  if (code === NO_ANSWER && stderr === '') return 'nft did not answer'
  const words = foreignWords(stderr.split('\n').find(line => line.includes('Error')) ?? stderr, 300)
  if (words.includes('Too many open files in system')) return "the kernel's set is full"
  if (words.includes('Operation not permitted'))
    return `nft may not change the firewall; give the service CAP_NET_ADMIN: ${words}`
  return code === NO_ANSWER ? words : `nft ended with ${code}: ${words}`
}
