import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { type Clock, type EpochMs, MINUTE_MS } from '../../core/clock.ts'
import { ClawtrustError } from '../../core/errors.ts'
import { Dispatcher } from '../../service/delivery/dispatcher.ts'
import { type Delivery, OUTBOX, Outbox } from '../../service/delivery/outbox.ts'
import type { Sender } from '../../service/delivery/sender.ts'
import type { Logger } from '../../service/log/logger.ts'
import type { SqliteFormat } from '../../service/sqlite/format.ts'
import { openSqlite } from '../../service/sqlite/open.ts'
import { databaseFailure } from '../../service/sqlite/sqlite-error.ts'
import type { DeliveryBody, ReportSender, ReportSenders } from './sending.ts'

/** Deliveries that are no longer needed to know what was sent: a year. */
const KEPT_MS = 366 * 86_400_000
/** An attempt that takes longer is ended: it would hold up the next report. */
const ATTEMPT_MS = 5 * MINUTE_MS
/** An attempt of which no result is known is made again after this time: the process ended, or the disk was full. */
const UNKNOWN_MS = 15 * MINUTE_MS
/** Longer than any pause: the clock was set back since. */
const LONGEST_PAUSE_MS = 30 * MINUTE_MS
const MOST_WAITING = 10_000

const DELIVERIES: SqliteFormat = {
  // "CTRD" in ASCII.
  applicationId: 0x43545244,
  name: 'the deliveries of reports of clawtrust',
  schema: OUTBOX,
  migrations: [],
  pragmas: 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 1000',
  mode: 0o600,
}

export interface DeliveriesOptions {
  /** Private folder of the process that has the lease. */
  readonly folder: string
  readonly senders: ReportSenders
  /** Milliseconds after which a delivery is a dead letter, by destination. */
  readonly giveUpAfter: ReadonlyMap<string, number>
  readonly count: (outcome: 'sent' | 'retried' | 'dead') => void
  readonly random: () => number
  readonly clock: Clock
  /** Ends attempts that are under way. */
  readonly signal: AbortSignal
  readonly logger: Logger
}

/** Deliveries of reports, each once for a report and destination, kept through restarts until they are sent or given up. */
export class Deliveries {
  readonly outbox: Outbox
  readonly #options: DeliveriesOptions
  readonly #database: DatabaseSync
  readonly #dispatcher: Dispatcher

  /** @throws ClawtrustError STATE_UNUSABLE */
  constructor(options: DeliveriesOptions) {
    const { folder, count, random, clock, logger } = options
    this.#options = options
    this.#database = openDeliveries(folder)
    this.outbox = new Outbox(this.#database)
    this.#mendPauses()
    this.#dispatcher = new Dispatcher({
      outbox: this.outbox,
      write: async change => change(),
      senders: new Map([...options.senders].map(([name, sender]) => [name, this.#boundedSender(sender)])),
      settle: ({ subject, destination }, { ok, detail }) => {
        const fields = { report: subject, destination, detail }
        if (ok) logger.info('A report was delivered.', fields)
      },
      count,
      observe: () => {},
      random,
      clock,
      logger,
    })
  }

  /** Queues a report for every destination; one that is queued already is not sent again. */
  add(report: string, body: DeliveryBody): void {
    const now = this.#options.clock.now()
    for (const [destination, giveUpAfter] of this.#options.giveUpAfter) {
      const giveUpAt = now + giveUpAfter
      this.outbox.add({ subject: report, destination, body: JSON.stringify(body), createdAt: now, giveUpAt })
    }
    this.outbox.prune(now - KEPT_MS)
  }

  /** Makes the attempts that are due, until none is or they are ended. */
  async send(): Promise<void> {
    const { signal } = this.#options
    for (let due = this.#due(); due > 0 && !signal.aborted; ) {
      await this.#dispatcher.send()
      const left = this.#due()
      // Nothing could be written.
      if (left >= due) return
      due = left
    }
  }

  /** When the next attempt is due; undefined where none waits. */
  get nextAt(): EpochMs | undefined {
    const times = this.#waiting().map(({ nextAt }) => nextAt)
    return times.length === 0 ? undefined : Math.min(...times)
  }

  #due(): number {
    const now = this.#options.clock.now()
    return this.#waiting().filter(({ nextAt }) => nextAt <= now).length
  }

  #waiting(): readonly Delivery[] {
    return this.outbox.list('waiting', MOST_WAITING)
  }

  #mendPauses(): void {
    const now = this.#options.clock.now()
    for (const { id } of this.#waiting().filter(({ nextAt }) => nextAt > now + LONGEST_PAUSE_MS))
      this.outbox.postpone(id, now)
  }

  /** Notes the attempt before it is made: what cannot be noted is not sent, or a full disk would have it sent again and again. */
  #boundedSender(sender: ReportSender): Sender {
    const { clock, signal } = this.#options
    return {
      send: delivery => {
        this.outbox.postpone(delivery.id, clock.now() + UNKNOWN_MS)
        return sender.send(delivery, AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)]))
      },
    }
  }

  async close(): Promise<void> {
    await this.#dispatcher.idle()
    this.#database.close()
  }
}

function openDeliveries(folder: string): DatabaseSync {
  const path = join(folder, 'deliveries.db')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return openSqlite(path, DELIVERIES, { migrate: true })
  } catch (cause) {
    throw new ClawtrustError(
      'STATE_UNUSABLE',
      `The deliveries of reports ${path} cannot be opened: ${databaseFailure(cause)}; correct that, or move the file away with its -wal and -shm files: what waits in it is then not delivered.`,
      { cause },
    )
  }
}
