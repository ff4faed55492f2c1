import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { NetworkMap } from '../../../core/net/network-map.ts'
import { parseTarget, type Target } from '../../../core/net/target.ts'

const target = (text: string) => parseTarget(text) as Target

function mapOf(...networks: readonly string[]): NetworkMap<string> {
  const map = new NetworkMap<string>()
  for (const network of networks) map.set(target(network), network)
  return map
}

describe('a map of networks', () => {
  it('finds the narrowest network of an address, in whatever order the networks were set', () => {
    const networks = ['10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '10.1.2.3']
    fc.assert(
      fc.property(fc.shuffledSubarray(networks, { minLength: networks.length }), order => {
        const map = mapOf(...order)
        const found = ['10.1.2.3', '10.1.2.4', '10.1.9.9', '10.9.9.9', '11.0.0.1'].map(
          text => map.covering(target(text))?.value,
        )
        expect(found).toEqual(['10.1.2.3', '10.1.2.0/24', '10.1.0.0/16', '10.0.0.0/8', undefined])
      }),
    )
  })

  it('covers a network only by one that holds all of it, and touches it by one that holds a part', () => {
    const map = mapOf('10.1.2.0/24')
    expect(map.covering(target('10.1.0.0/16'))).toBeUndefined()
    expect(map.touching(target('10.1.0.0/16'))?.value).toBe('10.1.2.0/24')
    expect(map.touching(target('10.2.0.0/16'))).toBeUndefined()
  })

  it('keeps the families apart, and each network once', () => {
    const map = mapOf('::/0', '0.0.0.0/0', '0.0.0.0/0')
    expect(map.size).toBe(2)
    expect(map.covering(target('192.0.2.1'))?.value).toBe('0.0.0.0/0')
    expect(map.covering(target('2001:db8::1'))?.value).toBe('::/0')
  })
})
