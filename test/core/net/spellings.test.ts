import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { embeddedIn, nat64Translation, type Translation, wellKnownTranslations } from '../../../core/net/spellings.ts'
import { contains, parseTarget, type Target, widen } from '../../../core/net/target.ts'

const target = (text: string): Target => {
  const parsed = parseTarget(text)
  if (parsed === undefined) throw new Error(`${text} is no target`)
  return parsed
}
const embedded = (text: string, translations?: readonly Translation[]) =>
  embeddedIn(target(text), translations).map(one => one.text)
const nat64 = (text: string): readonly Translation[] => {
  const translation = nat64Translation(text)
  if (translation === undefined) throw new Error(`${text} is no NAT64 prefix`)
  return [translation]
}
const hex = (ipv4: string, inverted = false) =>
  ipv4
    .split('.')
    .map(byte => (inverted ? 255 - Number(byte) : Number(byte)).toString(16).padStart(2, '0'))
    .join('')
    .replace(/^(.{4})/, '$1:')

/** Each writes an IPv4 address as an IPv6 address. */
const spell: Readonly<Record<string, (ipv4: string) => string>> = {
  'IPv4-compatible': ipv4 => `::${ipv4}`,
  SIIT: ipv4 => `::ffff:0:${ipv4}`,
  NAT64: ipv4 => `64:ff9b::${ipv4}`,
  '6to4': ipv4 => `2002:${hex(ipv4)}::1`,
  'the server of Teredo': ipv4 => `2001:0:${hex(ipv4)}:8000:1234:5678:9abc`,
  'the client of Teredo': ipv4 => `2001:0:4136:e378:8000:63bf:${hex(ipv4, true)}`,
}

describe('the IPv4 address in an IPv6 address', () => {
  it.each([
    ['64:ff9b::c000:201', ['192.0.2.1']],
    ['2002:c000:204::1', ['192.0.2.4']],
    // The example of RFC 4380, 4: server 65.54.227.120, client 192.0.2.45.
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', ['65.54.227.120', '192.0.2.45']],
    ['::ffff:0:192.0.2.1', ['192.0.2.1']],
    ['::192.0.2.1', ['192.0.2.1']],
    ['2001:db8::1', []],
    ['192.0.2.1', []],
    ['::ffff:192.0.2.1', []],
  ])('%s is %j', (text, expected) => {
    expect(embedded(text)).toEqual(expected)
  })

  // The examples of RFC 6052, 2.4.
  it.each([
    ['2001:db8::/32', '2001:db8:c000:221::'],
    ['2001:db8:100::/40', '2001:db8:1c0:2:21::'],
    ['2001:db8:122::/48', '2001:db8:122:c000:2:2100::'],
    ['2001:db8:122:300::/56', '2001:db8:122:3c0:0:221::'],
    ['2001:db8:122:344::/64', '2001:db8:122:344:c0:2:2100::'],
    ['2001:db8:122:344::/96', '2001:db8:122:344::192.0.2.33'],
  ])('is found by the NAT64 prefix %s', (prefix, address) => {
    expect(embedded(address, nat64(prefix))).toEqual(['192.0.2.33'])
    expect(embedded(address)).toEqual([])
  })

  it.each(['64:ff9b::/95', '2001:db8::1', '10.0.0.0/32', 'no prefix', '::ffff:0:0/96'])(
    'has no NAT64 prefix %s',
    text => {
      expect(nat64Translation(text)).toBeUndefined()
    },
  )

  it.each(Object.entries(spell))('is read from every address of %s', (_, write) => {
    fc.assert(fc.property(fc.ipV4(), ipv4 => expect(embedded(write(ipv4))).toContain(ipv4)))
  })

  it.each(Object.entries(spell))('of a network of %s is a network that holds those of its addresses', (_, write) => {
    fc.assert(
      fc.property(fc.ipV4(), fc.nat(128), (ipv4, prefix) => {
        const network = widen(target(write(ipv4)), prefix)
        expect(embeddedIn(network).some(one => contains(one, target(ipv4)))).toBe(true)
      }),
    )
  })

  it('is read by no translation from an address outside of its prefix', () => {
    fc.assert(
      fc.property(fc.ipV6(), text => {
        const address = parseTarget(text)
        if (address?.family !== 6) return
        const ways = wellKnownTranslations.filter(({ prefix }) => contains(prefix, address))
        expect(embeddedIn(address)).toHaveLength(ways.length)
      }),
    )
  })
})
