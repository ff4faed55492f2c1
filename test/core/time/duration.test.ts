import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { formatDuration, parseDuration, span, spelledOut, timeLeft } from '../../../core/time/duration.ts'
import { codePoint } from '../../code-point.ts'

describe('a duration', () => {
  it.each([
    ['0', 0],
    ['15ms', 15],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['14d', 1_209_600_000],
    ['1w', 604_800_000],
    ['1y', 31_536_000_000],
    ['1y1w1d1h1m1s1ms', 31_536_000_000 + 604_800_000 + 86_400_000 + 3_600_000 + 60_000 + 1_000 + 1],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it.each(['', '5', 'm', '-5m', '1.5h', '5 m', '30m1h', '5m5m', '5M', '5min', '9007199254740993y', ' 5m', '5m\n'])(
    'is not %j',
    text => {
      expect(parseDuration(text)).toBeUndefined()
    },
  )

  it('reads back what it writes, to the millisecond', () => {
    fc.assert(fc.property(fc.maxSafeNat(), ms => expect(parseDuration(formatDuration(ms))).toBe(ms)))
  })

  it('writes years and weeks only where nothing remains', () => {
    const day = 86_400_000
    expect([7 * day, 8 * day, 14 * day, 365 * day, 366 * day].map(formatDuration)).toEqual([
      '1w',
      '8d',
      '2w',
      '1y',
      '366d',
    ])
  })

  it('never throws on any text', () => {
    fc.assert(fc.property(fc.string({ unit: codePoint }), text => void parseDuration(text)))
  })
})

it.each([
  [999, 'under 1 s', '0 minutes'],
  [59_999, '59 s', '1 minute'],
  [60_000, '1 min', '1 minute'],
  [7_199_999, '1 h', '2 hours'],
  [5_400_000, '1 h', '90 minutes'],
  [11_520_000, '3 h', '3.2 hours'],
  [26 * 3_600_000, '1 d', '26 hours'],
  [1_234 * 3_600_000, '51 d', '1,200 hours'],
])('%d ms is %s on a page, %s in a sentence', (milliseconds, onPage, inSentence) => {
  expect(span(milliseconds)).toBe(onPage)
  expect(spelledOut(milliseconds)).toBe(inSentence)
})

it.each([
  [999, 'under 1 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_599_999, '59 min 59 s'],
  [4 * 3_600_000 - 1, '3 h 59 min'],
  [4 * 3_600_000, '4 h'],
  [26 * 3_600_000, '1 d 2 h'],
  [86_400_000 + 60_000, '1 d'],
])('%d ms are left: %s', (milliseconds, text) => {
  expect(timeLeft(milliseconds)).toBe(text)
})
