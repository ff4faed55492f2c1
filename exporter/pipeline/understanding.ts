import type { EpochMs } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import type { TrustZones } from '../../core/trust-zones.ts'
import type { Claim, Decoder, Decoding } from '../decoders/decoder.ts'
import type { RawRecord } from '../sources/source.ts'
import type { AddressTrust } from './address.ts'
import { attribute } from './attribution.ts'
import { type Authority, isAuthoritative } from './authority.ts'

/** How a record becomes an event; the same for what is read live and for history. */
export interface Understanding {
  readonly decoders: readonly Decoder[]
  readonly zones: TrustZones
  readonly authority: Authority
  readonly addresses: AddressTrust
}

/** What became of one record. */
export type Understood =
  | { readonly kind: 'event'; readonly decoder: string; readonly claim: Claim; readonly event: SecurityEvent }
  | { readonly kind: 'no_signal'; readonly decoder: string; readonly time: EpochMs }
  | { readonly kind: 'telemetry_lost'; readonly decoder: string; readonly time: EpochMs; readonly records: number }
  | { readonly kind: 'undecoded'; readonly reason: string }

/** Asks the decoders in turn; the first that knows the record's dialect has the word. */
export function understand(source: string, record: RawRecord, how: Understanding): Understood {
  for (const decoder of how.decoders) {
    const decoding = decoder.decode(record)
    if (decoding !== undefined) return conclude(source, record, decoder.name, decoding, how)
  }
  return { kind: 'undecoded', reason: 'unknown_layout' }
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
    case 'undecoded':
      return { kind: 'undecoded', reason: decoding.reason }
  }
}
