import type { Clock, EpochMs } from '../core/clock.ts'
import type { Logger } from '../service/log/logger.ts'
import { archivedReports, readArchived } from './archive.ts'
import type { ReportDestination } from './delivery/config.ts'
import { Deliveries, type DeliveriesOptions } from './delivery/deliveries.ts'
import { type Intent, undelivered } from './delivery/undelivered.ts'
import type { ComplianceMetrics } from './metrics.ts'
import { type ProducedReport, type Production, produce } from './produce.ts'
import { type Due, dueReports, type Schedule } from './schedule/due.ts'
import { serviceFolder } from './schedule/folder-lease.ts'
import type { AcquireLease, Lease } from './schedule/lease.ts'

export interface RunnerOptions {
  readonly production: Production
  readonly acquire: AcquireLease
  readonly senders: DeliveriesOptions['senders']
  readonly metrics: ComplianceMetrics
  /** Between 0 and 1. */
  readonly random: () => number
  readonly clock: Clock
  readonly logger: Logger
}

/** What a run has done. */
export interface RunResult {
  readonly made: readonly ProducedReport[]
  /** True where another process has the lease. */
  readonly isElsewhere: boolean
  /** Why a report was not made; the periods after it were not tried. */
  readonly failure: unknown
  /** Deliveries that wait for another attempt. */
  readonly waiting: number
}

/** How long a report that failed is left alone. */
const RETRY_MS = 10 * 60_000
/** How often the outbox is looked at where nothing is due: deliveries that were queued by hand. */
const LOOK_MS = 10 * 60_000

/**
 * Makes what is due, one process at a time: who has the lease makes the reports and delivers them. Reports that failed and
 * deliveries that wait are tried again.
 */
export class ReportRunner {
  readonly #options: RunnerOptions
  readonly #stopping = new AbortController()
  #retryAt: EpochMs = Number.NEGATIVE_INFINITY
  #lookAt: EpochMs = Number.NEGATIVE_INFINITY
  #hasWaiting = true
  /** Periods that a replica has reported into a folder of its own. */
  #elsewhere: readonly string[] = []

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  /** What is due, by the folder of the reports; moves the gauges. */
  async look(): Promise<Due> {
    const { clock, metrics, production } = this.#options
    const archived = await archivedReports(production.config.output_dir)
    const reported = new Set([...archived.map(({ manifest }) => manifest.period.name), ...this.#elsewhere])
    const due = dueReports(scheduleOf(production), reported, clock.now())
    metrics.schedule(due.since, due.next)
    const newest = archived.at(-1)
    if (newest !== undefined && newest.sha256 !== metrics.shown) {
      metrics.show(await readArchived(production.config.output_dir, newest.folder), newest.sha256)
    }
    return due
  }

  /** Whether there is something to do now. */
  async isWanted(): Promise<boolean> {
    const now = this.#options.clock.now()
    const { periods } = await this.look()
    return (periods.length > 0 && now >= this.#retryAt) || this.#hasWaiting || now >= this.#lookAt
  }

  /** Makes and delivers what is due. Rejects only where the lease cannot be asked for. */
  async run(): Promise<RunResult> {
    const { acquire, metrics, clock } = this.#options
    const lease = await acquire()
    if (lease === undefined) {
      metrics.ran('elsewhere', 0)
      return { made: [], isElsewhere: true, failure: undefined, waiting: 0 }
    }
    this.#lookAt = clock.now() + LOOK_MS
    this.#elsewhere = lease.reported
    const made: ProducedReport[] = []
    let failure: unknown
    let waiting = 0
    try {
      const deliveries = this.#openDeliveries()
      try {
        failure = await this.#makeDue(lease, made, deliveries)
        await deliveries.send()
        waiting = deliveries.outbox.count('waiting')
        metrics.queued(waiting, deliveries.outbox.count('dead'))
        this.#hasWaiting = waiting > 0
      } finally {
        await deliveries.close()
      }
    } finally {
      await lease.release(made.map(({ report }) => report.period.name))
    }
    await this.look()
    return { made, isElsewhere: false, failure, waiting }
  }

  /** Queues dead letters again. @returns how many; undefined where another process has the lease */
  async redeliver(id: string): Promise<number | undefined> {
    const lease = await this.#options.acquire()
    if (lease === undefined) return undefined
    const deliveries = this.#openDeliveries()
    try {
      const queued = deliveries.outbox.replay(id, this.#options.clock.now())
      await deliveries.send()
      return queued
    } finally {
      await deliveries.close()
      await lease.release([])
    }
  }

  /** Ends what is under way: a report that is not finished is not written. */
  stop(): void {
    this.#stopping.abort()
  }

  async #makeDue(lease: Lease, made: ProducedReport[], deliveries: Deliveries): Promise<unknown> {
    const { production, metrics, clock, logger } = this.#options
    const { periods } = await this.look()
    const signal = AbortSignal.any([lease.signal, this.#stopping.signal])
    const intent = undelivered(serviceFolder(production.config.output_dir))
    await this.#queueLeft(intent.read(), deliveries)
    for (const period of periods) {
      const begun = clock.monotonic()
      try {
        intent.note({ period: period.name, since: clock.now() })
        const one = await produce(period, production, signal)
        made.push(one)
        deliveries.add(one.link.report, { folder: one.folder })
        intent.clear()
        metrics.ran('made', clock.monotonic() - begun)
        logger.info('A report was made.', { period: period.name, folder: one.folder })
      } catch (error) {
        this.#retryAt = clock.now() + RETRY_MS
        metrics.ran('failed', 0)
        logger.error('A report could not be made; that is tried again.', { period: period.name, error })
        return error
      }
    }
    return undefined
  }

  /** The report that a process wrote and did not queue, as it ended in between. */
  async #queueLeft(intent: Intent | undefined, deliveries: Deliveries): Promise<void> {
    if (intent === undefined) return
    const archived = await archivedReports(this.#options.production.config.output_dir)
    for (const { folder, manifest } of archived) {
      if (manifest.period.name !== intent.period || Date.parse(manifest.generatedAt) < intent.since) continue
      deliveries.add(manifest.report, { folder })
    }
  }

  #openDeliveries(): Deliveries {
    const { production, senders, metrics, random, clock, logger } = this.#options
    return new Deliveries({
      folder: serviceFolder(production.config.output_dir),
      senders,
      giveUpAfter: new Map(production.config.destinations.map(giveUpOf)),
      count: outcome => metrics.delivered(outcome),
      random,
      clock,
      logger,
    })
  }
}

const giveUpOf = ({ name, give_up_after: giveUpAfter }: ReportDestination): [string, number] => [name, giveUpAfter]

const scheduleOf = ({ config: { schedule, time_zone: timeZone, period: unit } }: Production): Schedule => ({
  cron: schedule.cron,
  timeZone,
  unit,
})
