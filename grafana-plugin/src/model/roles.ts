import type { Series } from './series';

/** Series that explain a score: not drawn, but shown in the tooltip. */
export const companionRoles = ['observed', 'expected', 'lower', 'upper', 'contribution', 'part'] as const;
export type CompanionRole = (typeof companionRoles)[number];

const byMetricName = new RegExp(`_(${companionRoles.join('|')})$`);

/**
 * The role of a series, by its query's refId (`expected`), else by the end of its metric name
 * (`clawtrust_anomaly_expected`, which Prometheus drops in an aggregation). Undefined: the series is a lane.
 */
export function companionRoleOf(series: Series): CompanionRole | undefined {
  const refId = series.refId.toLowerCase();
  const named = companionRoles.find(role => role === refId);
  const metric = byMetricName.exec(series.labels.__name__ ?? '')?.[1];
  return named ?? companionRoles.find(role => role === metric);
}

/** In flows: the query of an earlier window, which decides which pairs are new. */
export const isEarlierWindow = (series: Series): boolean => ['earlier', 'b'].includes(series.refId.toLowerCase());
