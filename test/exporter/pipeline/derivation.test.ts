import { describe, expect, it } from '@jest/globals'
import { DAY_MS, MINUTE_MS } from '../../../core/clock.ts'
import { savedState } from '../../service/state/saved-state.ts'
import { type Bench, batchOf, bench, NOON, recordOf, total } from './fixtures.ts'

const SPRAYS = 'clawtrust_auth_sprays_total'
const FIRST_SUCCESSES = 'clawtrust_first_seen_successes_total'
const ENTITIES = 'clawtrust_first_seen_entities_total'
/** What `total` says of a counter that stands where it was restored. */
const UNMOVED = 0
const ADDRESS = '203.0.113.9'

const attempt = (identity: string, time: number, peerAddress = ADDRESS) =>
  recordOf(`${identity} ${time}`, { time, actor: { identity, peerAddress } })
const success = (peerAddress: string, time: number) =>
  recordOf(`${peerAddress} ${time}`, {
    signal: 'auth_successes',
    labels: { mechanism: 'shared_secret' },
    outcome: 'success',
    stream: 'security-event',
    time,
    actor: { peerAddress },
  })

function tell({ pipeline, clock }: Bench, ...records: ReturnType<typeof recordOf>[]): void {
  for (const record of records) {
    const { time } = JSON.parse(String(record.body))
    clock.time = Math.max(clock.time, time)
    pipeline.ingest('log', batchOf([record]))
  }
}

function restarted(before: Bench): Bench {
  const saved = savedState({ ...before.pipeline.changes(), series: before.store.changes() })
  const after = bench()
  after.clock.time = before.clock.time
  after.store.restore(saved.series)
  after.pipeline.restore(saved)
  return after
}

const names = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `user-${from + index}`)

describe('a spray', () => {
  it('is an address that tries ten identities in 15 minutes, told once', () => {
    const all = bench()
    tell(all, ...names(9).map((name, index) => attempt(name, NOON + index * MINUTE_MS)))
    expect(total(all.store, SPRAYS)).toBe(0)
    tell(all, ...names(5, 9).map(name => attempt(name, NOON + 10 * MINUTE_MS)))
    expect(total(all.store, SPRAYS)).toBe(1)
    expect(all.pipeline.offenders()).toContainEqual(
      expect.objectContaining({ address: ADDRESS, signal: 'auth_sprays' }),
    )
  })

  it('is not the same identity again and again, nor ten that took longer', () => {
    const all = bench()
    tell(all, ...names(20).map((_, index) => attempt('ops', NOON + index * 1000)))
    tell(all, ...names(20).map((name, index) => attempt(name, NOON + (index + 1) * 2 * MINUTE_MS)))
    expect(total(all.store, SPRAYS)).toBe(0)
  })

  it('is told again when it begins again, and goes on being known over a restart', () => {
    const all = bench()
    tell(all, ...names(10).map(name => attempt(name, NOON)))
    const after = restarted(all)
    tell(after, ...names(10, 50).map(name => attempt(name, NOON + MINUTE_MS)))
    expect(total(after.store, SPRAYS)).toBe(UNMOVED)
    tell(after, ...names(10, 90).map(name => attempt(name, NOON + 60 * MINUTE_MS)))
    expect(total(after.store, SPRAYS)).toBe(2)
  })

  it('is of no address that may be forged', () => {
    const all = bench()
    tell(all, ...names(20).map(name => attempt(name, NOON, '10.0.0.1')))
    expect(total(all.store, SPRAYS)).toBe(0)
  })
})

describe('a first success', () => {
  it('is one from an address without any in the 30 days before, once a day was learned', () => {
    const all = bench()
    tell(all, success('192.0.2.1', NOON), success('192.0.2.2', NOON + DAY_MS / 2))
    expect(total(all.store, FIRST_SUCCESSES)).toBe(0)
    tell(all, success('192.0.2.1', NOON + 2 * DAY_MS), success('192.0.2.3', NOON + 2 * DAY_MS))
    expect(total(all.store, FIRST_SUCCESSES)).toBe(1)
    tell(all, success('192.0.2.1', NOON + 31 * DAY_MS))
    expect(total(all.store, FIRST_SUCCESSES)).toBe(1)
    tell(all, success('192.0.2.2', NOON + 31 * DAY_MS))
    expect(total(all.store, FIRST_SUCCESSES)).toBe(2)
  })

  it('is remembered over a restart, and so is what was learned', () => {
    const all = bench()
    tell(all, success('192.0.2.1', NOON), success('192.0.2.2', NOON + 2 * DAY_MS))
    const after = restarted(all)
    tell(after, success('192.0.2.2', NOON + 3 * DAY_MS), success('192.0.2.1', NOON + 3 * DAY_MS))
    expect(total(after.store, FIRST_SUCCESSES)).toBe(UNMOVED)
    tell(after, success('192.0.2.9', NOON + 3 * DAY_MS))
    expect(total(after.store, FIRST_SUCCESSES)).toBe(2)
  })

  it('is not forgotten for the sake of an event from the future', () => {
    const all = bench()
    tell(all, success('192.0.2.1', NOON))
    all.pipeline.ingest('log', batchOf([success('192.0.2.7', NOON + 400 * DAY_MS)]))
    const before = total(all.store, FIRST_SUCCESSES)
    tell(all, success('192.0.2.1', NOON + 2 * DAY_MS))
    expect(total(all.store, FIRST_SUCCESSES)).toBe(before)
  })

  it('is learned from history without being told of', () => {
    const all = bench()
    all.pipeline.replay('log', batchOf([success('192.0.2.1', NOON - 5 * DAY_MS)]))
    tell(all, success('192.0.2.1', NOON), success('192.0.2.2', NOON))
    expect(total(all.store, FIRST_SUCCESSES)).toBe(1)
  })
})

describe('first sightings', () => {
  it('count newcomers of each kind, after a day', () => {
    const all = bench()
    tell(all, attempt('ops', NOON))
    tell(all, attempt('ops', NOON + 2 * DAY_MS), attempt('eve', NOON + 2 * DAY_MS, '192.0.2.8'))
    expect(total(all.store, ENTITIES, 'identity')).toBe(1)
    expect(total(all.store, ENTITIES, 'address')).toBe(1)
    expect(total(all.store, ENTITIES, 'device')).toBe(0)
  })
})
