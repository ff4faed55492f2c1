import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { NetworkMap } from '../../../core/net/network-map.ts'
import { type NetworkRun, NetworkSet, NetworkSetBuilder } from '../../../core/net/network-set.ts'
import { contains, networkOf, parseTarget, type Target } from '../../../core/net/target.ts'

const target = (text: string) => parseTarget(text) as Target

const byValue = (one: Target, other: Target) => (one.value < other.value ? -1 : Number(one.value > other.value))

function setOf(networks: readonly Target[]): NetworkSet {
  const builder = new NetworkSetBuilder()
  for (const network of networks) builder.add(network)
  return builder.build()
}

/** Networks and addresses that lie close to each other, so that some contain others. */
const near = fc.oneof(
  fc
    .record({ value: fc.integer({ min: 0, max: 255 }), prefix: fc.integer({ min: 0, max: 32 }) })
    .map(({ value, prefix }) => networkOf(4, BigInt(value * 2 ** 20 + (value % 7)), prefix)),
  fc
    .record({
      high: fc.integer({ min: 0, max: 7 }),
      low: fc.integer({ min: 0, max: 7 }),
      prefix: fc.integer({ min: 0, max: 128 }),
    })
    .map(({ high, low, prefix }) => networkOf(6, (0x2001n << 112n) + (BigInt(high) << 64n) + BigInt(low), prefix)),
)

describe('a set of networks', () => {
  it('finds the same networks as a map of them, whatever the order, and holds each once', () => {
    fc.assert(
      fc.property(
        fc.array(near, { maxLength: 200 }),
        fc.array(near, { minLength: 1, maxLength: 20 }),
        (networks, asked) => {
          const map = new NetworkMap<undefined>()
          for (const network of networks) map.set(network, undefined)
          const set = setOf(networks)
          expect(set.size).toBe(map.size)
          for (const one of [...asked, ...networks.slice(0, 20)]) {
            expect(set.covering(one)).toEqual(map.covering(one)?.network)
            const parts = networks.filter(network => network.prefix > one.prefix && contains(one, network))
            const longest = Math.max(...parts.map(({ prefix }) => prefix))
            const [first] = parts.filter(({ prefix }) => prefix === longest).toSorted(byValue)
            expect(set.within(one)).toEqual(first)
          }
        },
      ),
    )
  })

  it('is the same set after its arrays were transferred', () => {
    const set = setOf(['192.0.2.1', '198.51.100.0/24', '2001:db8::/32', '2001:db8::1'].map(target))
    const moved = new NetworkSet(
      structuredClone(set.runs, {
        transfer: set.runs.flatMap(({ high, low }) => [high.buffer, ...(low ? [low.buffer] : [])]),
      }),
    )
    expect([set.size, moved.size]).toEqual([0, 4])
    expect(moved.covering(target('2001:db8::1'))?.text).toBe('2001:db8::1')
    expect(moved.covering(target('2001:db8::2'))?.text).toBe('2001:db8::/32')
    expect(moved.covering(target('198.51.100.0/25'))?.text).toBe('198.51.100.0/24')
    expect(moved.covering(target('198.51.0.0/16'))).toBeUndefined()
  })

  it('has one run of numbers for each family and prefix, however many networks it has', () => {
    const hosts = Array.from({ length: 100_000 }, (_, index) => networkOf(4, BigInt(index * 7), 32))
    const set = setOf([...hosts, ...hosts, target('2001:db8::/32'), target('2001:db8::1')])
    expect(set.size).toBe(100_002)
    expect(set.runs.map(({ family, prefix, high }) => [family, prefix, high.length])).toEqual([
      [6, 128, 1],
      [4, 32, 100_000],
      [6, 32, 1],
    ])
  })
})

describe('the thread that takes a set over', () => {
  /** A run that counts the numbers that are read of it. */
  const counted = (run: NetworkRun, onRead: () => void): NetworkRun => {
    const watched = (numbers: BigUint64Array<ArrayBuffer>) =>
      new Proxy(numbers, {
        get: (target, name) => {
          if (typeof name === 'string' && /^\d+$/.test(name)) onRead()
          return Reflect.get(target, name, target)
        },
      })
    const high = watched(run.high)
    return run.low === undefined ? { ...run, high } : { ...run, high, low: watched(run.low) }
  }

  it.each([
    ['IPv4 addresses', 4, 32, 1],
    ['IPv6 networks of 64 bits', 6, 64, 1],
    ['IPv6 addresses, of two numbers each', 6, 128, 2],
  ] as const)('reads none of its %s, and in a look-up as many as a binary search', (_name, family, prefix, numbers) => {
    const networks = 4_096
    const shift = BigInt((family === 4 ? 32 : 128) - prefix)
    const at = (index: number) => networkOf(family, BigInt(2 * index) << shift, prefix)
    let reads = 0
    const { runs } = setOf(Array.from({ length: networks }, (_, index) => at(index)))
    const set = new NetworkSet(runs.map(run => counted(run, () => reads++)))
    expect(set.size).toBe(networks)
    expect(reads).toBe(0)
    expect(set.covering(at(1_000))).toEqual(at(1_000))
    expect(set.covering(at(networks))).toBeUndefined()
    expect(reads).toBeGreaterThan(0)
    expect(reads).toBeLessThanOrEqual(2 * numbers * (Math.log2(networks) + 1))
  })
})

describe('the builder of a set', () => {
  it('counts repetitions until it removes them', () => {
    const builder = new NetworkSetBuilder()
    for (let time = 0; time < 1_000; time++) builder.add(target(`192.0.2.${time % 4}`))
    expect(builder.length).toBe(1_000)
    builder.compact()
    expect(builder.length).toBe(4)
    builder.add(target('192.0.2.4'))
    expect(builder.build().size).toBe(5)
  })
})
