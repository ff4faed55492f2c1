const SEARCH_STEPS = 22

/** What a threshold finds, and how often it errs. */
interface Found {
  readonly recall: number
  readonly falseAlertsPerSeriesWeek: number
}

/** The positive outputs, from the highest to the lowest. */
export function positiveDescending(outputs: readonly Float64Array[]): Float64Array {
  const values = outputs.flatMap(output => Array.from(output).filter(value => value > 0))
  return Float64Array.from(values).sort().reverse()
}

/**
 * The outcome with the best recall at no more than this many false alerts per series and week, by binary search.
 * @param thresholds from the highest to the lowest
 */
export function searchThreshold<Outcome extends Found>(
  thresholds: Float64Array,
  outcomeAt: (threshold: number) => Outcome,
  falseAlerts: number,
): Outcome {
  let best = outcomeAt(Number.POSITIVE_INFINITY)
  let low = 0
  let high = thresholds.length - 1
  for (let step = 0; step < SEARCH_STEPS && low <= high; step++) {
    const middle = (low + high) >> 1
    const outcome = outcomeAt(thresholds[middle] as number)
    if (outcome.falseAlertsPerSeriesWeek <= falseAlerts) {
      if (outcome.recall > best.recall) best = outcome
      low = middle + 1
    } else high = middle - 1
  }
  return best
}
