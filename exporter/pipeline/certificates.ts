import { DAY_MS, type EpochMs } from '../../core/clock.ts'
import { BoundedMap } from '../../core/collections/bounded-map.ts'
import type { CertificatePlace } from '../../decoding/toolkit/record.ts'
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
  /** Absent where a client showed it. */
  readonly place?: CertificatePlace
}

/** A certificate that no record has reported for this time is no longer in use. */
const IN_USE_MS = 30 * DAY_MS

/** Most that are watched; the one not shown for longest goes first. */
const CAPACITY = 10_000

/** How often the time at which a certificate was last shown moves on, so that ordinary requests change nothing. */
const FRESHNESS_MS = DAY_MS / 24

/**
 * Until when certificates are valid: of those that verified clients show, of each subject the one shown last; of those
 * that were found in a place, the one that is there now.
 */
export class Certificates implements JsonPersistent {
  readonly key = 'certificates'
  readonly format = 'json'
  readonly #metric: Metric
  readonly #seen = new BoundedMap<string, SeenCertificate>(CAPACITY)
  #changed = false

  constructor(store: SeriesStore) {
    this.#metric = store.define({
      name: 'clawtrust_certificate_expiry_timestamp_seconds',
      help: 'Expiry of the certificate that a verified client presented last (`place` is empty), or that was found in a file or at an endpoint last (`place`), seconds since 1970; exposed for 30 days after that.',
      type: 'gauge',
      labels: ['gateway', 'trust_zone', 'subject', 'place'],
      durable: false,
      limit: CAPACITY,
    })
  }

  see(certificate: SeenCertificate): void {
    const key = keyOf(certificate)
    const known = this.#seen.get(key)
    if (known !== undefined) {
      const moved = certificate.time - known.time
      const isSame =
        known.subject === certificate.subject &&
        known.expires === certificate.expires &&
        known.place?.length === certificate.place?.length
      if (moved < 0 || (moved < FRESHNESS_MS && isSame)) return
      if (known.subject !== certificate.subject) this.#forget(known)
    }
    const longestAgo = this.#seen.set(key, certificate)
    this.#changed = true
    this.#exposeAllAt(certificate)
    if (longestAgo !== undefined) this.#forget(longestAgo)
  }

  /** Forgets those that are no longer in use. */
  expire(now: EpochMs): void {
    for (const certificate of this.#seen.values()) if (now - certificate.time > IN_USE_MS) this.#forget(certificate)
  }

  changes(): readonly ChangedRow<Json>[] {
    if (!this.#changed) return []
    this.#changed = false
    return [{ name: '', value: JSON.parse(JSON.stringify([...this.#seen.values()])) }]
  }

  restore(rows: readonly SavedRow<Json>[]): void {
    for (const certificate of rows.flatMap(({ value }) => value as unknown as SeenCertificate[])) {
      this.#seen.set(keyOf(certificate), certificate)
      this.#expose(certificate)
    }
  }

  /** Certificates of a chain may have changed their positions, so that one that was forgotten is there nevertheless. */
  #exposeAllAt(certificate: SeenCertificate): void {
    this.#expose(certificate)
    const { place } = certificate
    if (place === undefined) return
    const at = (position: number) => this.#seen.get(keyOf({ ...certificate, place: { ...place, position } }))
    for (let position = place.length, gone = at(position); gone !== undefined; gone = at(++position)) this.#forget(gone)
    for (let position = 0; position < place.length; position++) {
      const other = at(position)
      if (other !== undefined) this.#expose(other)
    }
  }

  #expose({ gateway, trustZone, subject, expires, place }: SeenCertificate): void {
    this.#metric.series(gateway, trustZone, subject, place?.name ?? '').value = expires / 1000
  }

  #forget(certificate: SeenCertificate): void {
    this.#seen.delete(keyOf(certificate))
    const { gateway, trustZone, subject, place } = certificate
    this.#metric.remove(gateway, trustZone, subject, place?.name ?? '')
    this.#changed = true
  }
}

const keyOf = ({ gateway, trustZone, subject, place }: SeenCertificate): string =>
  JSON.stringify(place === undefined ? [gateway, trustZone, subject] : [gateway, trustZone, place.name, place.position])
