import type { Clock, EpochMs } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import type { SignalName } from '../../core/signals.ts'
import type { TrustZones } from '../../core/trust-zones.ts'
import type { Decoded, Dispatcher } from '../../decoding/dispatch.ts'
import type { GuardReport } from '../../decoding/toolkit/guard-report.ts'
import type { Claim, Decoding, Origin } from '../../decoding/toolkit/record.ts'
import type { RawRecord, SourceRecord } from '../contracts/source.ts'
import type { AddressTrust } from './address.ts'
import { attribute, gatewayOf } from './attribution.ts'
import { type Authority, isAuthoritative } from './authority.ts'
import type { PostureSubject } from './posture/held-posture.ts'
import type { PostureReport } from './posture/intake.ts'
import type { TransportReport } from './transport.ts'

/** What a record is interpreted with; the same for live reading and for a backfill. */
export interface InterpretContext {
  readonly clock: Pick<Clock, 'now'>
  readonly dispatcher: Dispatcher
  readonly zones: TrustZones
  readonly authority: Authority
  readonly addresses: AddressTrust
  readonly withEnds?: boolean
}

/** What became of one record. */
export type Interpreted =
  | {
      readonly kind: 'event'
      readonly decoder: string
      readonly claim: Claim
      /** The first is that of the claim; the others count where it does. */
      readonly events: readonly [SecurityEvent, ...SecurityEvent[]]
    }
  | { readonly kind: 'no_signal'; readonly decoder: string; readonly time: EpochMs }
  | { readonly kind: 'telemetry_lost'; readonly decoder: string; readonly time: EpochMs; readonly records: number }
  | (TransportReport & { readonly decoder: string })
  | (PostureReport & { readonly decoder: string })
  | {
      readonly kind: 'undecoded'
      readonly decoder: string
      readonly reason: string
      /** The signal that its record would have moved, where only its stream is not authoritative. */
      readonly signal?: SignalName
    }

/** What a record shows of a guard, by its own time. */
export interface InterpretedReport {
  readonly gateway: string
  readonly time: EpochMs
  readonly report: GuardReport
}

/** What a record claims, and the event of it. */
export interface Attributed {
  readonly claim: Claim
  readonly event: SecurityEvent
}

/** With the field that the record lacks, as its dialect says. */
type InterpretedRecord = Interpreted &
  Pick<Decoded, 'lacks'> & {
    /** What it shows of a guard. */
    readonly guard?: InterpretedReport
    /** Also where the record's stream is not authoritative: the authoritative one does not say who approved. */
    readonly selfApproval?: Attributed
    /** What an identity provider says of the device of a sign-in. */
    readonly device?: PostureReport
  }

/** What the decoders make of a record, where its source has not decoded it. */
export const decodedOf = (record: SourceRecord, { dispatcher }: Pick<InterpretContext, 'dispatcher'>): Decoded =>
  record.decoded ?? dispatcher.decode(record)

/** What a record reports, by the decoder of its dialect, for the authoritative stream of its signal. */
export function interpret(
  source: string,
  record: SourceRecord,
  context: InterpretContext,
  { decoder, decoding, lacks, guard: report }: Decoded = decodedOf(record, context),
): InterpretedRecord {
  const interpreted = conclude(source, record, decoder, decoding, context)
  const selfApproval = selfApprovalIn(source, record, decoding, context)
  const guard = guardIn(record, decoding, report)
  const device = deviceIn(record, decoding, context)
  if (lacks === undefined && selfApproval === undefined && guard === undefined && device === undefined) {
    return interpreted
  }
  return {
    ...interpreted,
    ...(lacks && { lacks }),
    ...(selfApproval && { selfApproval }),
    ...(guard && { guard }),
    ...(device && { device }),
  }
}

function conclude(
  source: string,
  record: RawRecord,
  decoder: string,
  decoding: Decoding,
  context: InterpretContext,
): Interpreted {
  switch (decoding.kind) {
    case 'claim': {
      const { claim } = decoding
      if (!isAuthoritative(claim, context.authority)) {
        return { kind: 'undecoded', decoder, reason: 'not_authoritative', signal: claim.signal }
      }
      const event = attribute(source, record, claim, context)
      if (claim.also === undefined) return { kind: 'event', decoder, claim, events: [event] }
      const further = claim.also.map(draft => attribute(source, record, { ...claim, ...draft }, context))
      return { kind: 'event', decoder, claim, events: [event, ...further] }
    }
    case 'no_signal':
      return { kind: 'no_signal', decoder, time: decoding.time }
    case 'telemetry_lost':
      return { kind: 'telemetry_lost', decoder, time: decoding.time, records: decoding.records }
    case 'certificate': {
      const { origin, subject, expires, time, place } = decoding
      const gateway = gatewayOf(record, origin)
      // Shown at the same door at which the handshakes fail that are counted.
      const trustZone = context.zones.zoneOf({ ...origin, gateway, signal: 'mtls_handshake_failures' })
      return {
        kind: 'certificate',
        decoder,
        certificate: { gateway, trustZone, subject, expires, time, ...(place && { place }) },
      }
    }
    case 'tunnel': {
      const { origin, peer, time } = decoding
      const gateway = gatewayOf(record, origin)
      const trustZone = context.zones.zoneOf({ ...origin, gateway, signal: 'posture_drifts' })
      return { kind: 'tunnel', decoder, tunnel: { ...peer, gateway, trustZone, time } }
    }
    case 'posture_snapshot':
    case 'device_state':
    case 'device_tokens':
    case 'configuration_change': {
      const { origin, ...decoded } = decoding
      return { ...decoded, decoder, subject: postureSubject(record, origin, context) }
    }
    case 'undecoded':
      return { kind: 'undecoded', decoder, reason: decoding.reason }
  }
}

function postureSubject(record: RawRecord, origin: Origin, { zones }: InterpretContext): PostureSubject {
  const gateway = gatewayOf(record, origin)
  return { gateway, trustZone: zones.zoneOf({ ...origin, gateway, signal: 'posture_drifts' }) }
}

function guardIn(
  record: RawRecord,
  { time }: Decoding,
  report: GuardReport | undefined,
): InterpretedReport | undefined {
  if (report === undefined || time === undefined) return undefined
  return { gateway: gatewayOf(record, report.origin), time, report }
}

/** Of a refused sign-in too: the provider says it of the device, not of the account. */
function deviceIn(record: RawRecord, decoding: Decoding, context: InterpretContext): PostureReport | undefined {
  if (decoding.kind !== 'claim') return undefined
  const { actor, origin, time } = decoding.claim
  if (actor.device === undefined || actor.deviceCompliance === undefined) return undefined
  const compliant = [String(actor.deviceCompliance === 'compliant')]
  const state = { device: actor.device, set: { compliant } }
  return { kind: 'device_state', time, subject: postureSubject(record, origin, context), state }
}

function selfApprovalIn(
  source: string,
  record: RawRecord,
  decoding: Decoding,
  context: InterpretContext,
): Attributed | undefined {
  if (decoding.kind !== 'claim' || decoding.claim.isSelfApproval === undefined) return undefined
  const { claim } = decoding
  return { claim, event: attribute(source, record, claim, context) }
}
