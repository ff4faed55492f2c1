import { describe, expect, it } from '@jest/globals'
import { parseIsoTime } from '../../../core/time/iso-time.ts'

describe('a time in ISO 8601', () => {
  it.each([
    ['2026-11-22T14:05Z', Date.UTC(2026, 10, 22, 14, 5)],
    ['2026-11-22T14:05:07Z', Date.UTC(2026, 10, 22, 14, 5, 7)],
    ['2026-11-22T14:05:07.25+02:00', Date.UTC(2026, 10, 22, 12, 5, 7, 250)],
    ['2028-02-29T00:00:00-05:30', Date.UTC(2028, 1, 29, 5, 30)],
  ])('%s is read', (text, time) => expect(parseIsoTime(text)).toBe(time))

  it.each([
    ...['', '2026-11-22', '2026-11-22T14:05', '2026-11-22 14:05Z', '22.11.2026T14:05Z', ' 2026-11-22T14:05Z'],
    ...['2026-11-31T00:00:00Z', '2026-02-30T10:00:00Z', '2026-13-01T00:00:00Z', '2026-11-22T25:00Z'],
  ])('%j is none', text => expect(parseIsoTime(text)).toBeUndefined())
})
