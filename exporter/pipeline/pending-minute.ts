import type { SecurityEvent } from '../../core/event.ts'
import { contentHash } from './excess.ts'
import { kindOf, type Observation, type ObservationKind } from './observation.ts'
import type { TimedRow } from './timed-rows.ts'

type ByText = Map<string | undefined, Pending>

/** An observation that waits. The first one of a network also holds those that differ from it in a part that follows. */
export interface Pending extends TimedRow<Pending> {
  readonly gateway: string
  observation: Observation
  identities: ByText | undefined
  devices: ByText | undefined
  sourceZones: ByText | undefined
}

export function newPending(gateway: string, observation: Observation): Pending {
  const { kind, trustZone, network, identity, device, sourceZone } = observation
  const hash = contentHash([kind, trustZone, network, identity, device, sourceZone])
  // Written out: an object that another is spread into takes more memory, and there may be 200,000.
  return {
    gateway,
    observation,
    place: undefined,
    hash,
    identities: undefined,
    devices: undefined,
    sourceZones: undefined,
  }
}

/**
 * The observations of one gateway and minute. They are found by the parts of an event one after the other: a key put
 * together of all of them would cost more than the rest of the work, and a new network costs one entry of one map.
 */
export class PendingMinute {
  readonly #kinds = new Map<ObservationKind, Map<string, ByText>>()
  #all: Pending[] = []

  get size(): number {
    return this.#all.length
  }

  values(): Iterable<Pending> {
    return this.#all
  }

  /** @param network of the event's address */
  find(event: SecurityEvent, network: string | undefined): Pending | undefined {
    const { actor, labels } = event
    let found = this.#kinds.get(kindOf(event))?.get(event.trustZone)?.get(network)
    if (found === undefined) return undefined
    if (found.observation.identity !== actor.identity) found = found.identities?.get(actor.identity)
    if (found === undefined) return undefined
    if (found.observation.device !== actor.device) found = found.devices?.get(actor.device)
    if (found === undefined) return undefined
    if (found.observation.sourceZone === labels.source_zone) return found
    return found.sourceZones?.get(labels.source_zone)
  }

  /** Adds an observation that is not there. */
  add(pending: Pending): void {
    this.#all.push(pending)
    const { kind, trustZone, network, identity, device, sourceZone } = pending.observation
    const networks = this.#networks(kind, trustZone)
    const ofNetwork = networks.get(network)
    if (ofNetwork === undefined) {
      networks.set(network, pending)
      return
    }
    const ofIdentity = ofNetwork.observation.identity === identity ? ofNetwork : ofNetwork.identities?.get(identity)
    if (ofIdentity === undefined) {
      ofNetwork.identities = (ofNetwork.identities ?? new Map()).set(identity, pending)
      return
    }
    const ofDevice = ofIdentity.observation.device === device ? ofIdentity : ofIdentity.devices?.get(device)
    if (ofDevice === undefined) ofIdentity.devices = (ofIdentity.devices ?? new Map()).set(device, pending)
    else ofDevice.sourceZones = (ofDevice.sourceZones ?? new Map()).set(sourceZone, pending)
  }

  /** Removes some; not for one at a time, because the rest is put together again. */
  remove(excess: ReadonlySet<Pending>): void {
    const kept = this.#all.filter(pending => !excess.has(pending))
    this.#kinds.clear()
    this.#all = []
    for (const pending of kept) {
      pending.identities = undefined
      pending.devices = undefined
      pending.sourceZones = undefined
      this.add(pending)
    }
  }

  #networks(kind: ObservationKind, trustZone: string): ByText {
    const zones = this.#kinds.get(kind) ?? new Map<string, ByText>()
    const networks: ByText = zones.get(trustZone) ?? new Map()
    this.#kinds.set(kind, zones)
    zones.set(trustZone, networks)
    return networks
  }
}
