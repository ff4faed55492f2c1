import type { EpochMs } from '../../core/clock.ts'
import type { SeriesStore } from '../../service/series/series.ts'
import type { Persistent } from '../contracts/persistent.ts'
import { Certificates, type SeenCertificate } from './certificates.ts'
import { type SeenTunnel, Tunnels } from './tunnels.ts'

/** What a record shows of the secure transport: no event, but something that is so. */
export type TransportReport =
  | { readonly kind: 'certificate'; readonly certificate: SeenCertificate }
  | { readonly kind: 'tunnel'; readonly tunnel: SeenTunnel }

/** The certificates and the tunnels that were seen last. */
export class Transport {
  readonly #certificates: Certificates
  readonly #tunnels: Tunnels

  constructor(store: SeriesStore) {
    this.#certificates = new Certificates(store)
    this.#tunnels = new Tunnels(store)
  }

  get persistents(): readonly Persistent[] {
    return [this.#certificates, this.#tunnels]
  }

  /** @returns the time of the report */
  see(report: TransportReport): EpochMs {
    if (report.kind === 'certificate') this.#certificates.see(report.certificate)
    else this.#tunnels.see(report.tunnel)
    return report.kind === 'certificate' ? report.certificate.time : report.tunnel.time
  }

  /** Forgets what was not seen for long. */
  clockReached(now: EpochMs): void {
    this.#certificates.expire(now)
    this.#tunnels.expire(now)
  }
}
