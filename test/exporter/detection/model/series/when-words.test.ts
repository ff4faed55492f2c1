import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  minuteOfDayWords,
  minuteOfHourWords,
  whenWords,
} from '../../../../../exporter/detection/model/series/when-words.ts'

const expectation = { isOtherDay: false } as Parameters<typeof whenWords>[0]['expectation']
const seconds = fc.integer({ min: 0, max: 4_000_000_000 })

describe('words of a time', () => {
  it('are the same by UTC and by a zone that has its clock', () => {
    fc.assert(
      fc.property(seconds, fc.integer({ min: 0, max: 1439 }), (minuteStart, minuteOfDay) => {
        const words = (zone: string) => [
          whenWords({ minuteStart, expectation }, zone),
          minuteOfDayWords(minuteStart, minuteOfDay, zone).replace(zone, ''),
          minuteOfHourWords(minuteStart, zone),
        ]
        expect(words('UTC')).toEqual(words('Etc/GMT'))
      }),
    )
  })
})
