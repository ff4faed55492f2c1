import { type Attack, injectAttacks } from './attacks.ts'
import { Random } from './random.ts'
import { drawSeries, type Regime, regimes } from './series.ts'

const SERIES_PER_REGIME = 12

export interface BenchmarkSeries {
  readonly regime: Regime
  readonly counts: Int32Array
  readonly attacks: readonly Attack[]
}

/** The 60 series of a seed, attacks included. Deterministic: docs/benchmarks.md names the check sums. */
export function drawBenchmark(seed: number): BenchmarkSeries[] {
  const random = new Random(seed)
  return regimes.flatMap(regime =>
    Array.from({ length: SERIES_PER_REGIME }, () => {
      const series = drawSeries(random, regime)
      const attacks = injectAttacks(random, regime, series)
      return { regime, counts: series.counts, attacks }
    }),
  )
}
