import type { SecurityEvent } from '../../core/event.ts'
import { unknownAddressReasons } from '../../core/labels/event.ts'
import { signals } from '../../core/signals.ts'
import type { Metric, SeriesStore } from '../../service/series/series.ts'

/**
 * Counts the refusals whose source address is unknown: they name no offender, so that a client which makes its own
 * address unreadable would otherwise be noticed in the sums only.
 */
export class UnknownAddresses {
  readonly #metric: Metric

  constructor(store: SeriesStore) {
    this.#metric = store.define({
      name: 'clawtrust_unknown_address_events_total',
      help: `Refused attempts whose source address is unknown, hence not among the offenders; reason is one of ${unknownAddressReasons.join(', ')}.`,
      type: 'counter',
      labels: ['gateway', 'trust_zone', 'signal', 'reason'],
      durable: true,
    })
  }

  count({ gateway, trustZone, signal, outcome, count, actor }: SecurityEvent): void {
    if (actor.addressUnknown === undefined || (outcome !== 'failure' && outcome !== 'denied')) return
    // What an agent was denied has no address to begin with.
    if (signals[signal].family === 'policy') return
    this.#metric.series(gateway, trustZone, signal, actor.addressUnknown).value += count
  }
}
