import { anomalyConstants } from '../constants.ts'
import { shapeViews } from '../shape/shape-views.ts'

type CountView = `count_${(typeof anomalyConstants.count.windows)[number]}m`

/** Views that compete for the maximum in raw: one of them has its whole surprise there, the others nothing. */
export const leadingViews = [
  ...anomalyConstants.count.windows.map((minutes): CountView => `count_${minutes}m`),
  'silence',
  'first_seen',
] as const

/** The closed set of the label `view` of clawtrust_anomaly_contribution. */
export const anomalyViews = [...leadingViews, ...shapeViews, 'block_20m'] as const
export type AnomalyView = (typeof anomalyViews)[number]
