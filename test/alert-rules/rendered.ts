import { readFileSync } from 'node:fs'
import { ruleGroups } from '../../alert-rules/groups/catalogue.ts'
import { renderGroups } from '../../alert-rules/render.ts'
import { parseValues } from '../../tools/alert-rules/files.ts'

export const written = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

export const values = parseValues(written('alert-rules/values.yml'))
export const groups = ruleGroups(values)

const rules = renderGroups(groups, values.links).flatMap(group => group.rules)

/** The alerts as they are shipped, by name. */
export const renderedAlerts = new Map(rules.flatMap(rule => ('annotations' in rule ? [[rule.alert, rule]] : [])))

export type RenderedAlert = NonNullable<ReturnType<typeof renderedAlerts.get>>
