import type { EpochMs } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import type { TrustZones } from '../../core/trust-zones.ts'
import type { Dispatcher } from '../../decoding/dispatch.ts'
import type { Claim, Decoding } from '../../decoding/toolkit/record.ts'
import type { RawRecord, SourceRecord } from '../sources/source.ts'
import type { AddressTrust } from './address.ts'
import { attribute, gatewayOf } from './attribution.ts'
import { type Authority, isAuthoritative } from './authority.ts'
import type { SeenCertificate } from './certificates.ts'

/** How a record becomes an event; the same for what is read live and for history. */
export interface Understanding {
  readonly dispatcher: Dispatcher
  readonly zones: TrustZones
  readonly authority: Authority
  readonly addresses: AddressTrust
}

/** What became of one record. */
export type Understood =
  | { readonly kind: 'event'; readonly decoder: string; readonly claim: Claim; readonly event: SecurityEvent }
  | { readonly kind: 'no_signal'; readonly decoder: string; readonly time: EpochMs }
  | { readonly kind: 'telemetry_lost'; readonly decoder: string; readonly time: EpochMs; readonly records: number }
  | { readonly kind: 'certificate'; readonly decoder: string; readonly certificate: SeenCertificate }
  | { readonly kind: 'undecoded'; readonly reason: string }

/** What a record tells, by the decoder that knows its dialect, for the authoritative stream of its signal. */
export function understand(source: string, record: SourceRecord, how: Understanding): Understood {
  const { decoder, decoding } = record.decoded ?? how.dispatcher.decode(record)
  return conclude(source, record, decoder, decoding, how)
}

function conclude(
  source: string,
  record: RawRecord,
  decoder: string,
  decoding: Decoding,
  how: Understanding,
): Understood {
  switch (decoding.kind) {
    case 'claim': {
      const { claim } = decoding
      if (!isAuthoritative(claim, how.authority)) return { kind: 'undecoded', reason: 'not_authoritative' }
      const event = attribute(source, record, claim, how.zones, how.addresses)
      return { kind: 'event', decoder, claim, event }
    }
    case 'no_signal':
      return { kind: 'no_signal', decoder, time: decoding.time }
    case 'telemetry_lost':
      return { kind: 'telemetry_lost', decoder, time: decoding.time, records: decoding.records }
    case 'certificate': {
      const { origin, subject, expires, time } = decoding
      const gateway = gatewayOf(record, origin)
      // Shown at the same door at which the handshakes fail that are counted.
      const trustZone = how.zones.zoneOf({ ...origin, gateway, signal: 'mtls_handshake_failures' })
      return { kind: 'certificate', decoder, certificate: { gateway, trustZone, subject, expires, time } }
    }
    case 'undecoded':
      return { kind: 'undecoded', reason: decoding.reason }
  }
}
