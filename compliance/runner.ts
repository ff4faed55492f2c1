import { basename } from 'node:path'
import type { Clock, EpochMs } from '../core/clock.ts'
import type { Logger } from '../service/log/logger.ts'
import { Archive, readArchived } from './archive.ts'
import type { ReportDestination } from './delivery/config.ts'
import { Deliveries } from './delivery/deliveries.ts'
import type { ReportSenders } from './delivery/sending.ts'
import { undelivered } from './delivery/undelivered.ts'
import type { Period } from './evidence/period.ts'
import type { ComplianceMetrics } from './metrics.ts'
import { type ProducedReport, type Production, produce } from './produce.ts'
import { type Due, dueReports, type Schedule } from './schedule/due.ts'
import { serviceFolder } from './schedule/folder-lease.ts'
import type { AcquireLease } from './schedule/lease.ts'

export interface RunnerOptions {
  readonly production: Production
  readonly acquire: AcquireLease
  readonly senders: ReportSenders
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
  /** Deliveries that were given up. */
  readonly dead: number
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
  /** The folder of the reports. */
  readonly archive: Archive
  /** By the monotonic clock: that of the host may be set back. */
  #retryAt = Number.NEGATIVE_INFINITY
  #lookAt = Number.NEGATIVE_INFINITY
  #deliverAt: EpochMs | undefined
  /** Periods that a replica has reported into a folder of its own. */
  #elsewhere: readonly string[] = []

  constructor(options: RunnerOptions) {
    this.#options = options
    this.archive = new Archive(options.production.config.output_dir)
  }

  /** What is due, by the folder of the reports; moves the gauges. */
  async look(): Promise<Due> {
    const { clock, metrics, production } = this.#options
    const archived = await this.archive.reports()
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
    const { clock } = this.#options
    const { periods } = await this.look()
    if (periods.length > 0 && clock.monotonic() >= this.#retryAt) return true
    return clock.monotonic() >= this.#lookAt || clock.now() >= (this.#deliverAt ?? Number.POSITIVE_INFINITY)
  }

  /** Makes and delivers what is due. Rejects only where the lease cannot be asked for. */
  async run(): Promise<RunResult> {
    const { acquire, metrics, clock } = this.#options
    const lease = await acquire()
    if (lease === undefined) {
      metrics.ran('elsewhere', 0)
      return { made: [], isElsewhere: true, failure: undefined, waiting: 0, dead: 0 }
    }
    this.#lookAt = clock.monotonic() + LOOK_MS
    this.#elsewhere = lease.reported
    const made: ProducedReport[] = []
    let failure: unknown
    let [waiting, dead] = [0, 0]
    const signal = AbortSignal.any([lease.signal, this.#stopping.signal])
    try {
      const deliveries = this.#openDeliveries(signal)
      try {
        failure = await this.#makeDue(made, deliveries, signal)
        // Before the deliveries, which may take long.
        await this.look()
        await deliveries.send()
        waiting = deliveries.outbox.count('waiting')
        dead = deliveries.outbox.count('dead')
        metrics.queued(waiting, dead)
        this.#deliverAt = deliveries.nextAt
      } finally {
        await deliveries.close()
      }
    } finally {
      await lease.release(made.map(({ report }) => report.period.name))
    }
    await this.look()
    return { made, isElsewhere: false, failure, waiting, dead }
  }

  /** Queues dead letters again. @returns how many; undefined where another process has the lease */
  async redeliver(id: string): Promise<number | undefined> {
    const lease = await this.#options.acquire()
    if (lease === undefined) return undefined
    const deliveries = this.#openDeliveries(AbortSignal.any([lease.signal, this.#stopping.signal]))
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

  /** @returns why one was not made; those after it are not tried, because a later one would be taken for the newest */
  async #makeDue(made: ProducedReport[], deliveries: Deliveries, signal: AbortSignal): Promise<unknown> {
    const { metrics, clock, logger } = this.#options
    await this.#queueLeft(deliveries)
    const { periods } = await this.look()
    if (clock.monotonic() < this.#retryAt) return undefined
    for (const period of periods) {
      const begun = clock.monotonic()
      try {
        const one = await this.#makeOne(period, deliveries, signal)
        made.push(one)
        metrics.ran('made', clock.monotonic() - begun)
        logger.info('A report was made.', { period: period.name, folder: one.folder })
      } catch (error) {
        if (this.#stopping.signal.aborted) {
          logger.info('A report is not finished, because of the stop; the next start makes it.', {
            period: period.name,
          })
          return error
        }
        this.#retryAt = clock.monotonic() + RETRY_MS
        metrics.ran('failed', 0)
        logger.error('A report could not be made; that is tried again.', { period: period.name, error })
        return error
      }
    }
    return undefined
  }

  /** A process that ends between the report and its deliveries leaves the intent. */
  async #makeOne(period: Period, deliveries: Deliveries, signal: AbortSignal): Promise<ProducedReport> {
    const { production } = this.#options
    const newest = (await this.archive.reports()).at(-1)
    const intent = this.#intent()
    intent.note({ period: period.name, after: newest?.manifest.sequence ?? 0 })
    const one = await produce(period, production, signal).catch(error => {
      intent.clear()
      throw error
    })
    deliveries.add(one.link.report, { folder: basename(one.folder) })
    intent.clear()
    return one
  }

  /** The report that a process wrote and did not queue, as it ended in between. */
  async #queueLeft(deliveries: Deliveries): Promise<void> {
    const intent = this.#intent()
    const left = intent.read()
    if (left === undefined) return
    for (const { folder, manifest } of await this.archive.reports()) {
      if (manifest.period.name !== left.period || manifest.sequence <= left.after) continue
      deliveries.add(manifest.report, { folder })
    }
    intent.clear()
  }

  #intent() {
    return undelivered(serviceFolder(this.#options.production.config.output_dir))
  }

  #openDeliveries(signal: AbortSignal): Deliveries {
    const { production, senders, metrics, random, clock, logger } = this.#options
    return new Deliveries({
      folder: serviceFolder(production.config.output_dir),
      senders,
      giveUpAfter: new Map(production.config.destinations.map(giveUpOf)),
      count: outcome => metrics.delivered(outcome),
      random,
      clock,
      signal,
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
