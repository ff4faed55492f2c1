import { shapeViews } from '../shape/shape-views.ts'
import { blockPart, shapePart } from './score.ts'
import type { AnomalyView } from './views.ts'
import { anomalyViews, leadingViews } from './views.ts'

/** The surprises that make up raw. */
export interface ViewSurprises {
  /** A of each view that competes for the maximum, in the order of `leadingViews`. */
  readonly leading: readonly number[]
  readonly shapeRaw: number
  /** A of each shape view and its part of R, in the order of `shapeViews`. */
  readonly shape: ArrayLike<number>
  readonly shapeTerms: ArrayLike<number>
  readonly block: number
}

/**
 * Splits raw by view: the winner of the maximum has its whole A (the earlier one of equals), the other competitors 0;
 * a shape view has the shape's part times its share of R; block_20m has the block's part.
 */
export function contributionsOf(surprises: ViewSurprises): Record<AnomalyView, number> {
  const contributions = Object.fromEntries(anomalyViews.map(view => [view, 0])) as Record<AnomalyView, number>
  const winner = indexOfLargest(surprises.leading)
  contributions[leadingViews[winner] as AnomalyView] = surprises.leading[winner] as number
  const shape = shapePart(surprises.shapeRaw)
  if (surprises.shapeRaw > 0) {
    shapeViews.forEach((view, i) => {
      contributions[view] = (shape * (surprises.shapeTerms[i] as number)) / surprises.shapeRaw
    })
  }
  contributions.block_20m = blockPart(surprises.block)
  return contributions
}

/** 10^A of the view with the largest contribution, rounded to two digits, at most 10^12: "1 in 40,000 minutes". */
export function oneIn(surprises: ViewSurprises, contributions: Readonly<Record<AnomalyView, number>>): number {
  const each = [...surprises.leading, ...Array.from(surprises.shape), surprises.block]
  const strongest = indexOfLargest(anomalyViews.map(view => contributions[view]))
  return Number((10 ** Math.min(12, each[strongest] as number)).toPrecision(2))
}

/** The first one among equals. */
export function indexOfLargest(values: ArrayLike<number>): number {
  let largest = 0
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[largest] as number)) largest = i
  return largest
}
