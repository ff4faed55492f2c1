import { readFileSync } from 'node:fs'
import { ruleGroups } from '../../alert-rules/catalogue.ts'
import { parseValues } from '../../tools/alert-rules/files.ts'

export const written = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

export const values = parseValues(written('alert-rules/values.yml'))
export const groups = ruleGroups(values)
