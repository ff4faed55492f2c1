import { DAY_MS, type EpochMs } from '../../core/clock.ts'
import { BoundedMap } from '../../core/collections/bounded-map.ts'
import type { Metric, SeriesStore } from '../../service/series/series.ts'
import type { Json } from '../../service/state/state.ts'
import type { ChangedRow, JsonPersistent, SavedRow } from '../contracts/persistent.ts'

export interface SeenCertificate {
  readonly gateway: string
  readonly trustZone: string
  readonly subject: string
  readonly expires: EpochMs
  /** When it was shown. */
  readonly time: EpochMs
}

/** A certificate that no record has reported for this time is no longer in use. */
const IN_USE_MS = 30 * DAY_MS

/** Most that are watched; the one not shown for longest goes first. */
const CAPACITY = 10_000

/** How often the time at which a certificate was last shown moves on, so that ordinary requests change nothing. */
const FRESHNESS_MS = DAY_MS / 24

/** Until when the certificates are valid that verified clients show: of each subject the one shown last. */
export class Certificates implements JsonPersistent {
  readonly key = 'certificates'
  readonly format = 'json'
  readonly #metric: Metric
  readonly #seen = new BoundedMap<string, SeenCertificate>(CAPACITY)
  #changed = false

  constructor(store: SeriesStore) {
    this.#metric = store.define({
      name: 'clawtrust_certificate_expiry_timestamp_seconds',
      help: 'Expiry of the certificate that a verified client presented last, seconds since 1970; exposed for 30 days after it was presented.',
      type: 'gauge',
      labels: ['gateway', 'trust_zone', 'subject'],
      durable: false,
      limit: CAPACITY,
    })
  }

  see(certificate: SeenCertificate): void {
    const key = keyOf(certificate)
    const known = this.#seen.get(key)
    if (known !== undefined) {
      const moved = certificate.time - known.time
      if (moved < 0 || (moved < FRESHNESS_MS && known.expires === certificate.expires)) return
    }
    const longestAgo = this.#seen.set(key, certificate)
    this.#changed = true
    this.#expose(certificate)
    if (longestAgo !== undefined) this.#forget(longestAgo)
  }

  /** Forgets those that are no longer in use. */
  expire(now: EpochMs): void {
    for (const certificate of this.#seen.values()) if (now - certificate.time > IN_USE_MS) this.#forget(certificate)
  }

  changes(): readonly ChangedRow<Json>[] {
    if (!this.#changed) return []
    this.#changed = false
    return [{ name: '', value: [...this.#seen.values()].map(one => ({ ...one })) }]
  }

  restore(rows: readonly SavedRow<Json>[]): void {
    for (const certificate of rows.flatMap(({ value }) => value as unknown as SeenCertificate[])) {
      this.#seen.set(keyOf(certificate), certificate)
      this.#expose(certificate)
    }
  }

  #expose({ gateway, trustZone, subject, expires }: SeenCertificate): void {
    this.#metric.series(gateway, trustZone, subject).value = expires / 1000
  }

  #forget(certificate: SeenCertificate): void {
    this.#seen.delete(keyOf(certificate))
    this.#metric.remove(certificate.gateway, certificate.trustZone, certificate.subject)
    this.#changed = true
  }
}

const keyOf = ({ gateway, trustZone, subject }: SeenCertificate): string =>
  JSON.stringify([gateway, trustZone, subject])
