import type { Series, SeriesStore } from '../../service/series/series.ts'

/**
 * Memories whose keys an attacker may choose, hence whose size is limited: what each of them remembers.
 *
 * - `pending_observations`: actors of minutes that are not derived yet;
 * - `derived_gateways`: how far each gateway is derived;
 * - `spraying_addresses`: addresses that have tried identities in the last 15 minutes;
 * - `successful_addresses`, `first_seen_*`: who was there in the last 30 days;
 * - `posture_subjects`: gateways with posture snapshots;
 * - `posture_devices`: devices of inventories;
 * - `guards`: guards that no configuration names;
 * - `product_versions`: versions of OpenClaw and of guards, by gateway;
 * - `approvals`: requests and answers of approvals of the last 35 minutes;
 * - `identities`: accounts and tokens of devices;
 * - `offenders`: addresses with refusals in the window of `exporter.offenders`.
 */
export const boundedMemories = [
  'pending_observations',
  'derived_gateways',
  'spraying_addresses',
  'successful_addresses',
  'first_seen_address',
  'first_seen_identity',
  'first_seen_device',
  'first_seen_zone_pair',
  'posture_subjects',
  'posture_devices',
  'guards',
  'product_versions',
  'approvals',
  'identities',
  'offenders',
] as const
export type BoundedTable = (typeof boundedMemories)[number]

/** Counts the evictions of the bounded tables: the only reason for which a derived count may differ. */
export class Evictions {
  readonly #series: ReadonlyMap<BoundedTable, Series>

  constructor(store: SeriesStore) {
    const metric = store.define({
      name: 'clawtrust_memory_evicted_total',
      help: `Entries that a bounded memory has evicted; memory is one of ${boundedMemories.join(', ')}.`,
      type: 'counter',
      labels: ['memory'],
      durable: true,
    })
    this.#series = new Map(boundedMemories.map(memory => [memory, metric.series(memory)]))
  }

  count(memory: BoundedTable, entries: number): void {
    const series = this.#series.get(memory)
    if (series !== undefined) series.value += entries
  }
}
