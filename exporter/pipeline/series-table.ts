import type { SignalName } from '../../core/signals.ts'
import { LabelTree } from '../../service/series/label-tree.ts'
import { LABEL_VALUE_LIMIT, OVERFLOW_LABEL_VALUE } from '../../service/series/label-values.ts'
import type { Series, SeriesStore } from '../../service/series/series.ts'
import type { MinuteKey } from '../contracts/subscriber.ts'
import type { MinuteSeries } from './minute-series.ts'

/** In place of the gateway in the series that gateways share beyond the limit. A gateway that calls itself so shares it too. */
export const SHARED_GATEWAY = OVERFLOW_LABEL_VALUE

export function countSeries(store: SeriesStore): Series {
  return store
    .define({
      name: 'clawtrust_minute_series',
      help: 'Minute series (gateway, trust zone, signal); at most exporter.minutes.series_limit.',
      type: 'gauge',
      labels: [],
      durable: false,
    })
    .series()
}

/** Series of one signal of one trust zone, over its gateways. */
export interface SeriesGroup {
  readonly trustZone: string
  readonly signal: SignalName
  readonly byGateway: ReadonlyMap<string, MinuteSeries>
}

interface Group extends SeriesGroup {
  readonly byGateway: Map<string, MinuteSeries>
}

/**
 * The series of minutes. Gateway names come from records, so an attacker can make up any number: beside `limit` series of
 * their own, gateways share one for each trust zone and signal, which the configuration and the catalogue bound.
 */
export class SeriesTable {
  readonly #limit: number
  readonly #count: Series
  readonly #tree = new LabelTree<Group>(2)
  readonly #groups: Group[] = []
  readonly #all: MinuteSeries[] = []

  /** @param count moves with the number of series that are not shared */
  constructor(limit: number, count: Series) {
    this.#limit = limit
    this.#count = count
  }

  /** In the order in which they were added. */
  get all(): readonly MinuteSeries[] {
    return this.#all
  }

  get groups(): readonly SeriesGroup[] {
    return this.#groups
  }

  /** Whether this key has a series of its own, or can have one. A name that is too long for a label never has. */
  admits({ gateway, trustZone, signal }: MinuteKey): boolean {
    if (gateway === SHARED_GATEWAY || gateway.length > LABEL_VALUE_LIMIT) return false
    return this.#count.value < this.#limit || this.find(gateway, trustZone, signal) !== undefined
  }

  find(gateway: string, trustZone: string, signal: SignalName): MinuteSeries | undefined {
    return this.#tree.get([trustZone, signal])?.byGateway.get(gateway)
  }

  add(series: MinuteSeries): void {
    const { gateway, trustZone, signal } = series.key
    let group = this.#tree.get([trustZone, signal])
    if (group === undefined) {
      group = { trustZone, signal, byGateway: new Map() }
      this.#tree.set([trustZone, signal], group)
      this.#groups.push(group)
    }
    group.byGateway.set(gateway, series)
    this.#all.push(series)
    if (gateway !== SHARED_GATEWAY) this.#count.value += 1
  }
}
