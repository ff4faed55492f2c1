import { dashboards } from './catalogue.ts'
import { buildDashboard } from './dashboard.ts'

/** The files of dashboards/json, by name. */
export const renderedDashboards = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    dashboards.map(definition => [
      `${definition.name}.json`,
      `${JSON.stringify(buildDashboard(definition), null, 2)}\n`,
    ]),
  )
