import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { autonomousSystemOf, organizationText } from '../../../service/geoip/records.ts'
import { codePoint } from '../../code-point.ts'

const EXAMPLE = { number: 64_500, organization: 'Example Hosting, Inc.' }

describe('the autonomous system of a record', () => {
  it.each([
    [
      'MaxMind and DB-IP',
      { autonomous_system_number: 64_500, autonomous_system_organization: 'Example Hosting, Inc.' },
      EXAMPLE,
    ],
    [
      'IPinfo',
      { asn: 'AS64500', name: 'Example Hosting, Inc.', domain: 'example.com', route: '192.0.2.0/24' },
      EXAMPLE,
    ],
    ['IPinfo, with the country', { asn: 'AS64500', as_name: 'Example Hosting, Inc.', country_code: 'DE' }, EXAMPLE],
    ['a number as text', { asn: '64500' }, { number: 64_500 }],
    ['no name', { autonomous_system_number: 64_500, autonomous_system_organization: 7 }, { number: 64_500 }],
  ])('is read in the layout of %s', (_, record, system) => {
    expect(autonomousSystemOf(record)).toEqual(system)
  })

  it.each([
    undefined,
    null,
    'AS64500',
    {},
    { asn: '' },
    { asn: 'AS' },
    { asn: 'AS64500 x' },
    { asn: '-1' },
    { asn: ['64500'] },
    { autonomous_system_number: 0 },
    { autonomous_system_number: 1.5 },
    { autonomous_system_number: 2 ** 32 },
    { autonomous_system_number: Number.NaN },
    { autonomous_system_organization: 'Example' },
    { name: 'Example' },
  ])('of %j is unknown', record => {
    expect(autonomousSystemOf(record)).toBeUndefined()
  })

  it('is a number and a text that is no structure, whatever the record holds', () => {
    const hostile = fc.oneof(
      fc.anything(),
      fc.string({ unit: codePoint, maxLength: 300 }),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.constantFrom(
        '{{ $labels }}',
        '<!channel>',
        '[x](https://evil.example)',
        'a). Threat lists: none',
        '\u202e@all',
      ),
    )
    const record = fc.record({
      asn: fc.anything(),
      autonomous_system_number: fc.integer(),
      as_name: hostile,
      name: hostile,
    })
    fc.assert(
      fc.property(record, one => {
        const { number = 1, organization = 'a' } = autonomousSystemOf(one) ?? {}
        expect(Number.isInteger(number) && number >= 1 && number < 2 ** 32).toBe(true)
        expect(organization).toMatch(/^[\p{Script=Latin}0-9.,&'+-][\p{Script=Latin}0-9 .,&'+-]{0,63}$/u)
        expect(organization).not.toMatch(/\.[^ ,]|\s$/)
      }),
    )
  })
})

describe('the name of an organization', () => {
  it.each([
    ['AT&T Enterprises, LLC', 'AT&T Enterprises, LLC'],
    ['Société Générale d’Hébergement', 'Société Générale d Hébergement'],
    ['Amazon.com, Inc.', 'Amazon com, Inc.'],
    ['two\nlines\u0000', 'two lines'],
    ['<b>"x"</b>', 'b x b'],
    ['AS of ИЗВЕСТИЯ 7', 'AS of 7'],
    ['a'.repeat(500), 'a'.repeat(64)],
    [`${'x '.repeat(31)}y z`, `${'x '.repeat(31)}y`],
    ['Zürich'.normalize('NFD'), 'Zürich'.normalize('NFC')],
  ])('%j is shown as %j', (text, shown) => {
    expect(organizationText(text)).toBe(shown)
  })

  it.each(['', ' ', '…', '株式会社', '()[]', undefined, 7])('%j is none', text => {
    expect(organizationText(text)).toBeUndefined()
  })
})
