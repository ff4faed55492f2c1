import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DAY_MS } from '../../../core/clock.ts'
import type { SecurityEvent } from '../../../core/event.ts'
import { Evictions } from '../../../exporter/pipeline/evictions.ts'
import { type MayBeNamedWhole, Offenders } from '../../../exporter/pipeline/offenders.ts'
import { createSeriesStore } from '../../../service/series/store.ts'
import { HandClock } from './fixtures.ts'

const MINUTE = 60_000

function watch(k = 2, mayBeNamedWhole: MayBeNamedWhole = () => true) {
  const clock = new HandClock()
  const store = createSeriesStore()
  const options = { k, window: 5 * MINUTE, linger: 15 * MINUTE }
  const offenders = new Offenders(options, clock, store, new Evictions(store), { mayBeNamedWhole })
  const refuse = (address: string, count = 1, parts: Partial<SecurityEvent> = {}) =>
    offenders.count({
      signal: 'auth_failures',
      labels: {},
      outcome: 'failure',
      severity: 'medium',
      eventTime: clock.now(),
      count,
      gateway: 'gw',
      trustZone: 'z',
      actor: { address, addressTrusted: true },
      record: { source: 's', id: '1' },
      ...parts,
    })
  const exposed = async () => {
    offenders.expose()
    let text = ''
    for await (const slice of store.render()) text += slice
    const samples = text.matchAll(/^clawtrust_offender_events\{.*source_ip="([^"]+)".*\} (\d+)$/gm)
    return Object.fromEntries([...samples].map(([, address, value]) => [address, Number(value)]))
  }
  const exposedBySignal = async () => {
    offenders.expose()
    let text = ''
    for await (const slice of store.render()) text += slice
    const samples = text.matchAll(/^clawtrust_offender_events\{.*source_ip="([^"]+)",signal="([^"]+)"\} (\d+)$/gm)
    return [...samples].map(([, address, signal, value]) => [`${signal} ${address}`, Number(value)] as const)
  }
  const slotOf = (time: number) => Math.floor((time * 15) / options.window)
  return { clock, offenders, refuse, exposed, exposedBySignal, slotOf }
}

describe('offenders', () => {
  it('are the addresses with most refusals of the window', async () => {
    const { refuse, exposed, offenders } = watch()
    refuse('192.0.2.1', 3)
    refuse('192.0.2.2', 9)
    refuse('192.0.2.3', 5)
    expect(await exposed()).toEqual({ '192.0.2.2': 9, '192.0.2.3': 5 })
    expect(offenders.list().map(({ address }) => address)).toEqual(['192.0.2.2', '192.0.2.3'])
  })

  it('of one IPv6 network are counted together, and exposed as hosts until three of them offended', async () => {
    const { refuse, exposed, offenders, clock } = watch(4)
    refuse('2001:db8:1:2::a', 5)
    expect(await exposed()).toEqual({ '2001:db8:1:2::a': 5 })
    refuse('2001:db8:1:2::b', 7)
    expect(await exposed()).toEqual({ '2001:db8:1:2::a': 12, '2001:db8:1:2::b': 12 })
    refuse('2001:db8:1:3::a', 1)
    refuse('2001:db8:1:2::c', 1)
    expect(await exposed()).toEqual({ '2001:db8:1:2::/64': 13, '2001:db8:1:3::a': 1 })
    expect(offenders.list().map(({ address, events }) => [address, events])).toEqual([
      ['2001:db8:1:2::/64', 13],
      ['2001:db8:1:3::a', 1],
    ])
    clock.time += 30 * MINUTE
    expect(await exposed()).toEqual({})
    refuse('2001:db8:1:2::d', 2)
    expect(await exposed()).toEqual({ '2001:db8:1:2::d': 2 })
  })

  it('of one network are one, however many addresses it has', async () => {
    const { refuse, exposed } = watch()
    for (let host = 1; host <= 20_000; host++) refuse(`2001:db8:1:2::${host.toString(16)}`)
    refuse('192.0.2.1', 2)
    expect(await exposed()).toEqual({ '2001:db8:1:2::/64': 20_000, '192.0.2.1': 2 })
  })

  it('are a network for every signal where its hosts offended in any', async () => {
    const { refuse, exposed } = watch()
    for (const host of ['a', 'b']) refuse(`2001:db8:1:2::${host}`, 3)
    refuse('2001:db8:1:2::c', 1, { signal: 'auth_lockouts' })
    expect(Object.keys(await exposed())).toEqual(['2001:db8:1:2::/64'])
  })

  it('of a network that must not be named whole stay hosts, each with the count of the network', async () => {
    const { refuse, exposed, offenders } = watch(4, network => network !== '2001:db8:1:2::/64')
    for (const host of ['a', 'b', 'c', 'd']) {
      refuse(`2001:db8:1:2::${host}`, 2)
      refuse(`2001:db8:1:3::${host}`)
    }
    const hosts = Object.fromEntries(['a', 'b', 'c', 'd'].map(host => [`2001:db8:1:2::${host}`, 8]))
    expect(await exposed()).toEqual({ ...hosts, '2001:db8:1:3::/64': 4 })
    expect(offenders.list()).toMatchObject([{ address: '2001:db8:1:2::/64', events: 8 }, { events: 4 }])
  })

  it('of such a network are its latest 16, whatever their number', async () => {
    const { refuse, exposed } = watch(4, () => false)
    for (let host = 1; host <= 300; host++) {
      refuse(`2001:db8:1:2::${host}`)
      refuse('2001:db8:1:2::1')
    }
    const latest = Array.from({ length: 15 }, (_, index) => `2001:db8:1:2::${300 - index}`)
    expect(Object.keys(await exposed()).sort()).toEqual(['2001:db8:1:2::1', ...latest].sort())
  })

  it('are hosts or the network as it may be named at the time', async () => {
    let isProtected = false
    const { refuse, exposed } = watch(4, () => !isProtected)
    for (const host of ['a', 'b', 'c', 'd']) refuse(`2001:db8:1:2::${host}`)
    expect(Object.keys(await exposed())).toEqual(['2001:db8:1:2::/64'])
    isProtected = true
    refuse('2001:db8:1:2::d')
    expect(Object.keys(await exposed()).sort()).toEqual(['a', 'b', 'c', 'd'].map(host => `2001:db8:1:2::${host}`))
    isProtected = false
    expect(Object.keys(await exposed())).toEqual(['2001:db8:1:2::/64'])
  })

  it('that embed one IPv4 address follow each other, by the sum of their refusals', () => {
    const { refuse, offenders } = watch(4)
    refuse('203.0.113.9', 6)
    refuse('192.0.2.1', 5)
    refuse('64:ff9b::c000:201', 2)
    refuse('2002:c000:201::1', 1)
    expect(offenders.list().map(({ address, embedded }) => [address, embedded])).toEqual([
      ['192.0.2.1', undefined],
      ['64:ff9b::c000:201', '192.0.2.1'],
      ['2002:c000:201::1', '192.0.2.1'],
      ['203.0.113.9', undefined],
    ])
  })

  it('are never addresses that may be forged, nor those that succeed', async () => {
    const { refuse, exposed } = watch()
    refuse('192.0.2.1', 3, { actor: { address: '192.0.2.1', addressTrusted: false } })
    refuse('192.0.2.2', 3, { outcome: 'success' })
    expect(await exposed()).toEqual({})
  })

  it('count a derived event from when it is usually known, and not one of a backlog', async () => {
    const { clock, refuse, exposed } = watch()
    const derived = (address: string, ago: number) =>
      refuse(address, 1, {
        signal: 'auth_sprays',
        eventTime: clock.now() - ago,
        actor: { address, addressTrusted: true },
      })
    derived('192.0.2.1', 6 * MINUTE)
    derived('192.0.2.2', 10 * MINUTE)
    expect(await exposed()).toEqual({ '192.0.2.1': 1 })
  })

  it('stay exposed for a while after they have left, then go away', async () => {
    const { clock, refuse, exposed } = watch()
    refuse('192.0.2.1', 3)
    await exposed()
    clock.time += 6 * MINUTE
    expect(await exposed()).toEqual({ '192.0.2.1': 0 })
    clock.time += 8 * MINUTE
    expect(await exposed()).toEqual({ '192.0.2.1': 0 })
    clock.time += 2 * MINUTE
    expect(await exposed()).toEqual({})
  })

  it('are not counted by events older than the window', async () => {
    const { clock, refuse, exposed } = watch()
    refuse('192.0.2.1', 3, { eventTime: clock.now() - 6 * MINUTE })
    expect(await exposed()).toEqual({})
  })

  it('keep the heavy ones when more addresses come than can be counted', async () => {
    const { refuse, exposed } = watch()
    refuse('192.0.2.1', 50)
    for (let n = 0; n < 30_000; n++) refuse(`2001:db8::${n.toString(16)}`)
    refuse('192.0.2.1', 50)
    expect((await exposed())['192.0.2.1']).toBe(100)
  })

  it('that were evicted by a flood of networks are shown with their own count when they come back', async () => {
    const { refuse, exposed, clock } = watch(3)
    refuse('198.51.100.7', 1)
    expect(await exposed()).toEqual({ '198.51.100.7': 1 })
    clock.time += 10 * MINUTE
    for (let network = 0; network < 10_001; network++) refuse(`2001:db8:${network.toString(16)}::1`)
    await exposed()
    refuse('198.51.100.7', 500)
    expect(await exposed()).toMatchObject({ '198.51.100.7': 500 })
    clock.time += 6 * MINUTE
    expect(await exposed()).toMatchObject({ '198.51.100.7': 0 })
    clock.time += 15 * MINUTE
    expect(await exposed()).toEqual({})
  })

  it.each([3 * MINUTE, DAY_MS, 3650 * DAY_MS])(
    'are counted, and age, after the clock went back by %d ms',
    async back => {
      const { refuse, exposed, clock } = watch()
      clock.time += back
      refuse('192.0.2.1', 7)
      expect(await exposed()).toEqual({ '192.0.2.1': 7 })
      clock.time += 2 * MINUTE - back
      refuse('192.0.2.2', 5)
      expect(await exposed()).toEqual({ '192.0.2.1': 7, '192.0.2.2': 5 })
      clock.time += 3.5 * MINUTE
      expect(await exposed()).toEqual({ '192.0.2.1': 7, '192.0.2.2': 5 })
      clock.time += 2 * MINUTE
      expect(await exposed()).toEqual({ '192.0.2.1': 0, '192.0.2.2': 0 })
      clock.time += 15 * MINUTE
      expect(await exposed()).toEqual({})
    },
  )

  it('that take turns at the top do not add series without bound', async () => {
    const { clock, refuse, exposed } = watch()
    for (let n = 0; n < 200; n++) {
      refuse(`2001:db8::${n.toString(16)}`, n + 1)
      clock.time += 1000
      expect(Object.keys(await exposed()).length).toBeLessThanOrEqual(6)
    }
  })

  it('of a shared network that stays busy are named while they offend, and count for it only so long', async () => {
    const { refuse, exposed, clock } = watch(4)
    const host = (name: string) => `2001:db8:1:2::${name}`
    refuse(host('a'))
    clock.time += 3 * MINUTE
    refuse(host('b'))
    expect(Object.keys(await exposed()).sort()).toEqual([host('a'), host('b')])
    for (let minutes = 0; minutes < 60; minutes += 2) {
      clock.time += 2 * MINUTE
      refuse(host('b'), 10)
    }
    expect(Object.keys(await exposed())).toEqual([host('b')])
    refuse(host('c'))
    expect(Object.keys(await exposed()).sort()).toEqual([host('b'), host('c')])
    refuse(host('d'))
    expect(Object.keys(await exposed())).toEqual(['2001:db8:1:2::/64'])
    for (let minutes = 0; minutes < 6; minutes += 2) {
      clock.time += 2 * MINUTE
      refuse(host('e'))
    }
    expect(Object.keys(await exposed())).toEqual([host('e')])
  })

  it('are exposed as a network exactly while enough of its hosts offended within the window', async () => {
    const step = fc.record({
      minutes: fc.double({ min: 0, max: 3, noNaN: true }),
      host: fc.integer({ min: 1, max: 6 }),
      signal: fc.constantFrom('auth_failures' as const, 'auth_lockouts' as const),
      /** How long ago the event happened, minutes: a late one. */
      late: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 6, noNaN: true })),
    })
    const network = fc.constantFrom('2001:db8:1:2::', '2001:db8:1:3::')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(step, network), { maxLength: 60 }),
        fc.boolean(),
        async (steps, mayBeWhole) => {
          const { refuse, exposedBySignal, clock, slotOf } = watch(9, () => mayBeWhole)
          const offences: { network: string; host: string; signal: string; slot: number }[] = []
          for (const [{ minutes, host, signal, late }, network] of steps) {
            clock.time += minutes * MINUTE
            const eventTime = clock.time - late * MINUTE
            refuse(`${network}${host}`, 1, { signal, eventTime })
            offences.push({ network, host: `${network}${host}`, signal, slot: slotOf(eventTime) })
            const begin = slotOf(clock.time) - 14
            const recent = offences.filter(({ slot }) => slot >= begin)
            const expected = Map.groupBy(recent, ({ network, signal }) => `${signal} ${network}`)
            const sources = [...expected.values()].flatMap(([first, ...more]) => {
              const of = (offence: typeof first) => offence?.network === first?.network
              const isWhole = mayBeWhole && new Set(recent.filter(of).map(({ host }) => host)).size >= 3
              const hosts = [first, ...more].map(offence => offence?.host)
              return (isWhole ? [`${first?.network}/64`] : hosts).map(source => `${first?.signal} ${source}`)
            })
            const named = await exposedBySignal()
            expect(
              named
                .filter(([, value]) => value > 0)
                .map(([source]) => source)
                .sort(),
            ).toEqual([...new Set(sources)].sort())
          }
        },
      ),
    )
  })
})
