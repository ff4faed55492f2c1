import { type AttackType, attackTypes } from './attacks.ts'
import type { BenchmarkSeries } from './benchmark.ts'
import { MINUTES, TEST_FROM } from './series.ts'

/** Minutes after an attack that still belong to it, and that count for nothing. */
const AFTERMATH = 30
const NEUTRAL = 240
/** A false alert is a new one when more than this many minutes passed since the last alert. */
const SAME_ALERT = 60
const TEST_WEEKS = (MINUTES - TEST_FROM) / 10_080
const SEARCH_STEPS = 22

export interface Outcome {
  readonly threshold: number
  readonly recall: number
  readonly falseAlertsPerSeriesWeek: number
  readonly recallByType: Readonly<Record<AttackType, number>>
  /** Median minutes from an attack's beginning to its first alert. */
  readonly medianDelay: number
}

/** Output of a detector for each minute of each series. */
export type Outputs = readonly Float64Array[]

/** What a threshold finds in the test period, and how often it errs. */
export function outcomeAt(series: readonly BenchmarkSeries[], outputs: Outputs, threshold: number): Outcome {
  const found = new Map<AttackType, number>()
  const all = new Map<AttackType, number>()
  const delays: number[] = []
  let falseAlerts = 0
  series.forEach(({ attacks }, index) => {
    const values = outputs[index] as Float64Array
    const delayOf = new Map<number, number>()
    let last = Number.NEGATIVE_INFINITY
    for (let minute = TEST_FROM; minute < MINUTES; minute++) {
      if ((values[minute] as number) < threshold) continue
      const attack = attacks.findIndex(({ first, last: end }) => first <= minute && minute <= end + NEUTRAL)
      const its = attacks[attack]
      if (its === undefined) {
        if (minute - last > SAME_ALERT) falseAlerts++
      } else if (minute <= its.last + AFTERMATH && !delayOf.has(attack)) delayOf.set(attack, minute - its.first)
      last = minute
    }
    attacks.forEach(({ type }, attack) => {
      all.set(type, (all.get(type) ?? 0) + 1)
      if (delayOf.has(attack)) found.set(type, (found.get(type) ?? 0) + 1)
    })
    for (const delay of delayOf.values()) delays.push(delay)
  })
  const sum = (counts: ReadonlyMap<AttackType, number>) => [...counts.values()].reduce((a, b) => a + b, 0)
  const share = (type: AttackType) => (found.get(type) ?? 0) / (all.get(type) ?? 1)
  return {
    threshold,
    recall: sum(found) / sum(all),
    falseAlertsPerSeriesWeek: falseAlerts / (series.length * TEST_WEEKS),
    recallByType: Object.fromEntries(attackTypes.map(type => [type, share(type)])) as Record<AttackType, number>,
    medianDelay: delays.sort((a, b) => a - b)[Math.floor(delays.length / 2)] ?? 0,
  }
}

/** Best recall at no more than this many false alerts per series and week, by binary search over the outputs. */
export function bestRecall(series: readonly BenchmarkSeries[], outputs: Outputs, falseAlerts: number): Outcome {
  const thresholds = positiveDescending(outputs)
  let best = outcomeAt(series, outputs, Number.POSITIVE_INFINITY)
  let low = 0
  let high = thresholds.length - 1
  for (let step = 0; step < SEARCH_STEPS && low <= high; step++) {
    const middle = (low + high) >> 1
    const outcome = outcomeAt(series, outputs, thresholds[middle] as number)
    if (outcome.falseAlertsPerSeriesWeek <= falseAlerts) {
      if (outcome.recall > best.recall) best = outcome
      low = middle + 1
    } else high = middle - 1
  }
  return best
}

function positiveDescending(outputs: Outputs): Float64Array {
  const values = outputs.flatMap(output => Array.from(output.subarray(TEST_FROM)).filter(value => value > 0))
  return Float64Array.from(values).sort().reverse()
}
