import { greatest, held } from '../../promql/build.ts'
import type { AlertRule, AlertSeverity, RuleGroup } from '../rule.ts'
import { mostFrom, place } from '../text.ts'
import type { Values } from '../values.ts'

/** In addition to fixed thresholds, not in place of them: a score adapts to a flood that lasts. */
export const anomaly = ({ anomaly: values }: Values): RuleGroup => {
  const rule = (alert: string, severity: AlertSeverity, from: number, summary: string, advice: string): AlertRule => ({
    alert,
    expr: `${greatest('gateway, trust_zone, signal', held('clawtrust_anomaly_score'))} >= ${from}`,
    keepFiringFor: values.keep_firing_for,
    severity,
    summary,
    description: `The score of {{ $labels.signal }} is {{ $value | printf "%.0f" }} of 100 ${place}. ${advice}${mostFrom()}`,
    controls: ['AU-6', 'SI-4'],
  })
  return {
    name: 'clawtrust-anomaly',
    dashboard: 'anomalies',
    rules: [
      rule(
        'ClawtrustAnomaly',
        'warning',
        values.warning,
        'A signal is anomalous.',
        'A score measures how unusual a minute is, not whether it is an attack: the dashboard shows the expected band and the contribution of each view.',
      ),
      rule(
        'ClawtrustAnomalyCritical',
        'critical',
        values.critical,
        'A signal is extremely anomalous.',
        'A score this high is not explained by chance: look for an attack or an outage.',
      ),
    ],
  }
}
