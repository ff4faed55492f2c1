import { describe, expect, it } from '@jest/globals'
import type { DayKind } from '../../../../../exporter/detection/model/profile/calendar.ts'
import { Rhythm } from '../../../../../exporter/detection/model/profile/rhythm.ts'
import { StateReader } from '../../../../../exporter/detection/model/state/state-reader.ts'
import { StateWriter } from '../../../../../exporter/detection/model/state/state-writer.ts'
import { type Alone, alone } from '../alone.ts'

const create = () => alone(layout => new Rhythm(layout))
/** Two events a minute in the mean, most at 12:00. */
const dayCurve = (minute: number) => 2 * (1 - 0.6 * Math.cos((2 * Math.PI * minute) / 1440))

/** Days with exactly what is usual. */
function learn({ part, state }: Alone<Rhythm>, kinds: readonly DayKind[], factor = 1, curve = dayCurve): void {
  for (const kind of kinds) {
    part.age(state)
    for (let minute = 0; minute < 1440; minute++) part.add(state, kind, minute, factor * curve(minute), 1)
    part.fit(state)
  }
}

const weekdays = (days: number) => Array<DayKind>(days).fill('weekday')
const rate = ({ part, state }: Alone<Rhythm>, kind: DayKind, minute: number) =>
  Math.exp(part.logRate(state, kind, minute))

describe('the rhythm', () => {
  it('expects the mean at all times before the first day is fitted', () => {
    const rhythm = create()
    rhythm.part.setMean(rhythm.state, 3)
    for (const minute of [0, 700, 1439]) expect(rate(rhythm, 'weekday', minute)).toBeCloseTo(3, 10)
  })

  it('knows the shape of the day after a week', () => {
    const rhythm = create()
    learn(rhythm, weekdays(7))
    for (let minute = 0; minute < 1440; minute += 60) {
      expect(rate(rhythm, 'weekday', minute) / dayCurve(minute)).toBeGreaterThan(0.85)
      expect(rate(rhythm, 'weekday', minute) / dayCurve(minute)).toBeLessThan(1.15)
    }
  })

  it('is continuous, also over midnight', () => {
    const rhythm = create()
    learn(rhythm, weekdays(7))
    for (let minute = 0; minute < 1440; minute++) {
      expect(
        Math.abs(
          rhythm.part.logRate(rhythm.state, 'weekday', minute + 1) -
            rhythm.part.logRate(rhythm.state, 'weekday', minute),
        ),
      ).toBeLessThan(0.02)
    }
    expect(rate(rhythm, 'weekday', 1440)).toBe(rate(rhythm, 'weekday', 0))
    expect(rate(rhythm, 'weekday', -60)).toBe(rate(rhythm, 'weekday', 1380))
  })

  it('distinguishes a weekend after its first days, and is less certain of the first one', () => {
    const rhythm = create()
    learn(rhythm, weekdays(12))
    const uncertain = rhythm.part.variance(rhythm.state, 'saturday')
    expect(uncertain).toBeGreaterThan(10 * rhythm.part.variance(rhythm.state, 'weekday'))
    learn(rhythm, ['saturday', 'sunday'], 0.2)
    expect(rate(rhythm, 'sunday', 720) / rate(rhythm, 'weekday', 720)).toBeLessThan(0.4)
    expect(rhythm.part.variance(rhythm.state, 'saturday')).toBeLessThan(uncertain / 2)
  })

  it('is turned by an hour as a whole, and back', () => {
    const rhythm = create()
    learn(rhythm, weekdays(7))
    const before = rate(rhythm, 'weekday', 480)
    rhythm.part.turn(rhythm.state, 60)
    rhythm.part.refit(rhythm.state)
    expect(rate(rhythm, 'weekday', 540) / before).toBeCloseTo(1, 2)
    rhythm.part.turn(rhythm.state, -60)
    rhythm.part.refit(rhythm.state)
    expect(rate(rhythm, 'weekday', 480) / before).toBeCloseTo(1, 2)
  })

  it('forgets an old shape within weeks', () => {
    const rhythm = create()
    learn(rhythm, weekdays(20))
    learn(rhythm, weekdays(60), 1, minute => dayCurve(minute + 720))
    expect(rate(rhythm, 'weekday', 0)).toBeGreaterThan(rate(rhythm, 'weekday', 720))
  })

  it('counts minutes of a day at a high level as more minutes, not as a higher rate', () => {
    const { part, state } = create()
    for (let day = 0; day < 7; day++) {
      part.age(state)
      for (let minute = 0; minute < 1440; minute++) part.add(state, 'weekday', minute, 6 * dayCurve(minute), 6)
      part.fit(state)
    }
    expect(Math.exp(part.logRate(state, 'weekday', 720)) / dayCurve(720)).toBeCloseTo(1, 0.5)
  })
})

describe('the shape of another series', () => {
  it('is given by one that knows seven days', () => {
    const rhythm = create()
    learn(rhythm, weekdays(6))
    expect(rhythm.part.shape(rhythm.state)).toBeUndefined()
    learn(rhythm, weekdays(1))
    expect(rhythm.part.shape(rhythm.state)).toBeDefined()
  })

  it('counts at the level of the series that begins, until this knows its own', () => {
    const known = create()
    learn(known, weekdays(10))
    const shape = known.part.shape(known.state) ?? []
    const begun = create()
    begun.part.begin(begun.state, shape)
    begun.part.setMean(begun.state, 20)
    expect(rate(begun, 'weekday', 720) / rate(begun, 'weekday', 0)).toBeCloseTo(
      rate(known, 'weekday', 720) / rate(known, 'weekday', 0),
      6,
    )
    expect(begun.part.variance(begun.state, 'weekday')).toBeLessThan(create().part.variance(create().state, 'weekday'))
    learn(begun, weekdays(14), 10, minute => dayCurve(minute + 720))
    expect(rate(begun, 'weekday', 0)).toBeGreaterThan(2 * rate(begun, 'weekday', 720))
  })
})

describe('a saved rhythm', () => {
  it('is the same again', () => {
    const rhythm = create()
    learn(rhythm, [...weekdays(5), 'saturday', 'sunday'])
    const to = new StateWriter()
    rhythm.part.save(rhythm.state, to)
    const other = create()
    other.part.load(other.state, new StateReader(to.bytes()))
    expect(other.state.numbers).toEqual(rhythm.state.numbers)
    expect(other.state.singles).toEqual(rhythm.state.singles)
    expect(other.part.fits(other.state)).toBe(7)
  })
})
