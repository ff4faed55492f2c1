import { type AnomalyView, anomalyViews } from './views.ts'

/**
 * Splits raw by view: the most surprising one has all of it (the earlier one of equals), the others 0.
 * @param surprises A of each view, in the order of `anomalyViews`
 */
export function contributionsOf(surprises: readonly number[]): Record<AnomalyView, number> {
  const winner = indexOfLargest(surprises)
  return Object.fromEntries(
    anomalyViews.map((view, at) => [view, at === winner ? (surprises[at] as number) : 0]),
  ) as Record<AnomalyView, number>
}

/** The view that has raw, the first one where none has. */
export function largestViewOf(contributions: Readonly<Record<AnomalyView, number>>): AnomalyView {
  return anomalyViews[indexOfLargest(anomalyViews.map(view => contributions[view]))] as AnomalyView
}

/** 10^A, rounded to two digits, at most 10^12: "1 in 40,000 minutes". */
export function oneIn(surprise: number): number {
  return Number((10 ** Math.min(12, surprise)).toPrecision(2))
}

/** The first one among equals. */
export function indexOfLargest(values: ArrayLike<number>): number {
  let largest = 0
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[largest] as number)) largest = i
  return largest
}
