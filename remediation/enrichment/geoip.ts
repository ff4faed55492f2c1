import { stat } from 'node:fs/promises'
import { open, type Reader, type Response } from 'maxmind'
import type { Clock } from '../../core/clock.ts'
import { ClawtrustError, failureReason } from '../../core/errors.ts'
import type { Target } from '../../core/net/target.ts'

/** What a database knows of an address. */
export interface Place {
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** Name of the database and the day of its build. */
  readonly source: string
}

export interface GeoIp {
  placeOf(target: Target): Place | undefined
  readonly ageSeconds: number
}

/** Records of MaxMind's layout and of the flat one that some free databases have. */
interface CountryRecord {
  readonly country?: { readonly iso_code?: string }
  readonly registered_country?: { readonly iso_code?: string }
  readonly country_code?: string
}

/** Opens a user's database; the whole file is held in memory. */
export async function openGeoIp(file: string, clock: Clock): Promise<GeoIp> {
  let reader: Reader<Response>
  try {
    await stat(file)
    reader = await open(file)
  } catch (cause) {
    const why = failureReason(cause)
    const sentence = `remediation.enrichment.geoip_file: ${file} cannot be read (${why}); name a database in MMDB format`
    throw new ClawtrustError('DATABASE_UNUSABLE', sentence, { cause })
  }
  const { databaseType, buildEpoch, ipVersion } = reader.metadata
  const source = `${databaseType} of ${buildEpoch.toISOString().slice(0, 10)}`
  return {
    get ageSeconds() {
      return Math.max(0, Math.round((clock.now() - buildEpoch.getTime()) / 1_000))
    },
    placeOf(target) {
      // A database of IPv4 alone answers a question about IPv6 with whatever the first bits lead to.
      if (target.family === 6 && ipVersion === 4) return undefined
      const record = reader.get(target.text.replace(/\/.*$/, '')) as CountryRecord | null
      const country = record?.country?.iso_code ?? record?.registered_country?.iso_code ?? record?.country_code
      return country === undefined ? undefined : { country, source }
    },
  }
}
