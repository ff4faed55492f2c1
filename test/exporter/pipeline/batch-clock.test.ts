import { describe, expect, it } from '@jest/globals'
import { BatchClock } from '../../../exporter/pipeline/batch-clock.ts'

function running() {
  let time = 0
  return { now: () => ++time, monotonic: () => ++time }
}

describe('the clock of a batch', () => {
  it('stands while the batch is ingested, and goes on afterwards', () => {
    const clock = new BatchClock(running())
    const times: number[] = [clock.now()]
    clock.during(() => times.push(clock.now(), clock.now()))
    times.push(clock.now())
    expect(times).toEqual([1, 2, 2, 3])
  })

  it('goes on after a batch that failed', () => {
    const clock = new BatchClock(running())
    const failing = () =>
      clock.during(() => {
        throw new RangeError('a batch')
      })
    expect(failing).toThrow('a batch')
    expect([clock.now(), clock.now()]).toEqual([2, 3])
  })

  it('is one where it is taken twice', () => {
    const clock = new BatchClock(running())
    expect(BatchClock.over(clock)).toBe(clock)
  })
})
