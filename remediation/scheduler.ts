import { type Clock, DAY_MS, HOUR_MS, MINUTE_MS } from '../core/clock.ts'
import type { Logger } from '../service/log/logger.ts'
import type { StepTask } from './contracts/step.ts'
import type { Allowlist } from './decision/allowlist.ts'
import type { OpenedSources } from './enrichment/sources.ts'
import type { OperatorCommands } from './operator/commands.ts'
import type { Responder } from './responder/responder.ts'
import type { StepRunner } from './steps/runner.ts'
import type { AuditVerifier } from './store/audit-verifier.ts'
import type { Ledger } from './store/ledger.ts'

export interface SchedulerOptions {
  readonly ledger: Ledger
  readonly verifier: AuditVerifier
  readonly responder: Responder
  readonly runner: StepRunner
  readonly operatorCommands: OperatorCommands
  readonly allowlist: Allowlist
  readonly enrichment: Pick<OpenedSources, 'refresh'>
  /** Milliseconds that closed incidents are kept. */
  readonly retention: number
  readonly ticker: Ticker
  readonly clock: Clock
  readonly logger: Logger
}

/** Calls `tick` again and again, until the function that it gives is called. */
export type Ticker = (tick: () => Promise<void>) => () => void

const TICK_MS = 250

/** Ticks by a timer of the system. */
export const systemTicker: Ticker = tick => {
  const timer = setInterval(() => void tick(), TICK_MS)
  return () => clearInterval(timer)
}

const MAX_RESUMED = 10_000
/** Longer than any reset of a ladder can ask for. */
const OFFENCES_KEPT_MS = 366 * DAY_MS

interface Task extends StepTask {
  dueAt: number
  running: boolean
}

/** What must be done again and again; one task's trouble does not hold up the others. */
export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #tasks: Task[]
  #stopTicking: (() => void) | undefined
  readonly #underWay = new Set<Promise<void>>()

  constructor(options: SchedulerOptions) {
    this.#options = options
    const { runner, operatorCommands, allowlist, enrichment } = options
    const tasks: readonly StepTask[] = [
      {
        name: 'discover what must stay reachable',
        every: MINUTE_MS,
        work: async () => {
          if (await allowlist.refresh()) await runner.allowlistChanged()
        },
      },
      { name: 'read lists and databases that changed', every: 5_000, work: () => enrichment.refresh() },
      { name: 'resume received incidents', every: 5_000, work: async () => this.#resume() },
      { name: 'close what is due', every: 1_000, work: () => this.#close() },
      { name: 'run operator commands', every: 500, work: () => operatorCommands.runWaiting() },
      ...runner.tasks,
      { name: 'verify the audit trail', every: 1_000, work: async () => this.#verify() },
      { name: 'prune', every: HOUR_MS, work: () => this.#prune() },
    ]
    this.#tasks = tasks.map(task => ({ ...task, dueAt: Number.NEGATIVE_INFINITY, running: false }))
  }

  start(): void {
    this.#stopTicking = this.#options.ticker(() => this.tick())
    void this.tick()
  }

  async stop(): Promise<void> {
    this.#stopTicking?.()
    await Promise.all(this.#underWay)
    await this.#options.runner.idle()
  }

  /** Begins every task whose time has come; resolves when no task is under way. */
  async tick(): Promise<void> {
    const now = this.#options.clock.monotonic()
    for (const task of this.#tasks) {
      if (task.running || now < task.dueAt) continue
      task.dueAt = now + task.every
      task.running = true
      const done = this.#do(task).finally(() => this.#underWay.delete(done))
      this.#underWay.add(done)
    }
    await Promise.all(this.#underWay)
  }

  async #do(task: Task): Promise<void> {
    try {
      await task.work()
    } catch (error) {
      this.#options.logger.error('A task failed; it is retried.', { task: task.name, error })
    } finally {
      task.running = false
    }
  }

  #resume(): void {
    const { ledger, responder } = this.#options
    responder.enqueue(ledger.incidents.idsOf('received', MAX_RESUMED))
  }

  /** Lapses proposals that were not answered in time, and closes incidents. */
  async #close(): Promise<void> {
    const { ledger, responder, clock } = this.#options
    const now = clock.now()
    const late = ledger.incidents.overdue(now, MAX_RESUMED)
    if (late.length === 0 && !ledger.incidents.hasDue(now)) return
    await ledger.write(() => {
      for (const id of late) {
        const incident = ledger.incidents.get(id)
        if (incident?.state === 'proposed') responder.expire(incident)
      }
      ledger.incidents.closeDue(now)
    })
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
      ledger.offendingHosts.prune(now - OFFENCES_KEPT_MS)
    })
  }
}
