import { greatest, held } from '../promql.ts'
import type { AlertRule, AlertSeverity, RuleGroup } from '../rule.ts'
import type { Values } from '../values.ts'

/** Beside plain thresholds, never in their place: a score gets used to a flood that lasts. */
export const anomaly = ({ anomaly: values }: Values): RuleGroup => {
  const rule = (alert: string, severity: AlertSeverity, from: number, summary: string): AlertRule => ({
    alert,
    expr: `${greatest('gateway, trust_zone, signal', held('clawtrust_anomaly_score'))} >= ${from}`,
    keepFiringFor: values.keep_firing_for,
    severity,
    summary,
    description:
      'The score of {{ $labels.signal }} is {{ $value | humanize }} of 100 at gateway {{ $labels.gateway }}, trust zone {{ $labels.trust_zone }}.',
    controls: ['AU-6', 'SI-4'],
  })
  return {
    name: 'clawtrust-anomaly',
    rules: [
      rule('ClawtrustAnomaly', 'warning', values.warning, 'A signal is unusual.'),
      rule('ClawtrustAnomalyCritical', 'critical', values.critical, 'A signal is extremely unusual.'),
    ],
  }
}
