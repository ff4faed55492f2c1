import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readTime } from '../../../decoding/toolkit/time.ts'
import { codePoint } from '../../code-point.ts'

const two = fc.nat({ max: 99 }).map(value => String(value).padStart(2, '0'))
const zone = fc.constantFrom('Z', '+00:00', '-00:00', '+01:30', '+0130', '', 'z')
const written = fc
  .tuple(fc.constantFrom('1969', '1970', '2026', '9999', '0026'), two, two, two, two, two, fc.nat({ max: 999 }), zone)
  .map(([year, month, day, hour, minute, second, fraction, offset]) => {
    return `${year}-${month}-${day}T${hour}:${minute}:${second}.${String(fraction).padStart(3, '0')}${offset}`
  })

/** What the parser of the language says of a text with an offset. */
function parsed(text: string): number | undefined {
  if (!/(?:Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

describe('the time of a text', () => {
  it.each([
    ['2026-11-23T00:00:00.000Z', 1795392000000],
    ['2026-11-23T00:00:00.000+00:00', 1795392000000],
    ['2026-11-23T01:30:00.5+01:30', 1795392000500],
    ['2026-11-23T00:00:00.123456789Z', 1795392000123],
    ['2026-02-29T00:00:00.000', undefined],
    ['2026-11-23 00:00:00.000Z', undefined],
    ['2026-11-23T00:00:00.00:Z', undefined],
    ['2026-1/-23T00:00:00.000Z', undefined],
  ])('%s', (text, time) => {
    expect(readTime(text)).toBe(time)
  })

  it('is what the parser of the language makes of it, however its parts stand', () => {
    fc.assert(fc.property(written, text => expect(readTime(text)).toBe(parsed(text))))
    const moment = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
    fc.assert(
      fc.property(moment, fc.constantFrom('Z', '+00:00'), (date, offset) => {
        expect(readTime(date.toISOString().replace('Z', offset))).toBe(date.getTime())
      }),
    )
  })

  it('is the same with more decimals, which are cut off', () => {
    fc.assert(
      fc.property(written, fc.stringMatching(/^[\d:Z]{0,7}$/), (text, more) => {
        const longer = text.replace(/Z$/, `${more}Z`)
        const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}(?:Z|[+-]\d\d:?\d\d)$/.test(longer)
        expect(readTime(longer)).toBe(isTime ? parsed(longer) : undefined)
      }),
    )
  })

  it('is none where a sign stands in the place of another', () => {
    fc.assert(
      fc.property(fc.nat({ max: 23 }), fc.string({ unit: codePoint, minLength: 1, maxLength: 1 }), (at, sign) => {
        const text = '2026-11-23T10:20:30.456Z'
        const changed = text.slice(0, at) + sign + text.slice(at + 1)
        const isSame = /^\d$/.test(sign) && /^\d$/.test(text[at] as string)
        expect(readTime(changed)).toBe(isSame || sign === text[at] ? parsed(changed) : undefined)
      }),
    )
  })
})
