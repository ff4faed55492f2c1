import { type Attack, attackTypes, injectAttacks } from './attacks.ts'
import { type Corpus, NO_CAUSE } from './corpus.ts'
import { Random } from './random.ts'
import { drawSeries, MINUTES, type Regime, regimes, START, TEST_FROM } from './series.ts'

const SERIES_PER_REGIME = 12

export interface BenchmarkSeries {
  readonly regime: Regime
  readonly counts: Int32Array
  /** True mean of each minute without attacks. */
  readonly means: Float64Array
  readonly attacks: readonly Attack[]
}

/** The 60 series of a seed, attacks included. Deterministic: docs/benchmarks.md names the check sums. */
export function drawBenchmark(seed: number): BenchmarkSeries[] {
  const random = new Random(seed)
  return regimes.flatMap(regime =>
    Array.from({ length: SERIES_PER_REGIME }, () => {
      const series = drawSeries(random, regime)
      const attacks = injectAttacks(random, regime, series)
      return { regime, counts: series.counts, means: series.means, attacks }
    }),
  )
}

/** The same with what an evaluation needs to know. */
export function drawCorpus(seed: number): Corpus {
  return {
    name: 'SecCount',
    start: START,
    minutes: MINUTES,
    testFrom: TEST_FROM,
    attackTypes,
    causes: [NO_CAUSE],
    series: drawBenchmark(seed),
  }
}
