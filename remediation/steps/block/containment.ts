import type { Clock } from '../../../core/clock.ts'
import type { Logger } from '../../../service/log/logger.ts'
import { parseTarget } from '../../domain/target.ts'
import type { Durations, RemediationMetrics } from '../../metrics/definitions.ts'
import type { AuditWriter } from '../../store/audit-writer.ts'
import type { Block } from '../../store/blocks.ts'
import type { Incident } from '../../store/incidents.ts'
import type { Ledger } from '../../store/ledger.ts'
import type { ActionResult } from '../step.ts'
import type { Nftables } from './nft/nftables.ts'
import type { TimedElement } from './nft/script.ts'

export interface ContainmentOptions {
  readonly ledger: Ledger
  readonly auditWriter: AuditWriter
  readonly nftables: Nftables
  readonly metrics: RemediationMetrics
  readonly durations: Durations
  /** Writes the deliveries of an incident that is now in force; inside `Ledger.write`. */
  readonly addDeliveries: (incident: Incident) => void
  readonly clock: Clock
  readonly logger: Logger
}

/** How a block ends. */
export interface Ending {
  readonly state: 'expired' | 'unblocked'
  readonly detail: string
  readonly actor: string
  /** The incident's own closing; default: as planned. */
  readonly closesAt?: number
}

/**
 * Brings blocks of the ledger into the kernel and out of it. The ledger always goes first: whatever dies between two
 * steps, the next comparison of ledger and kernel finishes.
 */
export class Containment {
  readonly #options: ContainmentOptions
  /** Targets on whose way into or out of the kernel somebody is. */
  readonly inFlight = new Set<string>()

  constructor(options: ContainmentOptions) {
    this.#options = options
  }

  /** Puts a block of the ledger into the kernel and confirms it; what fails is tried again by the reconciliation. */
  async enforce(block: Block): Promise<ActionResult> {
    const { nftables, logger } = this.#options
    const element = this.#elementOf(block)
    if (element === undefined) return { ok: true, detail: 'its time is over' }
    const plan = nftables.plan(element)
    this.inFlight.add(block.target)
    try {
      const result = await nftables.apply(plan)
      if (result.ok) await this.confirm(block, plan.script)
      else await this.#tellOfFailure(block, result)
      return result
    } catch (error) {
      logger.error('A block could not be recorded; it is tried again.', { target: block.target, error })
      return { ok: false, detail: 'the ledger could not be written' }
    } finally {
      this.inFlight.delete(block.target)
    }
  }

  /** Records that a block is in the kernel; only the first time counts. */
  async confirm(block: Block, command: string): Promise<void> {
    const { ledger, auditWriter, metrics, durations, addDeliveries, clock } = this.#options
    const begun = await ledger.write(() => {
      const incident = ledger.incidents.get(block.incident)
      ledger.blocks.confirm(block.target)
      if (incident?.state !== 'blocking') return undefined
      const now = ledger.incidents.change(incident, { state: 'blocked', at: clock.now() })
      auditWriter.record(now, {
        activity: 'isolate',
        disposition: 'blocked',
        status: 'success',
        severity: 4,
        message: `${block.target} is blocked for ${block.length / 1_000} s`,
        evidence: { command, ...(incident.facts.mode === undefined ? {} : { mode: incident.facts.mode }) },
      })
      addDeliveries(now)
      return now
    })
    if (begun === undefined) return
    metrics.actions.series('block', begun.facts.mode ?? '', 'applied').value += 1
    durations.observe('block', clock.now() - begun.createdAt)
  }

  /** Ends a block in the ledger, then in the kernel. */
  async end(block: Block, ending: Ending, also: () => void = () => {}): Promise<void> {
    const { ledger, metrics, nftables } = this.#options
    this.inFlight.add(block.target)
    try {
      await ledger.write(() => {
        if (ledger.blocks.get(block.target)?.incident !== block.incident) return
        ledger.blocks.end(block.target)
        this.#tellOfEnding(block, ending)
        also()
      })
      metrics.actions.series('block', '', ending.state).value += 1
      const target = parseTarget(block.target)
      const stays = ending.state === 'expired' || target === undefined
      // The kernel takes out by itself what has expired.
      if (!stays) await nftables.revert(nftables.plan({ target, seconds: 1, comment: block.incident }))
    } finally {
      this.inFlight.delete(block.target)
    }
  }

  /** The element with the time that is left; never more than the block was decided for. */
  #elementOf({ target, incident, expiresAt, length }: Block): TimedElement | undefined {
    const parsed = parseTarget(target)
    const left = Math.min(length, expiresAt - this.#options.clock.now())
    if (parsed === undefined || left <= 0) return undefined
    return { target: parsed, seconds: Math.ceil(left / 1_000), comment: incident }
  }

  #tellOfEnding(block: Block, { state, detail, actor, closesAt }: Ending): void {
    const { ledger, auditWriter, clock } = this.#options
    const incident = ledger.incidents.get(block.incident)
    if (incident === undefined) return
    ledger.incidents.change(incident, {
      state,
      at: clock.now(),
      facts: { detail },
      ...(closesAt === undefined ? {} : { closesAt }),
    })
    auditWriter.record(incident, {
      activity: 'restore',
      disposition: 'restored',
      status: 'success',
      message: `${block.target} is ${state}: ${detail}`,
      evidence: { actor, since: block.since, expiresAt: block.expiresAt },
    })
  }

  /** Told once for each reason, however often it is tried. */
  async #tellOfFailure(block: Block, { detail }: ActionResult): Promise<void> {
    const { ledger, auditWriter, metrics, logger, clock } = this.#options
    metrics.actions.series('block', '', 'failed').value += 1
    await ledger.write(() => {
      const incident = ledger.incidents.get(block.incident)
      if (incident === undefined || incident.facts.detail === detail) return
      ledger.incidents.change(incident, { state: incident.state, at: clock.now(), facts: { detail } })
      auditWriter.record(incident, {
        activity: 'isolate',
        disposition: 'error',
        status: 'failure',
        severity: 4,
        message: `${block.target} could not be blocked: ${detail}`,
        evidence: { detail },
      })
      logger.error('A block could not be put into the kernel; it is tried again.', { target: block.target, detail })
    })
  }
}
