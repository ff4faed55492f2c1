import { DAY_MS, MINUTE_MS } from '../../../core/clock.ts'
import type { Batch } from '../../../exporter/contracts/source.ts'
import { type Bench, batchOf, NOON, recordOf } from './fixtures.ts'

/** Metrics of the derived signals, and the source address of the attempts. */
export const SPRAYS = 'clawtrust_auth_sprays_total'
export const FIRST_SUCCESSES = 'clawtrust_first_seen_successes_total'
export const ENTITIES = 'clawtrust_first_seen_entities_total'
export const LATE = 'clawtrust_derivation_late_events_total'
export const EVICTED = 'clawtrust_memory_evicted_total'
export const ADDRESS = '203.0.113.9'

export const attempt = (identity: string, time: number, peerAddress = ADDRESS) =>
  recordOf(`${identity} ${peerAddress} ${time}`, { time, actor: { identity, peerAddress } })
export const success = (peerAddress: string, time: number) =>
  recordOf(`${peerAddress} ${time}`, {
    signal: 'auth_successes',
    labels: { mechanism: 'shared_secret' },
    outcome: 'success',
    stream: 'security-event',
    time,
    actor: { peerAddress },
  })

type Records = Batch['records']

/** The source brings these records, then its watermark; minutes that are complete close. */
export function bring({ pipeline, clock }: Bench, watermark: number, records: Records = [], from = 'log'): void {
  clock.time = Math.max(clock.time, watermark)
  pipeline.ingest(from, batchOf(records, { watermark: Math.max(NOON - DAY_MS, watermark - MINUTE_MS) }))
  pipeline.ingest(from, batchOf([], { watermark }))
  while (pipeline.closeMinutes());
}

export const names = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `user-${from + index}`)
