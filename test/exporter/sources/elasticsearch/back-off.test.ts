import { expect, it } from '@jest/globals'
import { BackOff } from '../../../../exporter/sources/elasticsearch/back-off.ts'

it('pauses double up to half a minute, vary by a quarter, and are short again after a success or a time without failures', () => {
  const clock = { time: 0, monotonic: () => clock.time }
  const backOff = new BackOff(clock, () => 0)
  expect(Array.from({ length: 8 }, () => backOff.next())).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
  backOff.reset()
  expect(backOff.next()).toBe(500)
  clock.time += 60_000
  expect(backOff.next()).toBe(1000)
  clock.time += 121_000
  expect(backOff.next()).toBe(500)
  expect(new BackOff(clock, () => 1).next()).toBe(375)
})
