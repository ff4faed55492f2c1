import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { networksOfRange, parseTarget, type Target } from '../../../core/net/target.ts'

const target = (text: string) => parseTarget(text) as Target
const texts = (first: string, last: string) => networksOfRange(target(first), target(last))?.map(({ text }) => text)

describe('the networks of a range', () => {
  it.each([
    ['198.51.100.0', '198.51.100.255', ['198.51.100.0/24']],
    ['198.51.100.7', '198.51.100.7', ['198.51.100.7']],
    ['198.51.100.1', '198.51.100.4', ['198.51.100.1', '198.51.100.2/31', '198.51.100.4']],
    ['0.0.0.0', '255.255.255.255', ['0.0.0.0/0']],
    ['255.255.255.254', '255.255.255.255', ['255.255.255.254/31']],
    ['2001:db8::', '2001:db8:0:ffff:ffff:ffff:ffff:ffff', ['2001:db8::/48']],
    ['198.51.100.7', '198.51.100.6', undefined],
    ['198.51.100.7', '2001:db8::', undefined],
  ])('%s to %s are %j', (first, last, networks) => {
    expect(texts(first, last)).toEqual(networks)
  })

  it('hold its addresses and no other, follow each other and are few', () => {
    const number = fc.integer({ min: 0, max: 2 ** 32 - 1 })
    const dotted = (value: number) => [24, 16, 8, 0].map(shift => (value >>> shift) & 255).join('.')
    fc.assert(
      fc.property(number, number, (one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)]
        const networks = networksOfRange(target(dotted(from)), target(dotted(to))) ?? []
        let next = BigInt(from)
        for (const { value, prefix } of networks) {
          expect(value).toBe(next)
          next += 1n << BigInt(32 - prefix)
        }
        expect(next).toBe(BigInt(to) + 1n)
        expect(networks.length).toBeLessThanOrEqual(62)
      }),
    )
  })
})
