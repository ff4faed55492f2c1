import { parse, stringify } from 'yaml'
import { ruleGroups } from '../../alert-rules/groups/catalogue.ts'
import { renderGroups, renderPrometheusRule } from '../../alert-rules/render.ts'
import { type Values, valuesSchema } from '../../alert-rules/values.ts'

const HEADER = '# Made by `npm run generate` from alert-rules/; edit values.yml, not this file.\n'

/** @throws ZodError if a key is missing, unknown or invalid */
export const parseValues = (text: string): Values => valuesSchema.parse(parse(text))

/** The content of each rendered file, by its path below the folder of the rules. */
export function renderedFiles(values: Values): Readonly<Record<string, string>> {
  const groups = ruleGroups(values)
  const write = (value: unknown) => HEADER + stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })
  return {
    'prometheus/clawtrust.rules.yml': write({ groups: renderGroups(groups, values.links) }),
    'kubernetes/prometheusrule.yml': write(renderPrometheusRule(groups, values.links)),
  }
}
