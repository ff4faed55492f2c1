import { complianceMetricDefinitions } from '../../compliance/metrics.ts'
import { signals } from '../../core/signals.ts'
import { metricDefinitions } from '../../remediation/metrics/definitions.ts'
import { pipelineMetrics } from '../../tools/docs/defined-metrics.ts'

const place = ['gateway', 'trust_zone']

/** Every metric that rules and runbooks may name, with its type and labels; the last ones are defined outside the pipeline. */
export const metrics = new Map<string, { readonly type: string; readonly labels: readonly string[] }>([
  ...Object.values(signals).map(
    ({ metric, labels }) => [metric, { type: 'counter', labels: [...place, ...Object.keys(labels)] }] as const,
  ),
  ...[...pipelineMetrics(), ...metricDefinitions, ...complianceMetricDefinitions].map(
    ({ name, type, labels }) => [name, { type, labels }] as const,
  ),
  ['clawtrust_anomaly_score', { type: 'gauge', labels: [...place, 'signal'] }],
  ['clawtrust_build_info', { type: 'gauge', labels: [] }],
  ['clawtrust_config_last_reload_successful', { type: 'gauge', labels: [] }],
  ['clawtrust_series_dropped_total', { type: 'counter', labels: ['metric'] }],
  ['alertmanager_notifications_failed_total', { type: 'counter', labels: ['integration'] }],
])
