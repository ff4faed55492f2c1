import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../../core/clock.ts'
import { Dispatcher } from '../../service/delivery/dispatcher.ts'
import { OUTBOX, Outbox } from '../../service/delivery/outbox.ts'
import type { Senders } from '../../service/delivery/sender.ts'
import type { Logger } from '../../service/log/logger.ts'
import type { SqliteFormat } from '../../service/sqlite/format.ts'
import { openSqlite } from '../../service/sqlite/open.ts'
import type { DeliveryBody } from './sending.ts'

/** Deliveries that are no longer needed to know what was sent: a year. */
const KEPT_MS = 366 * 86_400_000

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
  readonly senders: Senders
  /** Milliseconds after which a delivery is a dead letter, by destination. */
  readonly giveUpAfter: ReadonlyMap<string, number>
  readonly count: (outcome: 'sent' | 'retried' | 'dead') => void
  readonly random: () => number
  readonly clock: Clock
  readonly logger: Logger
}

/** Deliveries of reports, each once for a report and destination, kept through restarts until they are sent or given up. */
export class Deliveries {
  readonly outbox: Outbox
  readonly #options: DeliveriesOptions
  readonly #database: DatabaseSync
  readonly #dispatcher: Dispatcher

  /** @throws SqliteFault where the database cannot be used */
  constructor(options: DeliveriesOptions) {
    const { folder, senders, count, random, clock, logger } = options
    this.#options = options
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.#database = openSqlite(join(folder, 'deliveries.db'), DELIVERIES, { migrate: true })
    this.outbox = new Outbox(this.#database)
    this.#dispatcher = new Dispatcher({
      outbox: this.outbox,
      write: async change => change(),
      senders,
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

  /** Makes the attempts that are due. */
  send(): Promise<void> {
    return this.#dispatcher.send()
  }

  async close(): Promise<void> {
    await this.#dispatcher.idle()
    this.#database.close()
  }
}
