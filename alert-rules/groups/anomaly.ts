import { greatest, held } from '../../promql/build.ts'
import type { AlertRule, AlertSeverity, RuleGroup } from '../rule.ts'
import { mostFrom, place } from '../text.ts'
import type { Values } from '../values.ts'

/** Beside plain thresholds, never in their place: a score gets used to a flood that lasts. */
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
        'A signal is unusual.',
        'It says unusual, not bad: the dashboard tells what was expected and which view of the series speaks.',
      ),
      rule(
        'ClawtrustAnomalyCritical',
        'critical',
        values.critical,
        'A signal is extremely unusual.',
        'Chance is no explanation at this height: look for an attack or an outage there now.',
      ),
    ],
  }
}
