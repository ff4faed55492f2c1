import { describe, expect, it } from '@jest/globals'
import { HeldLevel } from '../../../../../exporter/detection/model/count/held-level.ts'
import { StateReader } from '../../../../../exporter/detection/model/state/state-reader.ts'
import { StateWriter } from '../../../../../exporter/detection/model/state/state-writer.ts'
import { type Alone, alone } from '../alone.ts'

const HOUR = 60
const DAY = 24 * HOUR

const create = () => alone(layout => new HeldLevel(layout))

/** Learns minutes, the first of them at midnight. */
function learn(level: Alone<HeldLevel>, minutes: number, count: (minute: number) => number): Alone<HeldLevel> {
  let afterEmpty = false
  for (let minute = 0; minute < minutes; minute++) {
    const events = count(minute)
    level.part.learn(level.state, 60 * minute, events, afterEmpty)
    afterEmpty = events === 0
  }
  return level
}

const limitAt = ({ part, state }: Alone<HeldLevel>, hour: number) => part.limit(state, hour * 3600)

describe('HeldLevel', () => {
  it('limits nothing before it has learnt anything', () => {
    expect(limitAt(create(), 0)).toBe(Number.POSITIVE_INFINITY)
  })

  it('limits nothing in hours in which half of the minutes have events', () => {
    const level = learn(create(), 4 * DAY, minute => (minute % DAY < 12 * HOUR && minute % 2 === 0 ? 5 : 0))
    const office = learn(create(), 4 * DAY, minute => (minute % DAY < 12 * HOUR ? 5 : 0))
    expect(limitAt(office, 3)).toBe(Number.POSITIVE_INFINITY)
    expect(limitAt(office, 15)).toBeLessThan(0.1)
    expect(limitAt(level, 15)).toBeLessThan(0.5)
  })

  it('limits a minute to the chance that events come, where they come one by one', () => {
    const everyTen = learn(create(), 4 * DAY, minute => (minute % 10 === 0 ? 1 : 0))
    expect(limitAt(everyTen, 5)).toBeCloseTo(-Math.log(1 - 1 / 9), 1)
  })

  it('takes a flood for the end of one silence, whatever its size and length', () => {
    const limits = [1, 30, 60].flatMap(minutes =>
      [1, 1e9].map(rate =>
        limitAt(
          learn(create(), 3 * DAY, minute => (minute >= 2 * DAY && minute < 2 * DAY + minutes ? rate : 0)),
          0,
        ),
      ),
    )
    for (const limit of limits) expect(limit).toBeLessThan(0.02)
    expect(limits[0]).toBe(limits[1])
  })

  it('is saved, and begins to learn where an older snapshot ends before it', () => {
    const level = learn(create(), 2 * DAY, minute => (minute % 7 === 0 ? 1 : 0))
    const to = new StateWriter()
    level.part.save(level.state, to)
    const restored = create()
    restored.part.load(restored.state, new StateReader(to.bytes()))
    expect(Array.from({ length: 24 }, (_, hour) => limitAt(restored, hour))).toEqual(
      Array.from({ length: 24 }, (_, hour) => limitAt(level, hour)),
    )
    const old = create()
    old.part.load(old.state, new StateReader(new Uint8Array()))
    expect(limitAt(old, 3)).toBe(Number.POSITIVE_INFINITY)
  })
})
