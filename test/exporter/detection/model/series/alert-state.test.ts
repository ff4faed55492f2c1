import { describe, expect, it } from '@jest/globals'
import { alertPresets } from '../../../../../exporter/detection/model/series/alert-presets.ts'
import { AlertState } from '../../../../../exporter/detection/model/series/alert-state.ts'
import { type Alone, alone } from '../alone.ts'

/** Steps through scores minute by minute; raw follows the score. */
function through(scores: readonly number[], complete = true): Alone<AlertState> {
  const alert = create()
  scores.forEach((score, minute) => {
    step(alert, minute, score, complete)
  })
  return alert
}

const create = () => alone(layout => new AlertState(layout))

const step = ({ part, state }: Alone<AlertState>, minute: number, score: number, complete: boolean) =>
  part.step(state, alertPresets.default, 60 * minute, score, score, complete)

const isActive = ({ part, state }: Alone<AlertState>) => part.active(state)

const calm = (minutes: number) => Array<number>(minutes).fill(10)

describe('AlertState', () => {
  it('enters at 65', () => {
    expect(isActive(through([64.9]))).toBe(false)
    expect(isActive(through([65]))).toBe(true)
  })

  it('enters when two of the last three scores reach 60', () => {
    expect(isActive(through([60, 10, 60]))).toBe(true)
    expect(isActive(through([60, 10, 10, 60]))).toBe(false)
  })

  it('leaves after 15 scores in a row below 30', () => {
    expect(isActive(through([70, ...calm(14)]))).toBe(true)
    expect(isActive(through([70, ...calm(15)]))).toBe(false)
    expect(isActive(through([70, ...calm(14), 30, ...calm(14)]))).toBe(true)
  })

  it('does not enter again on scores from before it left', () => {
    expect(isActive(through([70, ...calm(15), 60]))).toBe(false)
  })

  it('gives notice when it enters and when it gets worse, not in between', () => {
    const alert = create()
    const notices = [20, 70, 60, 70, 71, 10].map((score, minute) => {
      step(alert, minute, score, true)
      return alert.part.notify(alert.state)
    })
    expect(notices).toEqual([false, true, false, false, true, false])
  })

  it('is raised by a partial minute, but never calmed', () => {
    expect(isActive(through([70], false))).toBe(true)
    const alert = through([70])
    for (let minute = 1; minute < 100; minute++) step(alert, minute, 0, false)
    expect(isActive(alert)).toBe(true)
  })
})
