import type { Clock } from '../../core/clock.ts'
import { ClawtrustError, Fault, failureReason } from '../../core/errors.ts'
import type { Target } from '../../core/net/target.ts'
import { shared } from '../event-loop/shared.ts'
import { readRegularBytes } from '../files/regular-file.ts'
import { type FoundFile, WatchedFile } from '../files/watched-file.ts'
import { foreignWords } from '../http-client/foreign-words.ts'
import type { Logger } from '../log/logger.ts'
import { type Mmdb, openMmdb } from './mmdb.ts'
import { type AutonomousSystem, autonomousSystemOf, countryOf } from './records.ts'

/** What a database knows of an address. */
export interface Place {
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** Name of the database and the day of its build. */
  readonly source: string
}

/** What a database is read for. */
const contents = { countries: countryOf, 'autonomous systems': autonomousSystemOf } as const

export interface GeoIp {
  /** Never throws: what cannot be read is unknown, and logged once. */
  placeOf(target: Target): Place | undefined
  /** The same for the autonomous system. */
  systemOf(target: Target): AutonomousSystem | undefined
  /** Reads the file again when it has changed; never rejects. The last good database stays in use meanwhile. */
  refresh(): Promise<void>
  /** What is in use: another object after each reading; undefined before the first one that succeeded. */
  readonly database: Mmdb | undefined
  /** Since the database was built. NaN before it was read. */
  readonly ageSeconds: number
  /** One sentence where the file or a record cannot be read. */
  readonly trouble: string | undefined
}

export interface GeoIpOptions {
  /** The key of the configuration that names the file. */
  readonly key: string
  readonly holds: keyof typeof contents
  /** Why a database without any is refused; without a reason it is used. */
  readonly neededBecause?: string
  readonly clock: Clock
  readonly logger: Logger
}

const MAX_BYTES = 1024 * 1024 * 1024
/** Records that are looked at for what a database is read for; a database of another kind has it in none. */
const SAMPLED_RECORDS = 256
const MAX_NAME = 64

/**
 * Opens a user's database; the whole file is held in memory.
 *
 * @throws ClawtrustError DATABASE_UNUSABLE
 */
export async function openGeoIp(file: string, options: GeoIpOptions): Promise<GeoIp> {
  const geoIp = new WatchedGeoIp(file, options)
  await geoIp.open()
  return geoIp
}

/** The same without a first reading: `refresh` reads, and a file that cannot be used is an error of its state. */
export const watchGeoIp = (file: string, options: GeoIpOptions): GeoIp => new WatchedGeoIp(file, options)

class WatchedGeoIp implements GeoIp {
  readonly #path: string
  readonly #options: GeoIpOptions
  readonly #file: WatchedFile<Mmdb>
  #database: Mmdb | undefined
  #fileTrouble: string | undefined
  #recordTrouble: string | undefined
  readonly refresh: () => Promise<void>

  constructor(path: string, options: GeoIpOptions) {
    this.#path = path
    this.#options = options
    this.#file = new WatchedFile(path, file => readDatabase(file, options))
    this.refresh = shared(() => this.#refresh())
  }

  async open(): Promise<void> {
    try {
      this.#database = await this.#file.changed()
    } catch (cause) {
      const { key, holds } = this.#options
      const sentence = `${key}: ${this.#path} cannot be used (${failureReason(cause)}); name a database of ${holds} in MMDB format`
      throw new ClawtrustError('DATABASE_UNUSABLE', sentence, { cause, key })
    }
  }

  get database(): Mmdb | undefined {
    return this.#database
  }

  get ageSeconds(): number {
    const { builtAt = Number.NaN } = this.#database ?? {}
    return Math.max(0, Math.round((this.#options.clock.now() - builtAt) / 1_000))
  }

  get trouble(): string | undefined {
    return this.#fileTrouble ?? this.#recordTrouble
  }

  placeOf(target: Target): Place | undefined {
    const country = countryOf(this.#recordOf(target))
    return country === undefined || this.#database === undefined
      ? undefined
      : { country, source: sourceOf(this.#database) }
  }

  systemOf(target: Target): AutonomousSystem | undefined {
    return autonomousSystemOf(this.#recordOf(target))
  }

  #recordOf(target: Target): unknown {
    try {
      return this.#database?.find(target)
    } catch (error) {
      this.#recordFailed(failureReason(error))
      return undefined
    }
  }

  /** Logged once for each database. */
  #recordFailed(reason: string): void {
    if (this.#recordTrouble !== undefined) return
    this.#recordTrouble = `a record of the GeoIP database cannot be read (${reason})`
    const file = this.#path
    const { logger } = this.#options
    logger.error('A record of the GeoIP database cannot be read; what it says is unknown.', { file, reason })
  }

  async #refresh(): Promise<void> {
    const { logger } = this.#options
    const file = this.#path
    try {
      const database = await this.#file.changed()
      if (database === undefined) return
      this.#database = database
      this.#fileTrouble = undefined
      this.#recordTrouble = undefined
      logger.info('GeoIP database loaded.', { file, age_seconds: this.ageSeconds })
    } catch (error) {
      const reason = failureReason(error)
      const trouble = `the GeoIP database cannot be read (${reason})`
      if (trouble !== this.#fileTrouble) {
        const kept =
          this.#database === undefined
            ? 'The GeoIP database cannot be used; what it says is unknown.'
            : 'The changed GeoIP database cannot be used; the last good one stays in use.'
        logger.error(kept, { file, reason })
      }
      this.#fileTrouble = trouble
    }
  }
}

async function readDatabase({ path }: FoundFile, { holds, neededBecause }: GeoIpOptions): Promise<Mmdb> {
  const database = openMmdb(await readRegularBytes(path, MAX_BYTES))
  // Also where nothing needs it: a record that cannot be read is found.
  const isOfItsKind = Iterator.from(database.sample(SAMPLED_RECORDS)).some(
    record => contents[holds](record) !== undefined,
  )
  if (neededBecause !== undefined && !isOfItsKind) throw new Fault(`it has no ${holds}, and ${neededBecause}`)
  return database
}

/** As it may be shown: the file says it. */
function sourceOf({ databaseType, builtAt }: Mmdb): string {
  return `${foreignWords(databaseType, MAX_NAME)} of ${new Date(builtAt).toISOString().slice(0, 10)}`
}
