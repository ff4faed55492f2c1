import { anomalyConstants } from '../constants.ts'

type CountView = `count_${(typeof anomalyConstants.count.windows)[number]}m`

/**
 * The closed set of the label `view` of clawtrust_anomaly_contribution. The most surprising view is the surprise of the
 * series: they look at the same minutes, so that their agreement is no further evidence.
 */
export const anomalyViews = [
  ...anomalyConstants.count.windows.map((minutes): CountView => `count_${minutes}m`),
  'shortfall',
  'silence',
  'first_seen',
] as const
export type AnomalyView = (typeof anomalyViews)[number]
