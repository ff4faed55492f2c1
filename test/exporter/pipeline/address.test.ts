import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { AddressTrust } from '../../../exporter/pipeline/address.ts'

const PROXY = '10.0.0.1'
const trust = new AddressTrust(['10.0.0.0/24', '2001:db8:1::/48'])

describe('the address of a caller', () => {
  it.each([
    ['the peer of the socket', { peerAddress: '203.0.113.9' }, '203.0.113.9', true],
    ['the peer, whatever it forwards', { peerAddress: '203.0.113.9', forwardedFor: '192.0.2.1' }, '203.0.113.9', true],
    ['the client of a configured proxy', { peerAddress: PROXY, forwardedFor: '192.0.2.1' }, '192.0.2.1', true],
    [
      'the right-most client, not what it forged',
      { peerAddress: PROXY, forwardedFor: '198.51.100.66, 192.0.2.1, 10.0.0.2' },
      '192.0.2.1',
      true,
    ],
    ['of a proxy that forwards nothing: not trusted', { peerAddress: PROXY }, PROXY, false],
    [
      'behind an entry that cannot be read: not trusted',
      { peerAddress: PROXY, forwardedFor: '192.0.2.1, <x>' },
      PROXY,
      false,
    ],
    ['of proxies alone: not trusted', { peerAddress: PROXY, forwardedFor: '10.0.0.3, 10.0.0.2' }, PROXY, false],
    ['what the gateway resolved itself', { resolvedAddress: '192.0.2.1' }, '192.0.2.1', true],
    ['what the gateway could not resolve', { resolvedAddress: 'unknown-ip' }, undefined, false],
    ['IPv4 written as IPv6', { peerAddress: '::ffff:10.0.0.1', forwardedFor: '::ffff:192.0.2.1' }, '192.0.2.1', true],
    [
      'IPv6 behind an IPv6 proxy',
      { peerAddress: '2001:db8:1::5', forwardedFor: '[2001:DB8:2::1]:443' },
      '2001:db8:2::1',
      true,
    ],
    ['none', {}, undefined, false],
  ])('is %s', (_what, actor, address, trusted) => {
    expect(trust.resolve(actor)).toEqual(address === undefined ? { trusted } : { address, trusted })
  })

  it('is not trusted where the forwarded list may have been cut at its right end', () => {
    const forged = Array.from({ length: 40 }, () => '198.51.100.66').join(', ')
    expect(trust.resolve({ peerAddress: PROXY, forwardedFor: forged })).toEqual({ address: PROXY, trusted: false })
  })

  it('behind a proxy never comes from the left of what the proxy wrote', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.ipV4(), (forged, client) => {
        fc.pre(!client.startsWith('10.0.0.'))
        const resolved = trust.resolve({ peerAddress: PROXY, forwardedFor: `${forged}, ${client}` })
        expect(resolved).toEqual({ address: client, trusted: true })
      }),
    )
  })
})
