import { type Severity, severities } from './labels/event.ts'

/**
 * The severity scale of anomaly scores (0 to 100): the lowest score of each severity. Page, explanations, alert rules,
 * dashboards and panel use this scale and no other.
 *
 * - `low`: the score is explained, with the parts that its views contribute;
 * - `medium`: an entity of that score is named;
 * - `high`: a series becomes active by the preset `default`; ClawtrustAnomaly fires while a series is active;
 * - `critical`: ClawtrustAnomalyCritical fires.
 */
export const scoreSeverities = {
  info: 0,
  low: 30,
  medium: 50,
  high: 65,
  critical: 85,
} as const satisfies Record<Severity, number>

/** @param score from 0 to 100 */
export function severityOfScore(score: number): Severity {
  return severities.findLast(severity => score >= scoreSeverities[severity]) ?? 'info'
}
