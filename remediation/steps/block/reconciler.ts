import type { Clock, EpochMs } from '../../../core/clock.ts'
import { parseTarget, type Target } from '../../../core/net/target.ts'
import type { Logger } from '../../../service/log/logger.ts'
import type { Block } from '../../domain/block.ts'
import type { AuditWriter } from '../../store/audit-writer.ts'
import type { Ledger } from '../../store/ledger.ts'
import type { Listing } from './nft/listing.ts'
import type { Nftables } from './nft/nftables.ts'
import { RULE_COUNT } from './nft/ruleset.ts'
import { blockSets, type TimedElement } from './nft/script.ts'
import type { BlockPlan } from './step.ts'

export interface ReconcilerOptions {
  readonly ledger: Ledger
  readonly auditWriter: AuditWriter
  readonly nftables: Nftables
  readonly allowlist: () => readonly Target[]
  readonly clock: Clock
  readonly logger: Logger
}

/** What a comparison of ledger and kernel found. */
export interface Differences {
  /** True where the table, a rule or the never-block list was not as it should be. */
  readonly ruleset: boolean
  readonly missing: readonly string[]
  readonly unexpected: readonly string[]
}

/** Elements that are about to expire are no difference, milliseconds. */
export const SLACK_MS = 5_000

/** The element of a block with the time that is left, never more than was decided; undefined where its time is over. */
export function elementOf(block: Block | undefined, now: EpochMs): TimedElement | undefined {
  const target = block && parseTarget(block.target)
  if (block === undefined || target === undefined) return undefined
  const left = Math.min(block.length, block.expiresAt - now)
  return left <= 0 ? undefined : { target, seconds: Math.ceil(left / 1_000), comment: block.incident }
}

/** Compares what should be in the kernel with what is there, and mends it. */
export class Reconciler {
  readonly #options: ReconcilerOptions
  #isFirst = true
  /** The never-block list that was last put into the kernel. */
  #prepared: readonly Target[] | undefined

  constructor(options: ReconcilerOptions) {
    this.#options = options
  }

  /** Undefined where the kernel could not be asked or changed. */
  async reconcile(): Promise<Differences | undefined> {
    const { ledger, nftables, allowlist } = this.#options
    const before = ledger.blocks.all()
    const undoing = ledger.steps.undoing('block').map(({ plan }) => (plan as BlockPlan).target)
    const networks = allowlist()
    // A recompiled list must be written to the kernel first: the previous one there is not a difference.
    if (networks !== this.#prepared && !(await this.prepare(networks))) return undefined
    const first = await nftables.list()
    // A change would wait as long in vain, and a stop of the service with it.
    if (first === 'no answer') return undefined
    const ruleset = first === undefined || !isComplete(first, networks)
    if (ruleset && !(await this.prepare(networks))) return undefined
    const listing = ruleset ? await nftables.list() : first
    if (listing === undefined || listing === 'no answer') return undefined
    const wanted = before.filter(({ target }) => ledger.blocks.get(target) !== undefined)
    if (this.#isFirst) await this.#believeKernel(wanted, listing)
    this.#isFirst = false
    // What was never confirmed in the kernel is the step runner's to execute.
    const missing = wanted.filter(
      block => block.state === 'applied' && !this.#isThere(block, listing) && parseTarget(block.target) !== undefined,
    )
    const unexpected = this.#unexpected(listing, new Set(undoing))
    const now = this.#options.clock.now()
    const elements = missing.flatMap(({ target }) => elementOf(ledger.blocks.get(target), now) ?? [])
    await Promise.all(elements.map(element => nftables.upsert(element)))
    await Promise.all(unexpected.map(target => nftables.remove(target)))
    const differences = {
      ruleset,
      missing: missing.map(({ target }) => target),
      unexpected: unexpected.map(({ text }) => text),
    }
    await this.#report(differences)
    return differences
  }

  /** Makes the table as it should be; false where the kernel refuses. */
  async prepare(networks = this.#options.allowlist()): Promise<boolean> {
    const { nftables, logger } = this.#options
    const prepared = await nftables.prepare(networks)
    this.#prepared = prepared.ok ? networks : undefined
    if (!prepared.ok) logger.error('The firewall cannot be prepared.', { detail: prepared.detail })
    return prepared.ok
  }

  /**
   * While no service ran, the host's clock may have jumped; the kernel has counted on. What it says is left of a block,
   * though never more than was decided, holds from now on.
   */
  async #believeKernel(wanted: readonly Block[], { elements }: Listing): Promise<void> {
    const { ledger, clock } = this.#options
    const now = clock.now()
    const moved = wanted.flatMap(({ target, length, expiresAt }) => {
      const found = elements.get(target)
      const end = now + Math.min(length, (found?.remaining ?? 0) * 1_000)
      return found === undefined || Math.abs(end - expiresAt) < SLACK_MS ? [] : [{ target, end }]
    })
    if (moved.length > 0) {
      await ledger.write(() => {
        for (const { target, end } of moved) ledger.blocks.reschedule(target, end)
      })
    }
  }

  /** A block with more time than was decided is as wrong as one that is not there. */
  #isThere({ target, length, expiresAt }: Block, listing: Listing): boolean {
    const found = listing.elements.get(target)
    if (found === undefined) return expiresAt - this.#options.clock.now() < SLACK_MS
    return found.remaining * 1_000 <= length + SLACK_MS
  }

  #unexpected({ elements }: Listing, undoing: ReadonlySet<string>): readonly Target[] {
    const { ledger } = this.#options
    return [...elements].flatMap(([text, { remaining }]) => {
      const known = undoing.has(text) || ledger.blocks.get(text) !== undefined
      const target = parseTarget(text)
      return known || remaining * 1_000 < SLACK_MS || target === undefined ? [] : [target]
    })
  }

  async #report({ ruleset, missing, unexpected }: Differences): Promise<void> {
    const { ledger, auditWriter, logger } = this.#options
    if (!ruleset && missing.length === 0 && unexpected.length === 0) return
    logger.warn('The kernel differed from the ledger and was corrected.', {
      ruleset,
      missing: missing.length,
      unexpected: unexpected.length,
    })
    await ledger.write(() =>
      auditWriter.recordService('firewall', {
        activity: 'other',
        disposition: 'logged',
        status: 'success',
        severity: 3,
        message: 'the kernel differed from the ledger and was corrected',
        evidence: { ruleset, missing: missing.slice(0, 100), unexpected: unexpected.slice(0, 100) },
      }),
    )
  }
}

function isComplete({ sets, rules, allowed }: Listing, allowlist: readonly Target[]): boolean {
  const named = [...blockSets, 'allow4', 'allow6']
  return (
    named.every(name => sets.has(name)) &&
    rules === RULE_COUNT &&
    allowed.size === allowlist.length &&
    allowlist.every(({ text }) => allowed.has(text))
  )
}
