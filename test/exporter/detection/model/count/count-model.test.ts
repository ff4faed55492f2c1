import { beforeAll, describe, expect, it } from '@jest/globals'
import { type BenchmarkSeries, drawBenchmark } from '../../../../../bench/anomaly/seccount/benchmark.ts'
import { START } from '../../../../../bench/anomaly/seccount/series.ts'
import { CountModel } from '../../../../../exporter/detection/model/count/count-model.ts'
import { type Alone, alone } from '../alone.ts'

const WINDOWS = [1, 5, 20, 90, 360]

interface Seen {
  readonly expected: number
  readonly surprise: number
  readonly window: number
  readonly silence: number
  readonly dispersions: readonly number[]
}

const create = () => alone(layout => new CountModel(layout))

function observe({ part, state }: Alone<CountModel>): Seen {
  const surprise = Math.max(...part.surprises(state))
  return {
    expected: part.expected(state),
    surprise,
    window: WINDOWS[part.surprises(state).indexOf(surprise)] as number,
    silence: part.silenceSurprise(state),
    dispersions: part.windows.map(window => window.dispersion(state)),
  }
}

/** Runs a series and keeps what was seen in some minutes, and the sums. */
function live(series: BenchmarkSeries, minutes: readonly number[]) {
  const model = create()
  const seen = new Map<number, Seen>()
  let surprises = 0
  let silences = 0
  series.counts.forEach((count, minute) => {
    model.part.step(model.state, START + 60 * minute, count)
    surprises += Math.max(...model.part.surprises(model.state))
    silences += model.part.silenceSurprise(model.state)
    if (minutes.includes(minute)) seen.set(minute, observe(model))
  })
  return { seen, surprises, silences }
}

describe('CountModel', () => {
  let benchmark: BenchmarkSeries[]
  beforeAll(() => {
    benchmark = drawBenchmark(12345)
  })

  it.each([
    [
      26,
      30_323,
      2154.2,
      [
        [720, 0.96539, 0.4123, 360, 0, [0.2167, 0.3, 0.3, 0.3, 0.3]],
        [5000, 1.59429, 0.4689, 1, 0, [0.1175, 0.1199, 0.0922, 0.0984, 0.1097]],
        [20_000, 1.07554, 0.2491, 360, 0, [0.1043, 0.0435, 0.0442, 0.0372, 0.053]],
        [40_319, 0.73221, 0.051, 360, 1.4363, [0.01, 0.0414, 0.0634, 0.0575, 0.0499]],
      ],
    ],
    [
      50,
      30_202,
      1204.7,
      [
        [720, 42.08623, 0.4327, 5, 0, [0.2483, 0.3, 0.3, 0.3, 0.3]],
        [20_000, 26.22872, 0.9747, 5, 0, [0.2912, 0.1124, 0.0674, 0.0496, 0.0356]],
        [40_319, 21.63803, 0.1532, 5, 0, [0.2521, 0.126, 0.1194, 0.0851, 0.0416]],
      ],
    ],
  ] as const)('gives the published values on series %p of SecCount', (index, surprises, silences, rows) => {
    const run = live(
      benchmark[index] as BenchmarkSeries,
      rows.map(([minute]) => minute),
    )
    for (const [minute, expected, surprise, window, silence, dispersions] of rows) {
      const seen = run.seen.get(minute) as Seen
      expect(seen.expected).toBeCloseTo(expected, 4)
      expect(seen.surprise).toBeCloseTo(surprise, 2)
      expect(seen.window).toBe(window)
      expect(seen.silence).toBeCloseTo(silence, 2)
      dispersions.forEach((dispersion, i) => {
        expect(seen.dispersions[i]).toBeCloseTo(dispersion, 3)
      })
    }
    expect(Math.abs(run.surprises / surprises - 1)).toBeLessThan(0.001)
    expect(Math.abs(run.silences / silences - 1)).toBeLessThan(0.001)
  })

  it('has the same sums after late events as if they had come in time', () => {
    const counts = (benchmark[50] as BenchmarkSeries).counts.slice(0, 2000)
    const late = create()
    const inTime = create()
    counts.forEach((count, minute) => {
      const missing = minute === 1900 ? 7 : 0
      late.part.step(late.state, START + 60 * minute, count - missing)
      inTime.part.step(inTime.state, START + 60 * minute, count)
    })
    expect(late.part.amend(late.state, START + 60 * 1999, 99, 7)).toBe(true)
    late.part.windows.forEach((window, i) => {
      expect(window.count(late.state)).toBe(inTime.part.windows[i]?.count(inTime.state))
    })
    const next = START + 60 * 2000
    expect(late.part.expectedAt(late.state, next) / inTime.part.expectedAt(inTime.state, next)).toBeCloseTo(1, 3)
  })

  it('does not learn events that are later than its longest window', () => {
    const model = create()
    for (let minute = 0; minute < 500; minute++) model.part.step(model.state, START + 60 * minute, 3)
    const before = model.part.expectedAt(model.state, START + 60 * 500)
    expect(model.part.amend(model.state, START + 60 * 499, 360, 10)).toBe(false)
    expect(model.part.expectedAt(model.state, START + 60 * 500)).toBe(before)
  })

  it('stays finite through a million events a minute after silence', () => {
    const model = create()
    for (let minute = 0; minute < 1500; minute++) model.part.step(model.state, START + 60 * minute, 0)
    for (let minute = 1500; minute < 3000; minute++) {
      model.part.step(model.state, START + 60 * minute, 1e6)
      expect(model.part.surprises(model.state).every(Number.isFinite)).toBe(true)
      expect(Number.isFinite(model.part.expected(model.state))).toBe(true)
    }
  })
})
