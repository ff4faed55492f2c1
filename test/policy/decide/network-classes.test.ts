import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { contains } from '../../../core/net/target.ts'
import { createNetworkClasses, networkOf } from '../../../policy/decide/network-classes.ts'

/** Few addresses, so that networks begin where others do, and hold each other. */
const long = fc
  .tuple(
    fc.constantFrom('2001:db8::', '2001:db8:0:8000::', '2001:db8:1::', '::'),
    fc.constantFrom(0, 16, 32, 48, 49, 128),
  )
  .map(([address, prefix]) => `${address}/${prefix}`)
const short = fc
  .tuple(fc.constantFrom('10.0.0.0', '10.0.128.0', '10.1.0.0', '0.0.0.0'), fc.constantFrom(0, 8, 16, 17, 32))
  .map(([address, prefix]) => `${address}/${prefix}`)
const isCanonical = (cidr: string) => {
  try {
    networkOf(cidr)
    return true
  } catch {
    return false
  }
}
const networks = fc.array(fc.oneof(long, short).filter(isCanonical), { maxLength: 8 })
const addresses = [
  ...['2001:db8::', '2001:db8::1', '2001:db8:0:8000::1', '2001:db8:1::', '2001:db8:2::', '::', 'fe80::1'],
  ...['10.0.0.0', '10.0.128.1', '10.1.0.0', '10.2.0.0', '9.0.0.0', '::ffff:10.0.0.0', '::ffff:10.1.0.0'],
]

describe('the classes of addresses', () => {
  it('are known before an address is asked for, and say which networks contain it', () => {
    fc.assert(
      fc.property(networks, cidrs => {
        const texts = cidrs.map(cidr => networkOf(cidr).text)
        const classes = createNetworkClasses(texts)
        for (const address of addresses) {
          const found = classes.classOf(address)
          expect(found).toBeGreaterThanOrEqual(0)
          expect(found).toBeLessThan(classes.size)
          const plain = networkOf(address.replace(/^::ffff:/, ''))
          const containing = texts.filter(text => contains(networkOf(text), plain))
          expect(classes.networksOf(found).toSorted()).toEqual([...new Set(containing)].toSorted())
        }
      }),
      { numRuns: 300 },
    )
  })

  it.each(['', 'x', '10.0.0.0/8', '2001:db8::/32', '1:2'])('are none of %j, which is no address', text => {
    expect(createNetworkClasses(['10.0.0.0/8', '::/0']).classOf(text)).toBe(-1)
  })
})
