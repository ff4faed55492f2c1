import type { Building } from '../../core/building.ts'
import type { Clock } from '../../core/clock.ts'
import type { Actor, GatewayAccess, SecurityEvent } from '../../core/event.ts'
import type { Flow } from '../../core/flow.ts'
import { type SignalName, signalNames, signals } from '../../core/signals.ts'
import type { TrustZones, ZoneSubject } from '../../core/trust-zones.ts'
import { gatewayReached, isSignIn } from '../../decoding/toolkit/access.ts'
import type { Claim, Origin } from '../../decoding/toolkit/record.ts'
import type { RawRecord } from '../contracts/source.ts'
import type { AddressTrust, SourceAddress } from './address.ts'

/** The gateway of a record that names none. */
export const UNKNOWN_GATEWAY = 'unknown'

/** Signals whose labels name the zones of both ends. */
const betweenZones: ReadonlySet<SignalName> = new Set(signalNames.filter(name => 'source_zone' in signals[name].labels))

/** What an event is made with. */
interface AttributionContext {
  readonly clock: Pick<Clock, 'now'>
  readonly zones: TrustZones
  readonly addresses: AddressTrust
  /** False where nobody asks for the ends of a flow or an access. Default: true. */
  readonly withEnds?: boolean
}

/** Makes an event of a claim: the gateway and trust zone it belongs to, and whether its address may be trusted. */
export function attribute(
  source: string,
  record: RawRecord,
  claim: Claim,
  { clock, zones, addresses, withEnds = true }: AttributionContext,
): SecurityEvent {
  const gateway = gatewayOf(record, claim.origin)
  const address = addresses.resolve(claim.actor)
  const ends = claim.flow && zonesOfEnds(claim.flow, gateway, claim.signal, zones)
  const trustZone = ends?.destination ?? zones.zoneOf(subjectOf(claim, gateway, address))
  const event: Building<SecurityEvent> = {
    signal: claim.signal,
    labels: betweenZones.has(claim.signal) ? between(claim, ends, address, trustZone, zones) : claim.labels,
    outcome: claim.outcome,
    severity: claim.severity,
    // Any client may have written such a line, with any time: minutes of the future would be held until they come.
    eventTime: claim.actor.addressUnknown === 'console_text' ? Math.min(claim.time, clock.now()) : claim.time,
    count: claim.count,
    gateway,
    trustZone,
    actor: actorOf(claim, address),
    record: { source, id: record.id },
  }
  if (claim.change !== undefined) event.change = claim.change
  if (record.ingestTime !== undefined) event.ingestTime = record.ingestTime
  if (claim.approval !== undefined) event.approval = claim.approval
  if (claim.details !== undefined) event.details = claim.details
  if (claim.account !== undefined) event.account = claim.account
  if (claim.code !== undefined) event.code = claim.code
  if (claim.trace !== undefined) event.trace = claim.trace
  if (!withEnds) return event
  if (claim.flow !== undefined) event.flow = claim.flow
  const access = accessOf(claim, address, zones)
  if (access !== undefined) event.access = access
  return event
}

/** The gateway that is configured for the source, else what the record reports: the instance, then the host. */
export function gatewayOf(record: RawRecord, origin: Origin): string {
  return record.gateway ?? origin.serviceInstance ?? origin.host ?? UNKNOWN_GATEWAY
}

function subjectOf({ signal, origin }: Claim, gateway: string, { address, trusted }: SourceAddress): ZoneSubject {
  const { host, service, namespace, workloadLabels, subsystem, route, realm } = origin
  const subject: Building<ZoneSubject> = { gateway, signal }
  if (host !== undefined) subject.host = host
  if (service !== undefined) subject.service = service
  if (namespace !== undefined) subject.namespace = namespace
  if (workloadLabels !== undefined) subject.workloadLabels = workloadLabels
  if (subsystem !== undefined) subject.subsystem = subsystem
  if (route !== undefined) subject.route = route
  if (realm !== undefined) subject.realm = realm
  // A forged address must not choose its own trust zone.
  if (trusted && address !== undefined) subject.address = address
  return subject
}

interface EndZones {
  readonly source: string
  readonly destination: string
}

function zonesOfEnds({ source, destination }: Flow, gateway: string, signal: SignalName, zones: TrustZones): EndZones {
  return {
    source: zones.zoneOfEnd({ ...source, gateway, signal }),
    destination: zones.zoneOfEnd({ ...destination, gateway, signal }),
  }
}

function between(
  { labels }: Claim,
  ends: EndZones | undefined,
  address: SourceAddress,
  trustZone: string,
  zones: TrustZones,
) {
  const source = ends?.source ?? zoneOfSource(address, zones)
  return { ...labels, source_zone: source, destination_zone: trustZone }
}

const zoneOfSource = ({ address, trusted }: SourceAddress, zones: TrustZones): string =>
  zones.zoneOfAddress(trusted && address !== undefined ? address : '')

/** Identities of the stream of security events are hashes, which no policy names. */
function accessOf(claim: Claim, address: SourceAddress, zones: TrustZones): GatewayAccess | undefined {
  if (claim.stream === 'other' || !isSignIn(claim)) return undefined
  const reached = gatewayReached(claim)
  if (reached === undefined) return undefined
  const access: Building<GatewayAccess> = { ...reached, sourceZone: zoneOfSource(address, zones) }
  const { identity } = claim.actor
  if (identity !== undefined && claim.stream !== 'security-event') access.identity = identity
  return access
}

function actorOf({ actor }: Claim, { address, trusted, unknown }: SourceAddress): Actor {
  const known: Building<Actor> = { addressTrusted: trusted }
  if (actor.identity !== undefined) known.identity = actor.identity
  if (actor.device !== undefined) known.device = actor.device
  if (address !== undefined) known.address = address
  if (unknown !== undefined) known.addressUnknown = unknown
  if (actor.deviceCompliance !== undefined) known.deviceCompliance = actor.deviceCompliance
  return known
}
