import type { EpochMs } from '../../core/clock.ts'
import { Top } from '../../core/top.ts'
import type { Claim } from '../../decoding/toolkit/record.ts'
import { LABEL_VALUE_LIMIT } from '../../service/series/label-values.ts'

export interface ObservedGateway {
  readonly name: string
  /** Ports seen in its lines; more than one means that two gateways share the name. */
  readonly ports: readonly number[]
  /** Newest time of its records; see `clockReached`. */
  readonly lastEvent: EpochMs
  /** Sources that had records of it. */
  readonly sources: readonly string[]
}

interface Held extends ObservedGateway {
  readonly ports: number[]
  lastEvent: EpochMs
  readonly sources: string[]
}

/** The gateways as the page reads them. */
export type ObservedGateways = Pick<Gateways, 'size' | 'newest' | 'sourcesOf'>

/** Gateways after which those not observed since are forgotten; names come from records. */
const GENERATION = 10_000
const MAX_PORTS = 16

/**
 * Which gateways were observed, and on which ports they listen; for the page. Names that were not observed among the
 * last 10,000 different ones or more are forgotten, so that made-up names do not pile up, nor keep the real ones out.
 */
export class Gateways {
  readonly #generation: number
  #young = new Map<string, Held>()
  #old = new Map<string, Held>()

  constructor(generation = GENERATION) {
    this.#generation = generation
  }

  observe(name: string, source: string, { time, origin }: Claim): void {
    if (name.length > LABEL_VALUE_LIMIT) return
    const gateway = this.#young.get(name) ?? this.#rejuvenate(name, time)
    if (time > gateway.lastEvent) gateway.lastEvent = time
    if (!gateway.sources.includes(source)) gateway.sources.push(source)
    const { ports } = gateway
    if (origin.port !== undefined && ports.length < MAX_PORTS && !ports.includes(origin.port)) ports.push(origin.port)
  }

  /** Takes records from the future for records of now, as of a source: otherwise they hide that a gateway is silent. */
  clockReached(now: EpochMs): void {
    for (const generation of [this.#old, this.#young]) {
      for (const gateway of generation.values()) gateway.lastEvent = Math.min(gateway.lastEvent, now)
    }
  }

  /** Gateways that are remembered. */
  get size(): number {
    return this.#young.size + this.#old.size
  }

  /** At most `most`, the one observed last first. */
  newest(most: number): readonly ObservedGateway[] {
    const top = new Top<ObservedGateway>(most, (a, b) => b.lastEvent - a.lastEvent)
    for (const generation of [this.#old, this.#young]) for (const gateway of generation.values()) top.add(gateway)
    return top.list()
  }

  /** Sources that had records of the gateway; none where it is not remembered. */
  sourcesOf(name: string): readonly string[] {
    return (this.#young.get(name) ?? this.#old.get(name))?.sources ?? []
  }

  #rejuvenate(name: string, time: EpochMs): Held {
    const gateway = this.#old.get(name) ?? { name, ports: [], sources: [], lastEvent: time }
    this.#old.delete(name)
    if (this.#young.size >= this.#generation) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(name, gateway)
    return gateway
  }
}
