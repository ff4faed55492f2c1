import { createHash } from 'node:crypto'
import { type BenchmarkSeries, drawBenchmark } from '../../../../../bench/anomaly/seccount/benchmark.ts'
import { Random } from '../../../../../bench/anomaly/seccount/random.ts'
import type { createGaugeScorer } from '../../../../../exporter/detection/model/series/gauge-scorer.ts'
import type { createLiteScorer } from '../../../../../exporter/detection/model/series/lite-scorer.ts'
import { entityKinds, type MinuteKeys } from '../../../../../exporter/detection/model/series/minute-input.ts'
import type { createSeriesScorer } from '../../../../../exporter/detection/model/series/series-scorer.ts'

/** Monday 2025-01-06 00:00 UTC. */
const START = 1_736_121_600

/** The scorers of one version of the code. */
export interface Scorers {
  readonly createSeriesScorer: typeof createSeriesScorer
  readonly createGaugeScorer: typeof createGaugeScorer
  readonly createLiteScorer: typeof createLiteScorer
}

/** What a run has said, to the bit. */
export interface Digests {
  /** SHA-256 of everything that it said, as JSON. */
  readonly said: string
  /** SHA-256 of its last snapshot. */
  readonly snapshot: string
}

/** A scorer that goes through a scenario: `go` takes so many steps more and adds what was said to the hash. */
export interface Run {
  go(steps: number): void
  snapshot(): Uint8Array
  restore(snapshot: Uint8Array): string | undefined
  /** What was said so far. */
  digests(): Digests
}

export interface Scenario {
  /** Also the name of its file. */
  readonly name: string
  readonly steps: number
  start(scorers: Scorers): Run
}

interface Step {
  /** Scores the step of this number; what it gives is compared. */
  step(number: number): unknown
  snapshot(): Uint8Array
  restore(snapshot: Uint8Array): string | undefined
}

/** Steps are a pure function of their number, so that a run can be taken up anywhere. */
function scenario(name: string, steps: number, create: (scorers: Scorers) => Step): Scenario {
  return {
    name,
    steps,
    start: scorers => {
      const scorer = create(scorers)
      const hash = createHash('sha256')
      let next = 0
      return {
        go(more) {
          for (const end = next + more; next < end; next++) hash.update(`${JSON.stringify(scorer.step(next))}\n`)
        },
        snapshot: () => scorer.snapshot(),
        restore: snapshot => scorer.restore(snapshot),
        digests: () => ({ said: hash.copy().digest('hex'), snapshot: sha256(scorer.snapshot()) }),
      }
    },
  }
}

/** Counts with a day's wave; partial minutes, gaps, late events, floods and fractions now and then; who came, mostly the same. */
function adversities(rate: number, seed: number, floods: boolean): Scenario {
  return scenario(`rate-${rate}${floods ? '-with-floods' : ''}`, 6000, ({ createSeriesScorer }) => {
    const scorer = createSeriesScorer({ series: 'golden', seed })
    const timeOf = (number: number) => START + 60 * (number + 700 * Math.floor(number / 2500))
    return {
      step(number) {
        const random = new Random(seed * 100_003 + number)
        const time = timeOf(number)
        const wave = 1 + 0.5 * Math.sin((2 * Math.PI * number) / 1440)
        const drawn = random.negativeBinomial(rate * wave, 0.2)
        const burst = number % 1700 > 1690 ? 10 * rate + 5 : 0
        const count = floods && number % 401 === 400 ? (FLOODS[random.below(FLOODS.length)] as number) : drawn + burst
        const completeness = random.uniform() < 0.01 ? 'partial' : 'complete'
        const result = scorer.step(time, count, completeness, keysOf(random, Math.min(count, 4)))
        const isLate = number > 1000 && random.uniform() < 0.02
        const late = isLate && scorer.late(time - 60 * random.below(380), random.below(9), keysOf(random, 1))
        return [result, late, number % 50 === 0 ? scorer.explain() : null]
      },
      snapshot: () => scorer.snapshot(),
      restore: snapshot => scorer.restore(snapshot),
    }
  })
}

const FLOODS = [1e6, 65_534, 65_535, 65_536, 70_000.5, 2.25, 1e15, Number.MAX_SAFE_INTEGER]

function keysOf(random: Random, events: number): MinuteKeys {
  const keys: Partial<Record<(typeof entityKinds)[number], Map<string, number>>> = {}
  for (const kind of entityKinds) {
    if (events === 0 || random.uniform() < 0.3) continue
    const counts = new Map<string, number>()
    for (let event = 0; event < events; event++) {
      const name = `${kind} ${Math.floor(150 * random.uniform() ** 3)}`
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    keys[kind] = counts
  }
  return keys
}

/** Two weeks of a series of SecCount, attacks included. */
function secCount(index: number, drawn: () => readonly BenchmarkSeries[]): Scenario {
  return scenario(`seccount-${index}`, 20_160, ({ createSeriesScorer }) => {
    const scorer = createSeriesScorer({ series: 'golden', preset: 'sensitive' })
    const counts = drawn()[index]?.counts ?? new Int32Array()
    return {
      step: number => scorer.step(START + 60 * number, counts[number + 14 * 1440] ?? 0),
      snapshot: () => scorer.snapshot(),
      restore: snapshot => scorer.restore(snapshot),
    }
  })
}

const gauge = scenario('gauge', 3000, ({ createGaugeScorer }) => {
  const scorer = createGaugeScorer({ series: 'golden' })
  return {
    step(number) {
      const random = new Random(number)
      const value = 10 + 5 * Math.sin((2 * Math.PI * number) / 288) + random.gauss() + (number % 700 > 695 ? 20 : 0)
      return scorer.step(START + 300 * number, number % 5 === 0 ? -value : value)
    },
    snapshot: () => scorer.snapshot(),
    restore: snapshot => scorer.restore(snapshot),
  }
})

/** Many regulars, and scans of addresses that come once. */
function lite(capacity: number): Scenario {
  return scenario(`lite-${capacity}`, 4000, ({ createLiteScorer }) => {
    const scorer = createLiteScorer({ series: 'golden', capacity, topK: 5, seed: 3 })
    return {
      step(number) {
        const random = new Random(number)
        const isScan = number % 100 > 97
        const keys = new Map<string, number>()
        for (let event = isScan ? 120 : random.poisson(5); event > 0; event--) {
          const key = isScan ? `scan ${number} ${event}` : `regular ${Math.floor(150 * random.uniform() ** 2)}`
          keys.set(key, (keys.get(key) ?? 0) + 1)
        }
        const time = START + 60 * (number + (number >= 2000 ? 20_000 : 0))
        return scorer.step(time, keys, 5) ?? null
      },
      snapshot: () => scorer.snapshot(),
      restore: snapshot => scorer.restore(snapshot),
    }
  })
}

/** All scenarios; drawing SecCount is left until one of its series is asked for. */
export function scenarios(): readonly Scenario[] {
  let drawn: readonly BenchmarkSeries[] | undefined
  const draw = () => {
    drawn ??= drawBenchmark(777)
    return drawn
  }
  return [
    adversities(0.05, 1, false),
    adversities(2, 2, false),
    adversities(30, 3, false),
    adversities(3, 4, true),
    ...[3, 15, 27, 39, 51].map(index => secCount(index, draw)),
    gauge,
    lite(60),
    lite(300),
  ]
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
