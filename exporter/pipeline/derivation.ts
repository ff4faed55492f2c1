import type { EpochMs } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import type { SeriesStore } from '../../service/series/series.ts'
import type { Persistent } from '../contracts/persistent.ts'
import { type DerivedGateway, DerivedGateways } from './derived-gateways.ts'
import { earlierDerivation } from './earlier-derivation.ts'
import type { Evictions } from './evictions.ts'
import { extend, FirstSeenEntities, kindsOf } from './first-seen-entities.ts'
import { MINUTE, minuteOf } from './minute-series.ts'
import { compareObservations, isObserved, observationOf } from './observation.ts'
import { PendingObservations } from './pending-observations.ts'
import { type NetworkOf, sourceNetworks } from './source-networks.ts'
import { sourceSetName } from './source-sets.ts'
import { Spray } from './spray.ts'

/** Most entries of each memory. */
export interface DerivationLimits {
  readonly gateways: number
  readonly pending: number
  /** Pending observations of one gateway and minute. */
  readonly perMinute: number
  /** Keys of each kind that are known for 30 days. */
  readonly firstSeen: number
  /** Addresses that have tried identities. */
  readonly attackers: number
}

export const derivationLimits: DerivationLimits = {
  gateways: 20_000,
  pending: 200_000,
  perMinute: 20_000,
  firstSeen: 50_000,
  attackers: 20_000,
}

/** How far the sources of gateways have delivered everything. */
export interface GatewayProgress {
  /** The same set for all gateways that have the same. */
  contributingSourcesOf(gateway: string): ReadonlySet<string>
  watermarkOf(contributingSources: ReadonlySet<string>): EpochMs
}

interface GatewayEnd {
  /** Name of the sources. */
  readonly contributingSources: string
  /** Start of the first minute that is not complete. */
  readonly end: number
}

/** Observations that weigh as much as closing one minute of one series. */
const OBSERVATIONS_A_MINUTE = 50

/**
 * What no single record reports: sprays, first successes and first-seen entities. Each is seen only in the light of the
 * events before, so events are kept until the minute is complete in which they happened, and minutes of a gateway are
 * derived in order, their events by time. The order of reading has no influence. See docs/adr/0009.
 *
 * An event of a minute that has been derived is noted and derives nothing.
 */
export class Derivation {
  readonly #limits: DerivationLimits
  readonly #networkOf: NetworkOf
  readonly #evictions: Evictions
  readonly #gateways = new DerivedGateways()
  readonly #pending: PendingObservations
  readonly #firstSeenEntities: FirstSeenEntities
  readonly #spray: Spray

  constructor(store: SeriesStore, evictions: Evictions, limits = derivationLimits, networkOf = sourceNetworks()) {
    this.#limits = limits
    this.#networkOf = networkOf
    this.#evictions = evictions
    const pending = { capacity: limits.pending, perMinute: limits.perMinute }
    this.#pending = new PendingObservations(pending, networkOf, observations =>
      evictions.count('pending_observations', observations),
    )
    this.#firstSeenEntities = new FirstSeenEntities(store, evictions, limits.firstSeen, networkOf)
    this.#spray = new Spray(limits.attackers, networkOf)
  }

  /** True where `derive` should not wait for the next commit, because little room is left. */
  get isPressed(): boolean {
    return this.#pending.isHalfFull
  }

  /** Takes an event until its minute is derived. @returns false where that has been done: the event is late */
  observe(event: SecurityEvent): boolean {
    if (!isObserved(event)) return true
    const minute = minuteOf(event.eventTime)
    const gateway = this.#gateways.get(event.gateway) ?? this.#begin(event.gateway, minute)
    if (minute > gateway.lastObserved) {
      gateway.lastObserved = minute
      this.#gateways.touch(gateway)
    }
    if (minute >= gateway.next) {
      this.#pending.add(event, minute)
      return true
    }
    const observation = observationOf(event, this.#networkOf)
    this.#firstSeenEntities.note(gateway.name, observation, minute)
    this.#spray.note(gateway.name, observation, minute, gateway.next)
    this.#shrink()
    return false
  }

  /** Takes note of an event of a backfill: its actor is known from then on, and nothing is derived. */
  learn(event: SecurityEvent): void {
    if (!isObserved(event)) return
    const minute = minuteOf(event.eventTime)
    const gateway = this.#gateways.get(event.gateway) ?? this.#begin(event.gateway, minute)
    const observation = observationOf(event, this.#networkOf)
    this.#firstSeenEntities.note(gateway.name, observation, minute)
    for (const kind of kindsOf(observation)) {
      if (extend(gateway.learned, kind, minute)) this.#gateways.touch(gateway)
    }
    this.#shrink()
  }

  /** All backfills are complete: what they do not hold was not there, so gateways have learned for that long. */
  concludeBackfill(): void {
    for (const gateway of this.#gateways.all()) {
      for (const kind of Object.keys(gateway.learned) as (keyof typeof gateway.learned)[]) {
        extend(gateway.began, kind, gateway.learned[kind] ?? Number.POSITIVE_INFINITY)
        delete gateway.learned[kind]
        this.#gateways.touch(gateway)
      }
    }
  }

  /**
   * Derives minutes that are complete, at most about `limit`; a bounded piece of work.
   *
   * @param progress how far the sources of each gateway have delivered everything
   * @returns the derived events, and whether all such minutes are done
   */
  derive(limit: number, progress: GatewayProgress): { events: SecurityEvent[]; isDone: boolean } {
    const events: SecurityEvent[] = []
    const ends = new Map<ReadonlySet<string>, GatewayEnd>()
    let left = limit
    let newest = Number.NEGATIVE_INFINITY
    for (const gateway of this.#gateways.all()) {
      const { contributingSources, end } = endOf(gateway.name, progress, ends)
      if (end > gateway.next) {
        for (const minute of this.#pending.minutes(gateway.name, end)) {
          if (left <= 0) return { events, isDone: false }
          left -= this.#deriveMinute(gateway, minute, events)
        }
        this.#spray.expire(gateway.name, end)
        newest = Math.max(newest, end)
      }
      this.#gateways.advance(gateway, contributingSources, end)
    }
    if (newest > Number.NEGATIVE_INFINITY) this.#firstSeenEntities.expire(newest)
    this.#gateways.level(ends.values().map(({ contributingSources, end }) => [contributingSources, end] as const))
    return { events, isDone: true }
  }

  get persistents(): readonly Persistent[] {
    const earlier = earlierDerivation(this.#networkOf, {
      firstSeen: ({ kind, gateway: name, key, minute, began }) => {
        const gateway = this.#gateways.of(name)
        this.#firstSeenEntities.adopt(name, kind, key, minute)
        extend(gateway.began, kind, began)
        this.#gateways.touch(gateway)
      },
      attempts: attempts => this.#spray.adopt(attempts),
    })
    const parts = [this.#gateways, this.#pending, this.#firstSeenEntities, this.#spray]
    return [...parts.flatMap(({ persistents }) => persistents), ...earlier]
  }

  /** @returns its weight in minutes */
  #deriveMinute(gateway: DerivedGateway, minute: number, events: SecurityEvent[]): number {
    const observations = this.#pending.take(gateway.name, minute)
    const derived = [
      ...this.#firstSeenEntities.derive(gateway, minute, observations),
      ...this.#spray.derive(gateway.name, minute, observations),
    ]
    const inOrder = derived.map(event => ({ event, time: event.eventTime, ...event.record })).sort(compareObservations)
    for (const { event } of inOrder) events.push(event)
    gateway.next = minute + MINUTE
    this.#gateways.touch(gateway)
    this.#shrink()
    return 1 + observations.length / OBSERVATIONS_A_MINUTE
  }

  #begin(name: string, minute: number): DerivedGateway {
    // Before it is there: one that is observed late would be the first to go, with an event that waits.
    const removed = this.#gateways.shrink(this.#limits.gateways - 1)
    for (const { name: other } of removed) {
      this.#pending.giveUp(other)
      this.#spray.expire(other, Number.POSITIVE_INFINITY)
    }
    this.#evictions.count('derived_gateways', removed.length)
    const gateway = this.#gateways.of(name)
    gateway.lastObserved = minute
    return gateway
  }

  #shrink(): void {
    this.#firstSeenEntities.shrink()
    this.#evictions.count('spraying_addresses', this.#spray.shrink())
  }
}

/** The same for all gateways with the same contributing sources, however many there are. */
function endOf(gateway: string, progress: GatewayProgress, known: Map<ReadonlySet<string>, GatewayEnd>): GatewayEnd {
  const sources = progress.contributingSourcesOf(gateway)
  let end = known.get(sources)
  if (end === undefined) {
    end = { contributingSources: sourceSetName(sources), end: minuteOf(progress.watermarkOf(sources)) }
    known.set(sources, end)
  }
  return end
}
