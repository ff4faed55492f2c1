import { describe, expect, it } from '@jest/globals'
import { DAY_MS, MINUTE_MS } from '../../../core/clock.ts'
import { derivationLimits } from '../../../exporter/pipeline/derivation.ts'
import { attempt, bring, ENTITIES, EVICTED, names, SPRAYS } from './derivation-records.ts'
import { type Bench, batchOf, bench, NOON, recordOf, total } from './fixtures.ts'

describe('memories of limited size', () => {
  const limited = (parts: Partial<typeof derivationLimits>) => bench({ derivation: { ...derivationLimits, ...parts } })

  it('give up pending observations by what they are, whatever the order, and count them', () => {
    const attempts = names(40).map((name, index) => attempt(name, NOON, `203.0.113.${index}`))
    const known = (all: Bench) => {
      const documents = all.pipeline.changes().documents.filter(({ name }) => name.startsWith('seen-address/'))
      return documents
        .flatMap(({ value }) => value as string[][])
        .map(([, key]) => key)
        .toSorted()
    }
    const read = [attempts, attempts.toReversed()].map(records => {
      const all = limited({ perMinute: 10 })
      bring(all, NOON + MINUTE_MS, records)
      return all
    })
    const evicted = read.map(({ store }) => total(store, EVICTED, 'pending_observations'))
    const kept = read.map(known)
    expect(evicted).toEqual([30, 30])
    expect(kept[0]).toHaveLength(10)
    expect(kept[0]).toEqual(kept[1])
  })

  it('derive what is complete before they give anything up', () => {
    const all = limited({ pending: 20 })
    for (let minute = 0; minute < 20; minute++) {
      const time = NOON + minute * MINUTE_MS
      const records = names(5, minute * 5).map(name => attempt(name, time))
      all.pipeline.ingest('log', batchOf(records, { watermark: time + MINUTE_MS }))
    }
    expect(total(all.store, EVICTED)).toBe(0)
    expect(total(all.store, SPRAYS)).toBe(1)
  })

  it('evict from the gateway with most, where a source is unavailable', () => {
    const all = limited({ pending: 20 })
    const of = (host: string, identity: string, minute: number) =>
      recordOf(`${host} ${identity}`, { time: NOON + minute * MINUTE_MS, actor: { identity }, origin: { host } })
    const crowd = names(20).map((name, index) => of('crowded', name, index))
    all.pipeline.ingest('log', batchOf([of('quiet', 'ops', 0), ...crowd]))
    expect(total(all.store, EVICTED, 'pending_observations')).toBe(6)
    const documents = all.pipeline.changes().documents.filter(({ name }) => name.startsWith('observations/'))
    const gateways = documents.flatMap(({ value }) => (value ?? []) as string[][]).map(([gateway]) => gateway)
    expect(gateways.filter(gateway => gateway === 'quiet')).toHaveLength(1)
    expect(gateways).toHaveLength(15)
  })

  it('give up the keys that were seen longest ago, and the addresses that tried longest ago', () => {
    const all = limited({ firstSeen: 16, attackers: 8 })
    const addresses = Array.from({ length: 20 }, (_, index) => `203.0.113.${index}`)
    for (const [day, address] of addresses.entries()) {
      bring(all, NOON + (day + 1) * DAY_MS, [attempt('ops', NOON + day * DAY_MS, address)])
    }
    expect(total(all.store, EVICTED, 'first_seen_address')).toBe(5)
    const before = total(all.store, ENTITIES, 'address')
    const again = NOON + 20 * DAY_MS
    bring(all, again + MINUTE_MS, [attempt('ops', again, addresses[0]), attempt('ops', again, addresses[19])])
    expect(total(all.store, ENTITIES, 'address')).toBe(before + 1)
    const crowd = Array.from({ length: 9 }, (_, index) => attempt('ops', again + 2 * MINUTE_MS, `192.0.2.${index}`))
    bring(all, again + 3 * MINUTE_MS, crowd)
    expect(total(all.store, EVICTED, 'spraying_addresses')).toBeGreaterThan(0)
  })

  it('give up the gateways that were silent longest', () => {
    const all = limited({ gateways: 8 })
    const of = (host: string, minute: number) =>
      recordOf(host, { time: NOON + minute * MINUTE_MS, actor: { identity: 'ops' }, origin: { host } })
    bring(
      all,
      NOON + 20 * MINUTE_MS,
      names(9).map((host, index) => of(host, index)),
    )
    expect(total(all.store, EVICTED, 'derived_gateways')).toBe(2)
    const documents = all.pipeline.changes().documents.filter(({ name }) => name.startsWith('derivation/'))
    expect(documents.filter(({ value }) => value === null).map(({ name }) => name)).toEqual([
      'derivation/user-0',
      'derivation/user-1',
    ])
  })
})
