import { type AlertRule, isAlert, type RuleGroup } from '../rule.ts'
import type { Values } from '../values.ts'
import { anomaly } from './anomaly.ts'
import { approvals } from './approvals.ts'
import { authentication } from './authentication.ts'
import { bundle } from './bundle.ts'
import { compliance } from './compliance.ts'
import { freshness } from './freshness.ts'
import { posture } from './posture.ts'
import { remediation } from './remediation.ts'
import { telemetry } from './telemetry.ts'
import { transport } from './transport.ts'

const groups = [
  authentication,
  transport,
  posture,
  approvals,
  anomaly,
  telemetry,
  bundle,
  remediation,
  compliance,
  freshness,
]

/** All rules, with these thresholds. */
export const ruleGroups = (values: Values): readonly RuleGroup[] => groups.map(group => group(values))

export const alertsOf = (rules: readonly RuleGroup[]): readonly AlertRule[] =>
  rules.flatMap(group => group.rules.filter(isAlert))
