import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { NetworkMap } from '../../../core/net/network-map.ts'
import { NetworkSet, NetworkSetBuilder } from '../../../core/net/network-set.ts'
import { networkOf, parseTarget, type Target } from '../../../core/net/target.ts'

const target = (text: string) => parseTarget(text) as Target

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
