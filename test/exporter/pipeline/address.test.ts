import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseTarget } from '../../../core/net/target.ts'
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
    [
      'the client of a configured proxy, left of which there is no address',
      { peerAddress: PROXY, forwardedFor: '<x>, unknown, , 192.0.2.1, 10.0.0.2' },
      '192.0.2.1',
      true,
    ],
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

  it.each([
    ['the proxy forwards nothing', undefined, 'forwarded_missing'],
    ['the entry of the proxy is no address', '192.0.2.1, <x>', 'forwarded_invalid'],
    ['the list is empty', ' ', 'forwarded_invalid'],
    ['the list names proxies only', '10.0.0.3, 10.0.0.2', 'forwarded_proxies_only'],
    [
      "the gateway's log may have truncated the list at its right end",
      '198.51.100.66, '.repeat(40),
      'forwarded_truncated',
    ],
  ])('is unknown where %s, and the proxy is not accused', (_what, forwardedFor, unknown) => {
    const actor = { peerAddress: PROXY, ...(forwardedFor !== undefined && { forwardedFor }) }
    expect(trust.resolve(actor)).toEqual({ address: PROXY, trusted: false, unknown })
  })

  it('is unknown where the peer has none', () => {
    expect(trust.resolve({ peerAddress: 'unix:' })).toEqual({ trusted: false, unknown: 'peer_invalid' })
    expect(trust.resolve({ addressUnknown: 'console_text' })).toEqual({ trusted: false, unknown: 'console_text' })
  })

  it('is shown and not trusted where a user may have written it', () => {
    const claimed = { addressUnknown: 'forgeable_text', claimedAddress: '192.0.2.9' } as const
    expect(trust.resolve(claimed)).toEqual({ address: '192.0.2.9', trusted: false, unknown: 'forgeable_text' })
    expect(trust.resolve({ ...claimed, claimedAddress: 'nowhere' })).toEqual({
      trusted: false,
      unknown: 'forgeable_text',
    })
  })

  it('is read from the right end of a long list, as long as it is shorter than what the log truncates', () => {
    const forged = '198.51.100.66, '.repeat(18)
    for (const client of ['192.0.2.1', '192.0.2.111, 10.0.0.2']) {
      const forwardedFor = forged + client
      expect(forwardedFor.length).toBeGreaterThan(256)
      expect(trust.resolve({ peerAddress: PROXY, forwardedFor })).toEqual({
        address: client.split(',')[0],
        trusted: true,
      })
    }
    const truncated = `${'198.51.100.66,'.repeat(30)}192.0.2.1`.slice(0, 299)
    expect(trust.resolve({ peerAddress: PROXY, forwardedFor: truncated }).trusted).toBe(false)
  })

  it.each([
    ['64:ff9b::10.0.0.1', 'a well-known prefix'],
    ['2002:a00:1::1', '6to4'],
    ['::ffff:0:10.0.0.1', 'SIIT'],
    ['::10.0.0.1', 'an IPv4-compatible address'],
    ['2001:db8:64::10.0.0.1', 'a prefix that is not configured'],
  ])('is not taken from %s: %s is the spelling of no proxy', (peerAddress, _) => {
    const resolved = trust.resolve({ peerAddress, forwardedFor: '192.0.2.1' })
    expect(resolved).toEqual({ address: parseTarget(peerAddress)?.text, trusted: true })
  })

  it('is taken from a proxy behind a NAT64 translator whose prefix is configured', () => {
    const translated = new AddressTrust(['10.0.0.0/24'], ['2001:db8:64::/96'])
    const forwardedFor = '198.51.100.66, 192.0.2.1'
    expect(translated.resolve({ peerAddress: '2001:db8:64::10.0.0.1', forwardedFor })).toEqual({
      address: '192.0.2.1',
      trusted: true,
    })
    expect(translated.resolve({ peerAddress: '2001:db8:64::10.0.1.1', forwardedFor }).address).toBe(
      '2001:db8:64::a00:101',
    )
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
