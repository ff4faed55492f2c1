import { greatest, held } from '../../promql/build.ts'
import type { AlertRule, AlertSeverity, RuleGroup } from '../rule.ts'
import { mostFrom, place } from '../text.ts'
import type { Values } from '../values.ts'

const SERIES = 'gateway, trust_zone, signal'

/**
 * In addition to fixed thresholds, not in place of them: a score adapts to a flood that lasts. The warning follows the
 * preset of the exporter and the feedback, as its page does.
 */
export const anomaly = ({ anomaly: values }: Values): RuleGroup => {
  const score = greatest(SERIES, held('clawtrust_anomaly_score'))
  const isActive = `${greatest(SERIES, held('clawtrust_anomaly_active'))} == 1`
  const rule = (alert: string, severity: AlertSeverity, expr: string, summary: string, advice: string): AlertRule => ({
    alert,
    expr,
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
        `${values.warning === 0 ? score : `${score} >= ${values.warning}`} and on (${SERIES}) ${isActive}`,
        'A signal is anomalous.',
        'A score measures how unusual a minute is, not whether it is an attack: the dashboard shows the expected band and the contribution of each view.',
      ),
      rule(
        'ClawtrustAnomalyCritical',
        'critical',
        `${score} >= ${values.critical}`,
        'A signal is extremely anomalous.',
        'A score this high is not explained by chance: look for an attack or an outage.',
      ),
    ],
  }
}
