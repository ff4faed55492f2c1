import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { contains, overlaps, parseTarget, type Target, widen } from '../../../core/net/target.ts'
import { alwaysProtected, compileAllowlist, privateRanges } from '../../../remediation/decision/compile-allowlist.ts'
import type { ProtectedNetwork } from '../../../remediation/domain/protected.ts'

const target = (text: string) => parseTarget(text) as Target
const protecting = (...networks: string[]): ProtectedNetwork[] => networks.map(network => ({ network, reason: 'ours' }))

describe('the never-block list', () => {
  const list = compileAllowlist(
    [...privateRanges, ...protecting('203.0.113.7', '2001:db8:1::/48')],
    ['2001:db8:64::/96'],
  )

  it.each([
    ['10.1.2.3', '10.0.0.0/8'],
    ['127.0.0.1', '127.0.0.0/8'],
    ['::1', '::/127'],
    ['169.254.169.254', '169.254.0.0/16'],
    ['::ffff:192.168.1.1', '192.168.0.0/16'],
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.0/24', '203.0.113.7'],
    ['0.0.0.0/0', '0.0.0.0/8'],
    ['2001:db8:1::42', '2001:db8:1::/48'],
    ['198.19.0.1', '198.18.0.0/15'],
    ['192.0.0.9', '192.0.0.0/24'],
    ['192.88.99.1', '192.88.99.0/24'],
    ['192.31.196.1', '192.31.196.0/24'],
    ['192.52.193.1', '192.52.193.0/24'],
    ['192.175.48.1', '192.175.48.0/24'],
    ['255.255.255.255', '240.0.0.0/4'],
    ['100::1', '100::/64'],
    ['100:0:0:1::1', '100:0:0:1::/64'],
    ['64:ff9b:1::1', '64:ff9b:1::/48'],
    ['2001:1::1', '2001:1::/32'],
    ['2001:3::1', '2001:2::/31'],
    ['2001:4:112::1', '2001:4::/30'],
    ['2001:1ff:ffff::1', '2001:100::/24'],
    ['2620:4f:8000::1', '2620:4f:8000::/48'],
    ['5f00::1', '5f00::/16'],
    ['fec0::1', 'fec0::/10'],
    ['64:ff9b::10.0.0.1', '10.0.0.0/8'],
    ['2002:cb00:7107::1', '203.0.113.7'],
    ['2002:cb00:7107::/48', '203.0.113.7'],
    ['::ffff:0:203.0.113.7', '203.0.113.7'],
    ['2001:0:cb00:7107::1', '203.0.113.7'],
    ['2001:0:808:808:0:0:34ff:8ef8', '203.0.113.7'],
    ['2001:db8:64::203.0.113.7', '203.0.113.7'],
    ['64:ff9b::/96', '0.0.0.0/8'],
  ])('refuses %s, naming %s', (text, network) => {
    expect(list.matchingProtection(target(text))?.network).toBe(network)
  })

  it.each([
    '192.0.2.1',
    '198.51.100.0/24',
    '203.0.113.8',
    '2001:db8::1',
    '3fff:fff::1',
    '8.8.8.8',
    '64:ff9b::8.8.8.8',
    '2002:808:808::1',
  ])('lets %s be blocked: documentation ranges are nobody', text => {
    expect(list.matchingProtection(target(text))).toBeUndefined()
  })

  const hex = (ipv4: string, mask = 0) => {
    const bytes = ipv4.split('.').map(byte => (Number(byte) ^ mask).toString(16).padStart(2, '0'))
    return `${bytes.slice(0, 2).join('')}:${bytes.slice(2).join('')}`
  }
  it.each<[string, (ipv4: string) => string]>([
    ['IPv4-mapped', ipv4 => `::ffff:${ipv4}`],
    ['IPv4-compatible', ipv4 => `::${ipv4}`],
    ['SIIT', ipv4 => `::ffff:0:${ipv4}`],
    ['NAT64', ipv4 => `64:ff9b::${ipv4}`],
    ['NAT64 by a configured prefix', ipv4 => `2001:db8:64::${ipv4}`],
    ['6to4', ipv4 => `2002:${hex(ipv4)}:1::1`],
    ['the server of Teredo', ipv4 => `2001:0:${hex(ipv4)}:8000:1234:5678:9abc`],
    ['the client of Teredo', ipv4 => `2001:0:808:808:8000:63bf:${hex(ipv4, 255)}`],
  ])('protects any address that is written as %s, and the networks that hold it', (_, write) => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 128 }), (ipv4, prefix) => {
        const own = compileAllowlist(protecting(ipv4), ['2001:db8:64::/96'])
        const spelling = target(write(ipv4))
        expect(own.matchingProtection(spelling)?.network).toBe(ipv4)
        expect(own.matchingProtection(widen(spelling, prefix))).toBeDefined()
      }),
    )
  })

  it('protects loopback whatever is configured', () => {
    const least = compileAllowlist(alwaysProtected)
    expect(least.matchingProtection(target('127.0.0.9'))).toBeDefined()
    expect(least.matchingProtection(target('::1'))).toBeDefined()
    expect(least.matchingProtection(target('10.0.0.1'))).toBeUndefined()
  })

  it('leaves out what is no network, since a machine may call its interfaces anything', () => {
    expect(compileAllowlist(protecting('eth0', 'fe80::1%eth0', '192.0.2.9')).networks.map(({ text }) => text)).toEqual([
      '192.0.2.9',
    ])
  })

  it('gives the firewall networks of which none lies in another, and which hold the same addresses', () => {
    const network = fc.tuple(fc.constantFrom('10.0', '10.1', '192.0'), fc.nat(255), fc.integer({ min: 8, max: 32 }))
    fc.assert(
      fc.property(fc.array(network, { maxLength: 20 }), fc.nat(255), (parts, byte) => {
        const texts = parts.map(([head, third, prefix]) => `${head}.${third}.0/${prefix}`)
        const compiled = compileAllowlist(protecting(...texts))
        const kept = compiled.networks
        for (const one of kept) for (const other of kept) if (one !== other) expect(overlaps(one, other)).toBe(false)
        const probe = target(`10.0.${byte}.1`)
        const held = texts.some(text => contains(target(text), probe))
        expect(kept.some(one => contains(one, probe))).toBe(held)
        expect(compiled.matchingProtection(probe) !== undefined).toBe(held)
      }),
    )
  })
})
