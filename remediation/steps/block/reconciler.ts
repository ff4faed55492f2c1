import type { Clock } from '../../../core/clock.ts'
import type { Logger } from '../../../service/log/logger.ts'
import { parseTarget, type Target } from '../../domain/target.ts'
import type { AuditWriter } from '../../store/audit-writer.ts'
import type { Block } from '../../store/blocks.ts'
import type { Ledger } from '../../store/ledger.ts'
import type { Containment } from './containment.ts'
import type { Listing } from './nft/listing.ts'
import type { Nftables } from './nft/nftables.ts'
import { RULE_COUNT } from './nft/ruleset.ts'
import { blockSets } from './nft/script.ts'

export interface ReconcilerOptions {
  readonly ledger: Ledger
  readonly auditWriter: AuditWriter
  readonly nftables: Nftables
  readonly containment: Containment
  readonly neverBlock: () => readonly Target[]
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

/** Elements that are about to expire are nobody's mistake, milliseconds. */
const SLACK_MS = 5_000

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
    const { ledger, nftables, containment, neverBlock } = this.#options
    const before = ledger.blocks.all()
    const networks = neverBlock()
    // A list that was made anew is ours to bring there: that the kernel has the old one is no difference.
    if (networks !== this.#prepared && !(await this.prepare(networks))) return undefined
    const first = await nftables.list()
    const ruleset = first === undefined || !isComplete(first, networks)
    if (ruleset && !(await this.prepare(networks))) return undefined
    const listing = ruleset ? await nftables.list() : first
    if (listing === undefined) return undefined
    const wanted = before.filter(
      ({ target }) => !containment.inFlight.has(target) && ledger.blocks.get(target) !== undefined,
    )
    if (this.#isFirst) await this.#believeKernel(wanted, listing)
    this.#isFirst = false
    const missing = wanted.filter(block => !this.#isThere(block, listing))
    const unexpected = this.#unexpected(listing)
    for (const block of wanted) {
      // The process ended between the kernel's answer and the ledger's.
      if (block.state === 'wanted' && !missing.includes(block)) await containment.confirm(block, 'found in the kernel')
    }
    await Promise.all(missing.map(block => containment.enforce(block)))
    await Promise.all(unexpected.map(target => nftables.revert(nftables.plan({ target, seconds: 1, comment: '' }))))
    const differences = {
      ruleset,
      missing: missing.filter(({ state }) => state === 'applied').map(({ target }) => target),
      unexpected: unexpected.map(({ text }) => text),
    }
    await this.#tell(differences)
    return differences
  }

  /** Makes the table as it should be; false where the kernel refuses. */
  async prepare(networks = this.#options.neverBlock()): Promise<boolean> {
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

  #unexpected({ elements }: Listing): readonly Target[] {
    const { ledger, containment } = this.#options
    return [...elements].flatMap(([text, { remaining }]) => {
      const known = containment.inFlight.has(text) || ledger.blocks.get(text) !== undefined
      const target = parseTarget(text)
      return known || remaining * 1_000 < SLACK_MS || target === undefined ? [] : [target]
    })
  }

  async #tell({ ruleset, missing, unexpected }: Differences): Promise<void> {
    const { ledger, auditWriter, logger } = this.#options
    if (!ruleset && missing.length === 0 && unexpected.length === 0) return
    logger.warn('The kernel differed from the ledger and was mended.', {
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
        message: 'the kernel differed from the ledger and was mended',
        evidence: { ruleset, missing: missing.slice(0, 100), unexpected: unexpected.slice(0, 100) },
      }),
    )
  }
}

function isComplete({ sets, rules, allowed }: Listing, neverBlock: readonly Target[]): boolean {
  const named = [...blockSets, 'allow4', 'allow6']
  return (
    named.every(name => sets.has(name)) &&
    rules === RULE_COUNT &&
    allowed.size === neverBlock.length &&
    neverBlock.every(({ text }) => allowed.has(text))
  )
}
