import type { Clock } from '../../core/clock.ts'
import { ClawtrustError, Fault, failureReason } from '../../core/errors.ts'
import type { Target } from '../../core/net/target.ts'
import { shared } from '../../service/event-loop/shared.ts'
import { readRegularBytes } from '../../service/files/regular-file.ts'
import { foreignWords } from '../../service/http-client/foreign-words.ts'
import type { Logger } from '../../service/log/logger.ts'
import { type Mmdb, openMmdb } from './mmdb.ts'
import { type FoundFile, WatchedFile } from './watched-file.ts'

/** What a database knows of an address. */
export interface Place {
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** Name of the database and the day of its build. */
  readonly source: string
}

export interface GeoIp {
  /** Never throws: what cannot be read is unknown, and logged once. */
  placeOf(target: Target): Place | undefined
  /** Reads the file again when it has changed; never rejects. The last good database stays in use meanwhile. */
  refresh(): Promise<void>
  readonly ageSeconds: number
  /** One sentence where the file or a record cannot be read. */
  readonly trouble: string | undefined
}

export interface GeoIpOptions {
  /** True where a playbook has a condition about countries: a database without any is refused. */
  readonly needsCountries: boolean
  readonly clock: Clock
  readonly logger: Logger
}

const MAX_BYTES = 1024 * 1024 * 1024
/** Records that are looked at for a country; a database of networks or operators has none in any. */
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
      const sentence = `remediation.enrichment.geoip_file: ${this.#path} cannot be used (${failureReason(cause)}); name a database of countries in MMDB format`
      throw new ClawtrustError('DATABASE_UNUSABLE', sentence, { cause, key: 'remediation.enrichment.geoip_file' })
    }
  }

  get ageSeconds(): number {
    const { builtAt = Number.NaN } = this.#database ?? {}
    return Math.max(0, Math.round((this.#options.clock.now() - builtAt) / 1_000))
  }

  get trouble(): string | undefined {
    return this.#fileTrouble ?? this.#recordTrouble
  }

  placeOf(target: Target): Place | undefined {
    if (this.#database === undefined) return undefined
    try {
      const country = countryOf(this.#database.find(target))
      return country === undefined ? undefined : { country, source: sourceOf(this.#database) }
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
    this.#options.logger.error('A record of the GeoIP database cannot be read; its country is unknown.', {
      file,
      reason,
    })
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
        logger.error('The changed GeoIP database cannot be used; the last good one stays in use.', { file, reason })
      }
      this.#fileTrouble = trouble
    }
  }
}

async function readDatabase({ path }: FoundFile, { needsCountries }: GeoIpOptions): Promise<Mmdb> {
  const database = openMmdb(await readRegularBytes(path, MAX_BYTES))
  const hasCountries = Iterator.from(database.sample(SAMPLED_RECORDS)).some(record => countryOf(record) !== undefined)
  if (needsCountries && !hasCountries) throw new Fault('it has no countries, and a playbook has a condition about them')
  return database
}

/** As it may be shown: the file says it. */
function sourceOf({ databaseType, builtAt }: Mmdb): string {
  return `${foreignWords(databaseType, MAX_NAME)} of ${new Date(builtAt).toISOString().slice(0, 10)}`
}

/** Codes of ISO 3166-1 that the user of a database may assign; they stand for unknown. */
const NO_COUNTRY = /^(?:XX|ZZ)$/

/**
 * The country of a record, whatever its layout: that of MaxMind and DB-IP (`country.iso_code`), or a flat one with
 * `country_code` or, as IPinfo's, the code in `country`.
 */
export function countryOf(record: unknown): string | undefined {
  const { country, registered_country: registered, country_code: flat } = Object(record) as Record<string, unknown>
  const candidates = [isoCode(country), isoCode(registered), flat, country]
  const found = candidates.find(code => typeof code === 'string' && /^[A-Za-z]{2}$/.test(code)) as string | undefined
  const code = found?.toUpperCase()
  return code === undefined || NO_COUNTRY.test(code) ? undefined : code
}

const isoCode = (place: unknown): unknown => (Object(place) as { iso_code?: unknown }).iso_code
