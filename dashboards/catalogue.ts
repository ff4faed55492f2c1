import type { DashboardDefinition } from './dashboard.ts'
import { anomalies } from './definitions/anomalies.ts'
import { authentication } from './definitions/authentication.ts'
import { exporterHealth } from './definitions/exporter-health.ts'
import { overview } from './definitions/overview.ts'
import { policy } from './definitions/policy.ts'
import { posture } from './definitions/posture.ts'
import { remediation } from './definitions/remediation.ts'

/** Every dashboard, in the order in which an operator on call needs them. */
export const dashboards: readonly DashboardDefinition[] = [
  overview,
  authentication,
  posture,
  policy,
  anomalies,
  remediation,
  exporterHealth,
]
