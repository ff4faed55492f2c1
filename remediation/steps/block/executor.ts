import { SerialQueue } from '../../../core/collections/serial-queue.ts'
import { parseTarget } from '../../../core/net/target.ts'
import {
  type DirectExecutor,
  type Drift,
  done,
  type EffectEnd,
  giveUp,
  type StepContext,
  type StepJournal,
  type StepResult,
  type StepTask,
  tryAgain,
} from '../../contracts/step.ts'
import type { Allowlist } from '../../decision/allowlist.ts'
import type { Block } from '../../domain/block.ts'
import type { StepRecord } from '../../domain/step.ts'
import type { Ledger } from '../../store/ledger.ts'
import type { FirewallConfig } from './config.ts'
import { nextOffences } from './escalation.ts'
import { commandRunner, type RunCommand } from './nft/command.ts'
import { createNftables, type Nftables } from './nft/nftables.ts'
import { elementOf, Reconciler, SLACK_MS } from './reconciler.ts'
import { type BlockPlan, block as kind } from './step.ts'

export interface BlockServices {
  readonly firewall: FirewallConfig
  readonly allowlist: Allowlist
  /** Default: the program of the configuration. */
  readonly runNft?: RunCommand | undefined
}

export function connectBlock(context: StepContext, services: BlockServices): DirectExecutor<BlockPlan> {
  const { firewall, allowlist, runNft = commandRunner(firewall.command) } = services
  const nftables = createNftables(runNft, firewall)
  const { ledger, auditWriter, clock, logger } = context
  const networks = () => allowlist.list.networks
  const reconciler = new Reconciler({ ledger, auditWriter, nftables, allowlist: networks, clock, logger })
  return new BlockExecutor(context, { nftables, reconciler, allowlist, interval: firewall.reconcile_interval })
}

const EXPIRY_MS = 1_000

interface BlockParts {
  readonly nftables: Nftables
  readonly reconciler: Reconciler
  readonly allowlist: Allowlist
  /** Milliseconds between comparisons of ledger and kernel. */
  readonly interval: number
}

/** Brings blocks of the ledger into the kernel and out of it. */
class BlockExecutor implements DirectExecutor<BlockPlan> {
  readonly #context: StepContext
  readonly #parts: BlockParts
  readonly connections = []
  readonly tasks: readonly StepTask[]
  #drift: Drift
  /** Two at once would find, and record, the same differences. */
  readonly #comparisons = new SerialQueue()

  constructor(context: StepContext, parts: BlockParts) {
    this.#context = context
    this.#parts = parts
    // Until the first comparison, the kernel has not answered.
    this.#drift = { asked: !context.isActive, count: 0 }
    this.tasks = [
      { name: 'expire blocks', every: EXPIRY_MS, work: () => this.#expire() },
      { name: 'reconcile', every: parts.interval, work: () => this.#reconcile() },
    ]
  }

  get drift(): Drift {
    return this.#drift
  }

  async start(): Promise<void> {
    const isPrepared = !this.#context.isActive || (await this.#parts.reconciler.prepare())
    await this.#releaseProtected()
    // A kernel that did not answer now is asked again by the task.
    if (isPrepared) await this.#reconcile()
  }

  async allowlistChanged(): Promise<void> {
    await this.#releaseProtected()
    await this.#reconcile()
  }

  /** Releases blocks of addresses that were added to the allowlist after they were blocked. */
  async #releaseProtected(): Promise<void> {
    const { ledger, journal, clock } = this.#context
    for (const block of ledger.blocks.all()) {
      const target = parseTarget(block.target)
      const guarded = target && this.#parts.allowlist.list.matchingProtection(target)
      if (guarded === undefined) continue
      const detail = `${guarded.network} is never blocked: ${guarded.reason}`
      const ending: EffectEnd = { state: 'unblocked', detail, actor: 'clawtrust', closesAt: clock.now(), undo: true }
      await endBlock(block, { ledger, journal, ending })
    }
  }

  prepare({ incident, plan }: StepRecord<BlockPlan>, now: number): void {
    const { blocks } = this.#context.ledger
    const { target, length, resetAfter } = plan
    const offences = nextOffences(resetAfter, blocks.offences(target), now, length)
    blocks.create({ target, incident, since: now, expiresAt: now + length, length }, offences)
  }

  recorded({ incident, state, plan: { target } }: StepRecord<BlockPlan>): void {
    const { ledger, clock } = this.#context
    const block = ledger.blocks.get(target)
    if (state === 'pending' || block?.incident !== incident) return
    if (state === 'done') ledger.blocks.confirm(target)
    else ledger.blocks.end(target, block.expiresAt <= clock.now())
  }

  async execute({ incident, plan: { target } }: StepRecord<BlockPlan>): Promise<StepResult> {
    const { ledger, clock } = this.#context
    const block = ledger.blocks.get(target)
    if (block?.incident !== incident) return giveUp('the block has ended')
    const element = elementOf(block, clock.now())
    if (element === undefined) return tryAgain('its time is over')
    const { ok, detail, command } = await this.#parts.nftables.upsert(element)
    return ok ? done(detail, { command }) : tryAgain(detail)
  }

  async verify({ plan: { target, length } }: StepRecord<BlockPlan>): Promise<StepResult> {
    const listing = await this.#parts.nftables.list()
    const found = listing === 'no answer' ? undefined : listing?.elements.get(target)
    if (found === undefined) return tryAgain(`${target} is not in the kernel's set`)
    if (found.remaining * 1_000 > length + SLACK_MS) return tryAgain(`${target} stays longer than was decided`)
    return done(`${target} stays for ${found.remaining} s`, { command: 'found in the kernel' })
  }

  async undo({ plan }: StepRecord<BlockPlan>): Promise<StepResult> {
    const target = parseTarget(plan.target)
    if (target === undefined) return giveUp(`${plan.target} is no address`)
    // Another incident may have blocked it since.
    if (this.#context.ledger.blocks.get(target.text) !== undefined) return done('it is blocked again')
    const { ok, detail } = await this.#parts.nftables.remove(target)
    return ok ? done(detail) : tryAgain(detail)
  }

  async #expire(): Promise<void> {
    const { ledger, journal, clock } = this.#context
    for (const block of ledger.blocks.expired(clock.now())) {
      const ending = { state: 'expired', detail: 'its time is over', actor: 'clawtrust', undo: false } as const
      await endBlock(block, { ledger, journal, ending: { ...ending, ...closing(block, ledger) } })
    }
  }

  async #reconcile(): Promise<void> {
    if (!this.#context.isActive) return
    const found = await this.#comparisons.run(() => this.#parts.reconciler.reconcile())
    const count = found === undefined ? 0 : Number(found.ruleset) + found.missing.length + found.unexpected.length
    this.#drift = { asked: found !== undefined, count }
  }
}

/** The incident stays open for as long after its block as was decided, also where the block was rescheduled. */
function closing({ incident, expiresAt }: Block, { incidents }: Ledger): Pick<EffectEnd, 'closesAt'> {
  const about = incidents.get(incident)
  const decided = about?.facts.expiresAt
  if (about?.closesAt === undefined || decided === undefined) return {}
  return { closesAt: about.closesAt + expiresAt - decided }
}

/** Ends a block in the ledger, then in the kernel; `inTransaction` belongs to the same transaction. */
export async function endBlock(
  { target, incident, since, expiresAt }: Block,
  { ledger, journal, ending }: { readonly ledger: Ledger; readonly journal: StepJournal; readonly ending: EffectEnd },
  inTransaction?: () => void,
): Promise<void> {
  // A plan of another block, or of none, is a damaged one: it must not keep this block from ending.
  const isOfBlock = ({ type, plan }: StepRecord) =>
    type === kind.type && (plan as Partial<BlockPlan> | null)?.target === target
  const step = ledger.steps.of(incident).find(isOfBlock)
  if (step !== undefined) {
    await journal.end(incident, step.position, { ...ending, evidence: { since, expiresAt } }, inTransaction)
    return
  }
  await ledger.write(() => {
    ledger.blocks.end(target, ending.state === 'expired')
    inTransaction?.()
  })
}
