import type { EpochMs } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import { type EntityKind, entityKinds } from '../../core/vocabulary.ts'
import type { Metric, SeriesStore } from '../../service/series/series.ts'
import type { DocumentValue } from '../../service/state/state.ts'
import { FirstSeen } from './first-seen.ts'

/** Most keys of a kind that are remembered. */
const CAPACITY = 20_000

/** What a kind is recognised by in an event, if the event has it. */
const keyOf: Readonly<Record<EntityKind, (event: SecurityEvent) => string | undefined>> = {
  // A forged address would be new each time.
  address: ({ actor }) => (actor.addressTrusted ? actor.address : undefined),
  identity: ({ actor }) => actor.identity,
  device: ({ actor }) => actor.device,
  zone_pair: ({ labels }) =>
    labels.source_zone === undefined ? undefined : JSON.stringify([labels.source_zone, labels.destination_zone]),
}

/** Counts addresses, identities, devices and pairs of zones that a gateway has not seen for 30 days. */
export class FirstSeenEntities {
  readonly #metric: Metric
  readonly #memories: readonly (readonly [EntityKind, FirstSeen])[]

  constructor(store: SeriesStore) {
    this.#metric = store.define({
      name: 'clawtrust_first_seen_entities_total',
      help: 'Source addresses, identities, devices and pairs of trust zones that a gateway had not seen in the 30 days before; none in the first day.',
      type: 'counter',
      labels: ['gateway', 'trust_zone', 'entity'],
      durable: true,
    })
    this.#memories = entityKinds.map(kind => [kind, new FirstSeen(`first-seen-${kind}`, CAPACITY)] as const)
  }

  /** @param counts false where the past is only learned from */
  see(event: SecurityEvent, now: EpochMs, counts: boolean): void {
    const { gateway, trustZone, eventTime } = event
    for (const [kind, memory] of this.#memories) {
      const key = keyOf[kind](event)
      if (key === undefined) continue
      const isNew = memory.see(JSON.stringify([gateway, key]), eventTime, now)
      if (isNew && counts) this.#metric.series(gateway, trustZone, kind).value += 1
    }
  }

  changes(): DocumentValue[] {
    return this.#memories.flatMap(([, memory]) => memory.changes())
  }

  restore(documents: readonly DocumentValue[]): void {
    for (const [, memory] of this.#memories) memory.restore(documents)
  }
}
