import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { contains, overlaps, parseTarget, type Target, widen } from '../../../core/net/target.ts'

const target = (text: string): Target => {
  const parsed = parseTarget(text)
  if (parsed === undefined) throw new Error(`${text} is a target`)
  return parsed
}

describe('a target', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.77/24', '192.0.2.0/24'],
    ['192.0.2.1/32', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::192.0.2.1', '::c000:201'],
    ['::ffff:192.0.2.0/120', '192.0.2.0/24'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['2001:db8::1/64', '2001:db8::/64'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['::/0', '::/0'],
  ])('reads %s as %s', (text, canonical) => {
    expect(parseTarget(text)?.text).toBe(canonical)
  })

  it.each([
    '',
    '1',
    '10.1',
    '010.0.0.1',
    '0x7f.0.0.1',
    '2130706433',
    '192.0.2.1:443',
    '192.0.2.1/33',
    '192.0.2.1/032',
    '2001:db8::/064',
    '192.0.2.1/-1',
    '192.0.2.1/24/24',
    '192.0.2.1/',
    'fe80::1%eth0',
    'example.org',
    '192.0.2.1 } ; flush ruleset ; {',
    '::ffff:192.0.2.0/64',
    `1${'0'.repeat(100)}`,
  ])('is not what %j says', text => {
    expect(parseTarget(text)).toBeUndefined()
  })

  it('never holds anything but digits, letters, dots, colons and a slash, whatever was written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.ipV4Extended()), text => {
        expect(parseTarget(text)?.text ?? '').toMatch(/^[0-9a-f.:]*(\/\d+)?$/)
      }),
    )
  })

  it('reads its own text as itself', () => {
    const network = fc.tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(32))
    fc.assert(
      fc.property(network, ([address, prefix]) => {
        const once = parseTarget(`${address}/${prefix}`)
        if (once !== undefined) expect(parseTarget(once.text)).toEqual(once)
      }),
    )
  })

  it('lies in each network that it is widened to, and nests or is apart from any other', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), fc.nat(32), fc.nat(32), (one, other, a, b) => {
        const first = target(`${one}/${a}`)
        const second = target(`${other}/${b}`)
        expect(contains(widen(first, Math.min(a, b)), first)).toBe(true)
        expect(overlaps(first, second)).toBe(contains(first, second) || contains(second, first))
      }),
    )
  })

  it('of one family is in no network of the other', () => {
    expect(overlaps(target('0.0.0.0/0'), target('::/0'))).toBe(false)
  })
})
