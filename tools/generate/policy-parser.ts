import { buildParserFile } from '@lezer/generator'

/** policy/language/parser.ts: the tables of the parser, and the ids of its nodes. */
export function policyParser(grammar: string): string {
  const warnings: string[] = []
  const { parser, terms } = buildParserFile(grammar, {
    fileName: 'policy.grammar',
    typeScript: true,
    warn: message => warnings.push(message),
  })
  if (warnings.length > 0) throw new Error(warnings.join('\n'))
  const ids = [...terms.matchAll(/^ {2}(\w+) = (\d+)/gm)].map(([, name, id]) => `  ${name}: ${id},`)
  const [, ...tables] = parser.trimEnd().split('\n')
  const heading = '// Made by `npm run generate` from policy.grammar.'
  return [heading, ...tables, '', 'export const nodes = {', ...ids, '} as const', ''].join('\n')
}
