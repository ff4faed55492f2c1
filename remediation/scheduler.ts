import { type Clock, DAY_MS, HOUR_MS, MINUTE_MS } from '../core/clock.ts'
import type { Logger } from '../service/log/logger.ts'
import type { LiveNeverBlock } from './decision/live-never-block.ts'
import { parseTarget } from './domain/target.ts'
import type { OperatorCommands } from './operator/commands.ts'
import type { Responder } from './responder/responder.ts'
import type { Containment } from './steps/block/containment.ts'
import type { Differences, Reconciler } from './steps/block/reconciler.ts'
import type { Dispatcher } from './steps/request/dispatcher.ts'
import type { AuditVerifier } from './store/audit-verifier.ts'
import type { Ledger } from './store/ledger.ts'

export interface MaintenanceOptions {
  readonly ledger: Ledger
  readonly verifier: AuditVerifier
  readonly responder: Responder
  readonly containment: Containment
  readonly dispatcher: Dispatcher
  readonly operatorCommands: OperatorCommands
  readonly neverBlock: LiveNeverBlock
  /** Undefined where no playbook may touch the firewall. */
  readonly reconciler: Reconciler | undefined
  readonly reconcileInterval: number
  /** Milliseconds that closed incidents are kept. */
  readonly retention: number
  readonly clock: Clock
  readonly logger: Logger
}

const TICK_MS = 250
const MOST_AT_ONCE = 10_000
/** Longer than any reset of a ladder can ask for. */
const OFFENCES_KEPT_MS = 366 * DAY_MS

interface Task {
  readonly name: string
  readonly every: number
  readonly work: () => Promise<void>
  dueAt: number
  running: boolean
}

/** What must be done again and again; one task's trouble does not hold up the others. */
export class Maintenance {
  readonly #options: MaintenanceOptions
  readonly #tasks: Task[]
  #timer: NodeJS.Timeout | undefined
  readonly #underWay = new Set<Promise<void>>()
  #differences: Differences | undefined
  #compared = false

  constructor(options: MaintenanceOptions) {
    this.#options = options
    const { dispatcher, operatorCommands, neverBlock, reconcileInterval } = options
    const task = (name: string, every: number, work: () => Promise<unknown>): Task => {
      return { name, every, work: async () => void (await work()), dueAt: Number.NEGATIVE_INFINITY, running: false }
    }
    this.#tasks = [
      task('discover what must stay reachable', MINUTE_MS, async () => {
        if (await neverBlock.refresh()) await this.releaseProtected()
      }),
      task('resume received incidents', 5_000, async () => this.#resume()),
      task('expire', 1_000, () => this.#expire()),
      task('run operator commands', 500, () => operatorCommands.runWaiting()),
      // A receiver that hangs holds up its own delivery only.
      task('dispatch deliveries', 250, async () => void dispatcher.send()),
      task('reconcile', reconcileInterval, () => this.reconcile()),
      task('verify the audit trail', 1_000, async () => this.#verify()),
      task('prune', HOUR_MS, () => this.#prune()),
    ]
  }

  /** What the last comparison with the kernel found; `asked` is false where the kernel did not answer. */
  get drift(): { readonly asked: boolean; readonly count: number } {
    const { ruleset, missing, unexpected } = this.#differences ?? { ruleset: false, missing: [], unexpected: [] }
    const asked = this.#options.reconciler === undefined || !this.#compared || this.#differences !== undefined
    return { asked, count: Number(ruleset) + missing.length + unexpected.length }
  }

  start(): void {
    this.#timer = setInterval(() => this.tick(), TICK_MS)
    this.tick()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.#underWay)
    await this.#options.dispatcher.idle()
  }

  /** Begins every task whose time has come. */
  tick(): void {
    const now = this.#options.clock.monotonic()
    for (const task of this.#tasks) {
      if (task.running || now < task.dueAt) continue
      task.dueAt = now + task.every
      task.running = true
      const done = this.#do(task).finally(() => this.#underWay.delete(done))
      this.#underWay.add(done)
    }
  }

  async reconcile(): Promise<void> {
    this.#differences = await this.#options.reconciler?.reconcile()
    this.#compared = true
  }

  async #do(task: Task): Promise<void> {
    try {
      await task.work()
    } catch (error) {
      this.#options.logger.error('A task failed; it is done again.', { task: task.name, error })
    } finally {
      task.running = false
    }
  }

  #resume(): void {
    const { ledger, responder } = this.#options
    responder.take(ledger.incidents.idsOf('received', MOST_AT_ONCE))
  }

  async #expire(): Promise<void> {
    const { ledger, containment, responder, clock } = this.#options
    const now = clock.now()
    for (const block of ledger.blocks.expired(now)) {
      await containment.end(block, { state: 'expired', detail: 'its time is over', actor: 'clawtrust' })
    }
    const late = ledger.incidents.list(['proposed'], MOST_AT_ONCE).filter(({ facts }) => (facts.expiresAt ?? 0) <= now)
    if (late.length === 0 && !ledger.incidents.hasDue(now)) return
    await ledger.write(() => {
      for (const { id } of late) {
        const incident = ledger.incidents.get(id)
        if (incident?.state === 'proposed') responder.lapse(incident)
      }
      ledger.incidents.closeDue(now)
    })
  }

  /** What was blocked before it came onto the never-block list is let go. */
  async releaseProtected(): Promise<void> {
    const { ledger, neverBlock, containment, clock } = this.#options
    for (const block of ledger.blocks.all()) {
      const target = parseTarget(block.target)
      const guarded = target && neverBlock.list.refusal(target)
      if (guarded === undefined) continue
      const detail = `${guarded.network} is never blocked: ${guarded.reason}`
      await containment.end(block, { state: 'unblocked', detail, actor: 'clawtrust', closesAt: clock.now() })
    }
    await this.reconcile()
  }

  #verify(): void {
    const { verifier } = this.#options
    const before = verifier.fault
    // A page in each slice of a second keeps the event loop free; a trail of 100,000 records is followed in minutes.
    for (let pages = 0; pages < 4 && !verifier.step(); pages++);
    if (before !== verifier.fault)
      this.#options.logger.error('The audit trail does not verify.', { fault: verifier.fault })
  }

  async #prune(): Promise<void> {
    const { ledger, retention, clock } = this.#options
    const now = clock.now()
    await ledger.write(() => {
      ledger.seenAlerts.prune(now - retention)
      ledger.incidents.prune(now - retention)
      ledger.outbox.prune(now - retention)
      ledger.blocks.prune(now, now - OFFENCES_KEPT_MS)
    })
  }
}
