import { describe, expect, it } from '@jest/globals'
import { alertPresets } from '../../../../exporter/anomaly/series/alert-presets.ts'
import { AlertState } from '../../../../exporter/anomaly/series/alert-state.ts'

/** Steps through scores minute by minute; raw follows the score. */
function through(scores: readonly number[], complete = true): AlertState {
  const alert = new AlertState(alertPresets.default)
  scores.forEach((score, minute) => {
    alert.step(60 * minute, score, score, complete)
  })
  return alert
}

const calm = (minutes: number) => Array<number>(minutes).fill(10)

describe('AlertState', () => {
  it('enters at 65', () => {
    expect(through([64.9]).active).toBe(false)
    expect(through([65]).active).toBe(true)
  })

  it('enters when two of the last three scores reach 55', () => {
    expect(through([55, 10, 55]).active).toBe(true)
    expect(through([55, 10, 10, 55]).active).toBe(false)
  })

  it('leaves after 15 scores in a row below 30', () => {
    expect(through([70, ...calm(14)]).active).toBe(true)
    expect(through([70, ...calm(15)]).active).toBe(false)
    expect(through([70, ...calm(14), 30, ...calm(14)]).active).toBe(true)
  })

  it('does not enter again on scores from before it left', () => {
    expect(through([70, ...calm(15), 55]).active).toBe(false)
  })

  it('gives notice when it enters and when it gets worse, not in between', () => {
    const alert = new AlertState(alertPresets.default)
    const notices = [20, 70, 60, 70, 71, 10].map((score, minute) => {
      alert.step(60 * minute, score, score, true)
      return alert.notify
    })
    expect(notices).toEqual([false, true, false, false, true, false])
  })

  it('is raised by a partial minute, but never calmed', () => {
    expect(through([70], false).active).toBe(true)
    const alert = through([70])
    for (let minute = 1; minute < 100; minute++) alert.step(60 * minute, 0, 0, false)
    expect(alert.active).toBe(true)
  })
})
