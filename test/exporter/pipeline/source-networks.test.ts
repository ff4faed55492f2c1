import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isHost, parseTarget, widen } from '../../../core/net/target.ts'
import { sourceNetworks } from '../../../exporter/pipeline/source-networks.ts'

describe('the network that an address is counted by', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::/64', '2001:db8:1:2::/64'],
    ['2002:cb00:7109:1::1', '2002:cb00:7109:1::/64'],
    ['64:ff9b::cb00:7109', '64:ff9b::cb00:7109'],
    ['::ffff:0:203.0.113.9', '::ffff:0:203.0.113.9'],
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['2001:db8:64::cb00:7109', '2001:db8:64::cb00:7109'],
    ['no address', 'no address'],
  ])('of %s is %s', (address, network) => {
    expect(sourceNetworks(undefined, ['2001:db8:64::/96'])(address)).toBe(network)
  })

  it('is as wide as configured', () => {
    const networkOf = sourceNetworks({ ipv4_prefix: 24, ipv6_prefix: 56 })
    expect(networkOf('203.0.113.9')).toBe('203.0.113.0/24')
    expect(networkOf('2001:db8:1:2ff::1')).toBe('2001:db8:1:200::/56')
    expect(networkOf('2001:db8:1:2ff::/64')).toBe('2001:db8:1:200::/56')
  })

  it('is the same for every address of a network, however its text is compressed', () => {
    const group = fc.constantFrom('0', '1', 'a0', '2001', 'ffff')
    const networkOf = sourceNetworks()
    fc.assert(
      fc.property(
        fc.array(group, { minLength: 7, maxLength: 7 }),
        fc.constantFrom('2001', '2a00', 'fd00'),
        (rest, first) => {
          const target = parseTarget([first, ...rest].join(':'))
          if (target === undefined || (first === '2001' && rest[0] === '0')) return
          expect(networkOf(target.text)).toBe(widen(target, 64).text)
        },
      ),
    )
  })

  it('is its own network, and that of an IPv4 address is the address', () => {
    const networkOf = sourceNetworks()
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), text => {
        const target = parseTarget(text)
        if (target === undefined) return
        const network = networkOf(target.text)
        expect(networkOf(network)).toBe(network)
        if (target.family === 4) expect(network).toBe(target.text)
        else expect(isHost(parseTarget(network) ?? target) ? network : network.endsWith('/64')).toBeTruthy()
      }),
    )
  })
})
