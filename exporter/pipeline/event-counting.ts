import { type Clock, DAY_MS } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import type { SeriesStore } from '../../service/series/series.ts'
import type { EventPhase } from '../contracts/subscriber.ts'
import { Approvals } from './approvals.ts'
import { Counters } from './counters.ts'
import { Derivation } from './derivation.ts'
import type { Evictions } from './evictions.ts'
import { minuteOf } from './minute-series.ts'
import type { Minutes } from './minutes.ts'
import { Offenders } from './offenders.ts'
import type { PipelineOptions } from './options.ts'
import { RecentEvents } from './recent-events.ts'
import type { SourceMetrics } from './source-metrics.ts'
import { sourceNetworks } from './source-networks.ts'
import type { Subscribers } from './subscribers.ts'
import { UnknownAddresses } from './unknown-addresses.ts'

/** An event dated further ahead of the clock has no minute: made-up times must not open minutes that close in years. */
const MAX_AHEAD_MS = DAY_MS

/** What events are counted in beside the series, and what the pipeline has of it too. */
export interface CountingParts {
  readonly store: SeriesStore
  readonly clock: Clock
  readonly minutes: Minutes
  readonly metrics: SourceMetrics
  readonly evictions: Evictions
  readonly subscribers: Subscribers
}

/** Counts events that were admitted: in the series, in their minute, and in what is derived from them. */
export class EventCounting {
  readonly approvals: Approvals
  readonly derivation: Derivation
  readonly offenders: Offenders
  readonly recent = new RecentEvents()
  readonly #clock: Clock
  readonly #counters: Counters
  readonly #unknownAddresses: UnknownAddresses
  readonly #minutes: Minutes
  readonly #metrics: SourceMetrics
  readonly #subscribers: Subscribers

  constructor({ store, clock, minutes, metrics, evictions, subscribers }: CountingParts, options: PipelineOptions) {
    const networkOf = sourceNetworks(options.sourceNetworks, options.nat64Prefixes)
    this.#clock = clock
    this.#minutes = minutes
    this.#metrics = metrics
    this.#subscribers = subscribers
    this.#counters = new Counters(store, clock)
    this.#unknownAddresses = new UnknownAddresses(store)
    this.offenders = new Offenders(options.offenders, clock, store, evictions, { ...options, networkOf })
    this.approvals = new Approvals(store, evictions)
    this.derivation = new Derivation(store, evictions, options.derivation, networkOf)
  }

  count(source: string, event: SecurityEvent): void {
    if (event.eventTime > this.#clock.now() + MAX_AHEAD_MS) {
      this.#counters.count(event)
      this.#metrics.ahead(source, event.count)
      this.#show(event, 'ahead')
      return
    }
    this.#take(source, event)
    this.approvals.observe(event, () => this.#minutes.watermarkOf(this.#minutes.contributingSourcesOf(event.gateway)))
    if (!this.derivation.observe(event)) this.#metrics.derivationLate(source, event.count)
  }

  /**
   * Counts what is derived of at most about `limit` minutes.
   *
   * @returns true where all that is complete is derived
   */
  derive(limit: number): boolean {
    const { events, isDone } = this.derivation.derive(limit, this.#minutes)
    for (const event of events) this.#take(event.record.source, event)
    return isDone
  }

  /** An event of a backfill, or from before the installation: it is known from now on, and in no counter. */
  learn(event: SecurityEvent): void {
    this.derivation.learn(event)
    this.#subscribers.onEvent(this.#minutes.admit(event), 'backfill')
  }

  #take(source: string, event: SecurityEvent): void {
    this.#counters.count(event)
    const admitted = this.#minutes.admit(event)
    if (admitted !== event) this.#metrics.shared(source, event.count)
    if (!this.#minutes.add(source, admitted)) this.#countLate(source, admitted)
    this.#show(event, 'live', admitted)
  }

  #countLate(source: string, admitted: SecurityEvent): void {
    this.#metrics.late(source, admitted.count)
    const { gateway, trustZone, signal, eventTime, count } = admitted
    const { readSince = 0 } = this.#minutes.find(gateway, trustZone, signal) ?? {}
    if (minuteOf(eventTime) < readSince) this.#metrics.lateOfOldLog(source, count)
  }

  #show(event: SecurityEvent, phase: EventPhase, admitted = event): void {
    this.offenders.count(event)
    this.#unknownAddresses.count(event)
    this.recent.add(event)
    this.#subscribers.onEvent(admitted, phase)
  }
}
