import { describe, expect, it } from '@jest/globals'
import { DayRecord } from '../../../../../exporter/detection/model/profile/day-record.ts'
import { StateReader } from '../../../../../exporter/detection/model/state/state-reader.ts'
import { StateWriter } from '../../../../../exporter/detection/model/state/state-writer.ts'
import { alone } from '../alone.ts'

const create = () => alone(layout => new DayRecord(layout))

describe('the record of a day', () => {
  it.each([0, 1, 65_533, 65_534, 65_535, 1e15])('keeps that a minute brought %p, also when it was saved', count => {
    const { part, state } = create()
    part.set(state, 7, count)
    const to = new StateWriter()
    part.save(state, to)
    const other = create()
    other.part.load(other.state, new StateReader(to.bytes()))
    expect(other.part.isObserved(other.state, 7)).toBe(true)
    expect(other.part.count(other.state, 7)).toBe(count)
  })

  it('distinguishes a minute without events from one that was not observed', () => {
    const { part, state } = create()
    part.set(state, 3, 0)
    expect([part.isObserved(state, 3), part.isObserved(state, 4)]).toEqual([true, false])
    part.forget(state, 3)
    expect(part.isObserved(state, 3)).toBe(false)
    expect(part.count(state, 3)).toBe(0)
  })
})
