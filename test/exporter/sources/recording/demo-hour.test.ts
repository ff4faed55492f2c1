import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DAY_MS, HOUR_MS } from '../../../../core/clock.ts'
import { readCapturedLines } from '../../../../exporter/sources/recording/captured-lines.ts'
import { demoHour } from '../../../../exporter/sources/recording/demo-hour.ts'
import { createDemoMoments } from '../../../../exporter/sources/recording/demo-moments.ts'
import { attackDay } from '../../../../exporter/sources/recording/demo-week.ts'

const moments = createDemoMoments(readCapturedLines())
const timestamp = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|\+00:00)/g

/** The lines of the attack in one hour of its day: those that are not there when the attack is on another day. */
function attackLines(day: number, hour: number): readonly (readonly [sinceStart: number, line: string])[] {
  const attack = day * DAY_MS
  const start = attack + hour * HOUR_MS
  const ordinary = new Set(demoHour(moments, 1, start, attack - 100 * DAY_MS).map(({ line }) => line))
  return demoHour(moments, 1, start, attack)
    .filter(({ line }) => !ordinary.has(line))
    .map(({ time, line }) => [time - attack, line.replace(timestamp, 'T')] as const)
}

describe('an hour of the demo', () => {
  const today = Array.from({ length: 24 }, (_, hour) => attackLines(20_785, hour))

  it('holds the same attack on every date: same lines, same addresses, same time of the day', () => {
    const anyHour = fc.tuple(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 23 }))
    fc.assert(
      fc.property(anyHour, ([day, hour]) => {
        expect(attackLines(day, hour)).toEqual(today[hour])
      }),
      { examples: attackDay.map(({ from }) => [[20_786, Math.floor(from)]]) },
    )
  })

  it('holds all of the attack in the hours of the attack day', () => {
    const linesOf = attackDay.map(({ moment, times }) => {
      return times * moments[moment].play({ timeOf: time => time, random: () => 0 }).length
    })
    expect(today.flat()).toHaveLength(linesOf.reduce((sum, lines) => sum + lines))
  })
})
