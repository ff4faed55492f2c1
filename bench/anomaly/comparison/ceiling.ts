import { negativeBinomialSurprise } from '../../../exporter/detection/model/count/negative-binomial-tail.ts'
import { type Corpus, type LabelledSeries, observation } from '../seccount/corpus.ts'
import type { Outputs } from '../seccount/evaluate.ts'

const { LN10, max } = Math

/** Minutes of the windows; those of fewer than four count less, as most false alerts come from them. */
const WINDOWS = [1, 4, 7, 10, 20, 40, 90, 180, 360, 720, 1440]
const SHORT = { below: 4, weight: 0.7 }
/** Windows of fewer minutes say nothing about silence. */
const SILENCE_FROM = 20
const DISPERSION = 0.4

/**
 * What can be found where the true mean of every minute is known: surprises of windows under a negative binomial, one
 * dispersion for all. No detector can know so much; it says how much of a corpus can be found at all.
 */
export function ceilingOutputs({ series, minutes }: Corpus): Outputs {
  return series.map(one => {
    const sums = sumsOf(one, minutes)
    return Float64Array.from({ length: minutes }, (_, minute) =>
      WINDOWS.reduce((most, width) => max(most, surpriseOf(sums, minute, width)), 0),
    )
  })
}

/** Running sums up to each minute, of observed minutes. */
interface Sums {
  readonly counts: Float64Array
  readonly means: Float64Array
  readonly squares: Float64Array
}

function sumsOf({ counts, means, observed }: LabelledSeries, minutes: number): Sums {
  const sums = {
    counts: new Float64Array(minutes + 1),
    means: new Float64Array(minutes + 1),
    squares: new Float64Array(minutes + 1),
  }
  for (let minute = 0; minute < minutes; minute++) {
    const isComplete = (observed?.[minute] ?? observation.complete) === observation.complete
    const mean = isComplete ? (means?.[minute] ?? 0) : 0
    add(sums.counts, minute, isComplete ? (counts[minute] as number) : 0)
    add(sums.means, minute, mean)
    add(sums.squares, minute, mean * mean)
  }
  return sums
}

function add(sums: Float64Array, minute: number, value: number): void {
  sums[minute + 1] = (sums[minute] as number) + value
}

function surpriseOf(sums: Sums, minute: number, width: number): number {
  if (minute + 1 < width) return 0
  const over = (values: Float64Array) => (values[minute + 1] as number) - (values[minute + 1 - width] as number)
  const count = over(sums.counts)
  const mean = over(sums.means)
  if (mean <= 0) return 0
  const weight = width < SHORT.below ? SHORT.weight : 1
  if (count > mean) {
    return weight * negativeBinomialSurprise(count, mean, (DISPERSION * over(sums.squares)) / (mean * mean))
  }
  return count === 0 && width >= SILENCE_FROM ? mean / (1 + (DISPERSION * mean) / width) / LN10 : 0
}
