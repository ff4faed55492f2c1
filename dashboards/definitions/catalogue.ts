import { buildDashboard, type DashboardDefinition } from '../dashboard.ts'
import { anomalies } from './anomalies.ts'
import { authentication } from './authentication.ts'
import { compliance } from './compliance.ts'
import { exporterHealth } from './exporter-health.ts'
import { overview } from './overview.ts'
import { policy } from './policy.ts'
import { posture } from './posture.ts'
import { remediation } from './remediation.ts'

/** Every dashboard, in the order in which an operator on call needs them. */
export const dashboards: readonly DashboardDefinition[] = [
  overview,
  authentication,
  posture,
  policy,
  anomalies,
  remediation,
  compliance,
  exporterHealth,
]

/** The files of dashboards/json, by name. */
export const renderedDashboards = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    dashboards.map(definition => [
      `${definition.name}.json`,
      `${JSON.stringify(buildDashboard(definition), null, 2)}\n`,
    ]),
  )
