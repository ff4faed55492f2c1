import { DAY_MS } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import { type EntityKind, entityKinds } from '../../core/labels/event.ts'
import { signals } from '../../core/signals.ts'
import type { Metric, SeriesStore } from '../../service/series/series.ts'
import type { Persistent } from '../contracts/persistent.ts'
import type { BoundedTable, Evictions } from './evictions.ts'
import { FirstSeen } from './first-seen.ts'
import { compareObservations, derivedEvent, earliestBy, type Observation, zonePairOf } from './observation.ts'
import type { NetworkOf } from './source-networks.ts'

/** What can be seen for the first time: an entity, or an address that succeeds. */
export type FirstSeenKind = EntityKind | 'success'

/** Starts of the earliest minutes in which a gateway was observed to have something of a kind. */
export type Beginnings = Partial<Record<FirstSeenKind, number>>

/** A gateway that has been observed for less time has no known entities yet: it learns. Seconds. */
const LEARNING = DAY_MS / 1000

/**
 * What a kind is recognised by in an observation, if the observation has it; and the name of its memory for metrics.
 */
const kinds: Readonly<
  Record<FirstSeenKind, { readonly keyOf: (of: Observation) => string | undefined; readonly memory: BoundedTable }>
> = {
  address: { keyOf: ({ network }) => network, memory: 'first_seen_address' },
  identity: { keyOf: ({ identity }) => identity, memory: 'first_seen_identity' },
  device: { keyOf: ({ device }) => device, memory: 'first_seen_device' },
  zone_pair: {
    keyOf: ({ sourceZone, trustZone }) => (sourceZone === undefined ? undefined : zonePairOf(sourceZone, trustZone)),
    memory: 'first_seen_zone_pair',
  },
  // Attempts that fail, however many, make none forgotten who has succeeded.
  success: {
    keyOf: ({ kind, network }) => (kind === 'success' ? network : undefined),
    memory: 'successful_addresses',
  },
}
/** Kinds whose keys are networks of addresses. */
const byNetwork: ReadonlySet<FirstSeenKind> = new Set(['address', 'success'])

export const firstSeenKinds: readonly FirstSeenKind[] = [...entityKinds, 'success']

/**
 * Counts the addresses, identities, devices and pairs of zones that a gateway has not seen in the 30 days before, and
 * derives an event of an address that succeeds and has not in the 30 days before.
 */
export class FirstSeenEntities {
  readonly #metric: Metric
  readonly #evictions: Evictions
  readonly #memories: ReadonlyMap<FirstSeenKind, FirstSeen>

  /**
   * @param capacity most keys of one kind
   * @param networkOf the network by which an address is known
   */
  constructor(store: SeriesStore, evictions: Evictions, capacity: number, networkOf: NetworkOf) {
    this.#evictions = evictions
    this.#metric = store.define({
      name: 'clawtrust_first_seen_entities_total',
      help: 'Source addresses (networks of exporter.source_networks), identities, devices and pairs of trust zones that a gateway had not seen in the 30 days before; none in its first day.',
      type: 'counter',
      labels: ['gateway', 'trust_zone', 'entity'],
      durable: true,
    })
    this.#memories = new Map(
      firstSeenKinds.map(kind => [
        kind,
        new FirstSeen(`seen-${kind}/`, capacity, byNetwork.has(kind) ? networkOf : undefined),
      ]),
    )
  }

  /** First successes of this minute, of all its observations. Minutes of a gateway are derived in order. */
  derive(
    { name, began }: { readonly name: string; readonly began: Beginnings },
    minute: number,
    observations: readonly Observation[],
  ): SecurityEvent[] {
    const successes: Observation[] = []
    for (const [kind, memory] of this.#memories) {
      for (const [key, observation] of earliestBy(observations, kinds[kind].keyOf)) {
        extend(began, kind, minute)
        const isLearning = minute - (began[kind] ?? minute) < LEARNING
        if (memory.see(name, key, minute) || isLearning) continue
        if (kind === 'success') successes.push(observation)
        else this.#metric.series(name, observation.trustZone, kind).value += 1
      }
    }
    const { severity } = signals.first_seen_successes
    const parts = { signal: 'first_seen_successes', outcome: 'success', severity } as const
    return successes.sort(compareObservations).map(observation => derivedEvent(name, observation, parts))
  }

  /** Takes note of an observation and derives nothing: it is late, or of the backfill. */
  note(gateway: string, observation: Observation, minute: number): void {
    for (const [kind, memory] of this.#memories) {
      const key = kinds[kind].keyOf(observation)
      if (key !== undefined) memory.see(gateway, key, minute)
    }
  }

  /** Takes over a key that was last seen in this minute. */
  adopt(gateway: string, kind: FirstSeenKind, key: string, minute: number): void {
    this.#memories.get(kind)?.see(gateway, key, minute)
  }

  /** Forgets what is too old for any gateway that is derived up to about this minute. */
  expire(minute: number): void {
    for (const memory of this.#memories.values()) memory.expire(minute)
  }

  /** Makes room after a minute. */
  shrink(): void {
    for (const [kind, memory] of this.#memories) this.#evictions.count(kinds[kind].memory, memory.shrink())
  }

  get persistents(): readonly Persistent[] {
    return [...this.#memories.values()].flatMap(({ persistents }) => persistents)
  }
}

/** Marks that a kind was seen in this minute. @returns true where that is earlier than was known */
export function extend(beginnings: Beginnings, kind: FirstSeenKind, minute: number): boolean {
  const known = beginnings[kind]
  if (known !== undefined && known <= minute) return false
  beginnings[kind] = minute
  return true
}

/** Kinds that an observation contains. */
export const kindsOf = (observation: Observation) =>
  firstSeenKinds.filter(kind => kinds[kind].keyOf(observation) !== undefined)
