import { anomaly } from './groups/anomaly.ts'
import { authentication } from './groups/authentication.ts'
import { bundle } from './groups/bundle.ts'
import { freshness } from './groups/freshness.ts'
import { posture } from './groups/posture.ts'
import { remediation } from './groups/remediation.ts'
import { telemetry } from './groups/telemetry.ts'
import { transport } from './groups/transport.ts'
import { type AlertRule, isAlert, type RuleGroup } from './rule.ts'
import type { Values } from './values.ts'

const groups = [authentication, transport, posture, anomaly, telemetry, bundle, remediation, freshness]

/** All rules, with these thresholds. */
export const ruleGroups = (values: Values): readonly RuleGroup[] => groups.map(group => group(values))

export const alertsOf = (rules: readonly RuleGroup[]): readonly AlertRule[] =>
  rules.flatMap(group => group.rules.filter(isAlert))
