import { describe, expect, it } from '@jest/globals'
import { compileNetworks } from '../../../core/net/networks.ts'

describe('networks', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', '::ffff:10.0.0.1', true],
    ['10.0.0.0/8', '::10.0.0.1', false],
    ['10.0.0.0/8', '64:ff9b::10.0.0.1', false],
    ['10.0.0.0/8', '::ffff:0:10.0.0.1', false],
    ['10.0.0.0/8', '2002:a00:1::1', false],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['2001:db8::/32', '2001:db8:1::1', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['0.0.0.0/0', 'unknown-ip', false],
  ])('%s holds %s: %s', (network, address, held) => {
    expect(compileNetworks([network])(address)).toBe(held)
  })

  it('hold nothing when there are none', () => {
    expect(compileNetworks([])('10.0.0.1')).toBe(false)
  })
})
