import type { EpochMs } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import { ownText } from '../../core/own-text.ts'
import type { SignalName } from '../../core/signals.ts'
import type { NetworkOf } from './source-networks.ts'

/** What the events of each signal say about their actor. Sprays are derived from attempts, first-seen successes from successes. */
const kinds: Readonly<Record<SignalName, ObservationKind>> = {
  auth_failures: 'attempt',
  auth_successes: 'success',
  auth_lockouts: 'attempt',
  posture_drifts: 'presence',
  policy_decisions: 'presence',
  approvals: 'presence',
  mtls_handshake_failures: 'presence',
  auth_sprays: 'presence',
  first_seen_successes: 'presence',
}

export type ObservationKind = 'attempt' | 'success' | 'presence'

export const kindOf = ({ signal }: SecurityEvent): ObservationKind => kinds[signal]

/** The earliest event of one minute and gateway by which one actor was observed in one way. */
export interface Observation {
  readonly kind: ObservationKind
  readonly trustZone: string
  /** Only where it may be trusted: a forged one would be new each time and would accuse its owner. */
  readonly address: string | undefined
  /** The network of the address: entities, attackers and waiting observations are keyed by it. */
  readonly network: string | undefined
  readonly identity: string | undefined
  readonly device: string | undefined
  /**
   * Where something was decided between two zones: the one from which it was asked for. The other one is `trustZone`.
   */
  readonly sourceZone: string | undefined
  readonly time: EpochMs
  readonly ingestTime: EpochMs | undefined
  readonly source: string
  /** Of the record. */
  readonly id: string
}

/** Whether an event observes an entity. */
export const isObserved = ({ labels, actor }: SecurityEvent) =>
  (actor.address !== undefined && actor.addressTrusted) ||
  actor.identity !== undefined ||
  actor.device !== undefined ||
  labels.source_zone !== undefined

/** One text for the two zones of an observation. */
export function zonePairOf(sourceZone: string, trustZone: string): string {
  return `${sourceZone.length} ${sourceZone} ${trustZone}`
}

/** The address of an event, where it may be trusted. */
export const trustedAddressOf = ({ actor }: SecurityEvent) => (actor.addressTrusted ? actor.address : undefined)

export function observationOf(event: SecurityEvent, networkOf: NetworkOf): Observation {
  const { trustZone, labels, actor, eventTime, ingestTime, record } = event
  const address = trustedAddressOf(event)
  return {
    kind: kindOf(event),
    trustZone,
    address,
    network: address && networkOf(address),
    identity: actor.identity === undefined ? undefined : ownText(actor.identity),
    device: actor.device === undefined ? undefined : ownText(actor.device),
    sourceZone: labels.source_zone,
    time: eventTime,
    ingestTime,
    source: record.source,
    id: record.id,
  }
}

type Moment = Pick<Observation, 'time' | 'source' | 'id'>

/** The order in which minutes are derived: by event time, ties by source and record id. */
export function compareObservations(a: Moment, b: Moment): number {
  if (a.time !== b.time) return a.time - b.time
  if (a.source !== b.source) return a.source < b.source ? -1 : 1
  if (a.id === b.id) return 0
  return a.id < b.id ? -1 : 1
}

/** Whether the event came before the observation, without making an observation of it. */
export function precedes({ eventTime: time, record: { source, id } }: SecurityEvent, held: Observation): boolean {
  return time < held.time || (time === held.time && compareObservations({ time, source, id }, held) < 0)
}

/** The earliest observation by a key; observations without the key are skipped. */
export function earliestBy<K>(
  observations: Iterable<Observation>,
  keyOf: (observation: Observation) => K | undefined,
): Map<K, Observation> {
  const earliest = new Map<K, Observation>()
  for (const observation of observations) {
    const key = keyOf(observation)
    if (key === undefined) continue
    const held = earliest.get(key)
    if (held === undefined || compareObservations(observation, held) < 0) earliest.set(key, observation)
  }
  return earliest
}

/** An event of a derived signal, with the time and the evidence of the observation that brought it. */
export function derivedEvent(
  gateway: string,
  { trustZone, address, identity, device, time, ingestTime, source, id }: Observation,
  parts: Pick<SecurityEvent, 'signal' | 'outcome' | 'severity'>,
): SecurityEvent {
  return {
    ...parts,
    labels: {},
    count: 1,
    eventTime: time,
    ...(ingestTime !== undefined && { ingestTime }),
    gateway,
    trustZone,
    actor: {
      addressTrusted: address !== undefined,
      ...(address !== undefined && { address }),
      ...(identity !== undefined && { identity }),
      ...(device !== undefined && { device }),
    },
    record: { source, id },
  }
}

/** As a row of the state; JSON has no undefined. */
export type ObservationRow = readonly [
  kind: ObservationKind,
  trustZone: string,
  time: EpochMs,
  source: string,
  id: string,
  address: string | null,
  identity: string | null,
  device: string | null,
  sourceZone: string | null,
  ingestTime: EpochMs | null,
]

export function rowOfObservation(observation: Observation): ObservationRow {
  const { kind, trustZone, time, source, id, address, identity, device, sourceZone, ingestTime } = observation
  const optional = [address ?? null, identity ?? null, device ?? null, sourceZone ?? null, ingestTime ?? null] as const
  return [kind, trustZone, time, source, id, ...optional]
}

export function observationOfRow(row: ObservationRow, networkOf: NetworkOf): Observation {
  const [kind, trustZone, time, source, id, address, identity, device, sourceZone, ingestTime] = row
  return {
    kind,
    trustZone,
    time,
    source,
    id,
    address: address ?? undefined,
    network: address === null ? undefined : networkOf(address),
    identity: identity ?? undefined,
    device: device ?? undefined,
    sourceZone: sourceZone ?? undefined,
    ingestTime: ingestTime ?? undefined,
  }
}
