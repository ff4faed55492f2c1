import { describe, expect, it } from '@jest/globals'
import { observation } from '../../../../bench/anomaly/seccount/corpus.ts'
import { Random } from '../../../../bench/anomaly/seccount/random.ts'
import { DAY, MINUTES } from '../../../../bench/anomaly/seccount-v2/calendar.ts'
import { CauseMap } from '../../../../bench/anomaly/seccount-v2/causes.ts'
import { addGap, addOutage, addRelease, addRetries } from '../../../../bench/anomaly/seccount-v2/disturbances.ts'

const usual = () => new Float64Array(MINUTES).fill(2)
const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0)

describe('a benign disturbance of SecCount version 2', () => {
  it('is a release that changes the level for good', () => {
    const means = usual()
    const causes = new CauseMap(MINUTES)
    addRelease(new Random(3), { minute: 5000, factor: 1.5 }, means, causes)
    const first = means.indexOf(3)
    expect(first).toBeGreaterThanOrEqual(5000)
    expect(first).toBeLessThan(5090)
    expect(means.subarray(first).every(mean => mean === 3)).toBe(true)
    expect([causes.is('release', 4999), causes.is('release', 5000), causes.is('release', first + 2 * DAY)]).toEqual([
      false,
      true,
      true,
    ])
  })

  it('is an outage without events, after which a part of the missed ones comes at once', () => {
    const means = usual()
    const causes = new CauseMap(MINUTES)
    addOutage({ first: 5000, length: 80, returning: 0.5, gateway: undefined }, means, causes)
    expect(sum(means.subarray(5000, 5080))).toBe(0)
    const extra = Array.from(means.subarray(5080), mean => mean - 2)
    // But for the last hundredth, which is cut off.
    expect(sum(extra) / 80).toBeCloseTo(1, 1)
    expect(extra[0]).toBeGreaterThan(extra[10] as number)
    expect(extra[200]).toBe(0)
    expect([causes.is('outage', 5079), causes.is('outage', 5080), causes.is('catch-up', 5080)]).toEqual([
      true,
      false,
      true,
    ])
  })

  it('is a gap that is missing between two partial minutes, or partial throughout', () => {
    const gap = (left: number) => {
      const observed = new Uint8Array(MINUTES).fill(observation.complete)
      const counts = new Int32Array(MINUTES).fill(40)
      addGap(new Random(2), { first: 5000, length: 10, left }, counts, observed, new CauseMap(MINUTES))
      return { observed: [...observed.subarray(4999, 5011)], counts: [...counts.subarray(5000, 5010)] }
    }
    expect(gap(0).observed).toEqual([2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2])
    expect(gap(0.4).observed).toEqual([2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2])
    expect(gap(0.4).counts.every(count => count <= 40)).toBe(true)
    expect(sum(gap(0.4).counts)).toBeLessThan(250)
  })

  it('is a client that retries after growing waits with fewer and fewer tries, never into an outage', () => {
    const causes = new CauseMap(MINUTES)
    const counts = new Int32Array(MINUTES)
    const random = new Random(11)
    for (let gateway = 0; gateway < 20; gateway++) addRetries(random, usual(), counts, causes)
    const first = counts.findIndex(count => count > 0)
    const tries = Array.from(counts.subarray(first, first + 8))
    expect(tries[0]).toBeGreaterThanOrEqual(4)
    expect(sum(tries.slice(1))).toBeLessThan(2 * (tries[0] as number))
    expect(causes.is('retry', first)).toBe(true)
    const down = new CauseMap(MINUTES)
    down.mark('outage', 0, MINUTES)
    const silent = new Int32Array(MINUTES)
    addRetries(new Random(11), usual(), silent, down)
    expect(sum(silent)).toBe(0)
  })
})

it('names the cause that explains most where two meet', () => {
  const causes = new CauseMap(100)
  causes.mark('holiday', 0, 50)
  causes.mark('retry', 40, 60)
  causes.mark('release', 55, 200)
  expect([10, 45, 57, 70].map(minute => causes.is('retry', minute))).toEqual([false, true, true, false])
  expect(causes.is('release', 70)).toBe(true)
})
