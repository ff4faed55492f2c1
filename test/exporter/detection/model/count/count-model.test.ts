import { beforeAll, describe, expect, it } from '@jest/globals'
import { type BenchmarkSeries, drawBenchmark } from '../../../../../bench/anomaly/seccount/benchmark.ts'
import { Random } from '../../../../../bench/anomaly/seccount/random.ts'
import { START } from '../../../../../bench/anomaly/seccount/series.ts'
import { CountModel } from '../../../../../exporter/detection/model/count/count-model.ts'
import { type Alone, alone } from '../alone.ts'

function create(): Alone<CountModel> {
  const model = alone(layout => new CountModel(layout))
  model.part.profile.begin(model.state, 100)
  return model
}

const at = (minute: number) => START + 60 * minute

function live(model: Alone<CountModel>, counts: ArrayLike<number>, from = 0): Alone<CountModel> {
  for (let minute = 0; minute < counts.length; minute++) {
    model.part.step(model.state, at(from + minute), counts[minute] as number)
  }
  return model
}

const drawn = (minutes: number, rate: number, dispersion = 0.1, seed = 1) => {
  const random = new Random(seed)
  return Array.from({ length: minutes }, () => random.negativeBinomial(rate, dispersion))
}

const countsOf = ({ part, state }: Alone<CountModel>) => part.windows.map(window => window.count(state))
const windowAt = ({ part, state }: Alone<CountModel>, minutes: number) => {
  const window = part.windows.find(one => one.minutes === minutes)
  if (window === undefined) throw new Error(`no window of ${minutes}`)
  return { count: window.count(state), ...part.windowExpectation(state, window) }
}

describe('windows of counts', () => {
  it('hold the sums of the last 4 to 360 minutes', () => {
    const counts = drawn(1000, 3)
    const model = live(create(), counts)
    const sums = [4, 8, 12, 20, 40, 90, 180, 360].map(width => counts.slice(-width).reduce((a, b) => a + b, 0))
    expect(countsOf(model)).toEqual(sums)
  })

  it('expect what a steady series brings', () => {
    const model = live(create(), drawn(5 * 1440, 3))
    for (const width of [4, 20, 90, 360]) {
      const { events, dispersion } = windowAt(model, width)
      expect(events / (3 * width)).toBeGreaterThan(0.75)
      expect(events / (3 * width)).toBeLessThan(1.25)
      expect(dispersion).toBeGreaterThan(0)
      expect(dispersion).toBeLessThan(0.3)
    }
  })

  it('leave out what was not observed, from what they count and from what they expect', () => {
    const model = live(create(), drawn(3 * 1440, 3))
    const before = windowAt(model, 20).events
    for (let minute = 0; minute < 10; minute++) model.part.stepPartial(model.state, at(3 * 1440 + minute), 0)
    const { count, events } = windowAt(model, 20)
    expect(count).toBeLessThan(60)
    expect(events / before).toBeGreaterThan(0.4)
    expect(events / before).toBeLessThan(0.6)
    model.part.skip(model.state, at(3 * 1440 + 2000), 1990)
    expect(countsOf(model)).toEqual(Array(8).fill(0))
  })

  it('are exact again after floods that no sum can hold', () => {
    const model = live(create(), drawn(1500, 3))
    live(model, [...Array<number>(15).fill(Number.MAX_SAFE_INTEGER), ...Array<number>(15).fill(1e15)], 1500)
    const counts = drawn(359, 3, 0.1, 2)
    live(model, counts, 1530)
    const sum = (width: number) => counts.slice(-width).reduce((a, b) => a + b, 0)
    expect(countsOf(model).slice(0, -1)).toEqual([4, 8, 12, 20, 40, 90, 180].map(sum))
    live(model, [1], 1889)
    expect(countsOf(model).at(-1)).toBe(sum(359) + 1)
  })
})

describe('CountModel', () => {
  let benchmark: BenchmarkSeries[]
  beforeAll(() => {
    benchmark = drawBenchmark(12345)
  })

  it('has the same sums after late events as if they had come in time', () => {
    const counts = (benchmark[50] as BenchmarkSeries).counts.slice(0, 2000)
    const late = live(
      create(),
      counts.map((count, minute) => (minute === 1900 ? count - 1 : count)),
    )
    const inTime = live(create(), counts)
    expect(late.part.amend(late.state, at(1999), 99, 1)).toBe(true)
    expect(countsOf(late)).toEqual(countsOf(inTime))
    const expectedNext = (model: Alone<CountModel>) => live(model, [3], 2000).part.expected(model.state)
    expect(expectedNext(late) / expectedNext(inTime)).toBeCloseTo(1, 2)
  })

  it('does not learn events that are later than its longest window', () => {
    const model = live(create(), Array<number>(1000).fill(3))
    const before = Float64Array.from(model.state.numbers)
    expect(model.part.amend(model.state, at(999), 360, 10)).toBe(false)
    expect(model.part.amend(model.state, at(999), 359, 10)).toBe(true)
    expect(model.part.amend(model.state, at(999), -1, 10)).toBe(false)
    expect(before).toHaveLength(model.state.numbers.length)
  })

  it('names the window that falls short most while it does, and none afterwards', () => {
    const known = 9 * 1440
    const model = live(create(), drawn(known, 5))
    live(model, drawn(240, 1), known)
    expect(model.part.shortfall(model.state)).toBeGreaterThan(3)
    expect(model.part.shortWindow(model.state)?.minutes).toBeGreaterThanOrEqual(90)
    model.part.skip(model.state, at(known + 260), 20)
    expect(model.part.shortfall(model.state)).toBe(0)
    expect(model.part.shortWindow(model.state)).toBeUndefined()
  })

  it.each([1, 14, 26, 38, 50])('has hardly any guard on series %p of SecCount before its attacks', index => {
    const model = live(create(), (benchmark[index] as BenchmarkSeries).counts.slice(0, 20_160))
    for (const window of model.part.windows) {
      expect(model.part.heldDown(model.state, window)).toBeLessThan(0.3)
    }
  })

  it('has a guard on a series with a heavy tail, which lowers its surprises', () => {
    const random = new Random(8)
    const counts = Array.from({ length: 14 * 1440 }, () => {
      const burst = random.uniform() < 0.004 ? 25 / (1 - random.uniform()) : 0
      return random.poisson(0.5) + Math.floor(burst)
    })
    const guarded = live(create(), counts)
    const unguarded = live(
      alone(layout => new CountModel(layout, 'guard')),
      counts,
    )
    const burst = (model: Alone<CountModel>) => live(model, [60], counts.length).part.largestSurprise(model.state)
    expect(burst(guarded)).toBeLessThan(0.9 * burst(unguarded))
  })

  it('stays finite through 10^15 events a minute after silence', () => {
    const model = live(create(), Array<number>(1500).fill(0))
    for (let minute = 1500; minute < 5000; minute++) {
      live(model, [minute < 4000 ? 1e15 : 0], minute)
      expect(Number.isFinite(model.part.largestSurprise(model.state))).toBe(true)
      expect(Number.isFinite(model.part.expected(model.state))).toBe(true)
    }
    expect(model.state.isSound()).toBe(true)
  })
})
