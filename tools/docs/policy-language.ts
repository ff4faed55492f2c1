import { problemKinds } from '../../policy/language/problem-kinds.ts'
import { blocks, keywords, properties, propertiesOf } from '../../policy/language/vocabulary.ts'
import { type ProtocolDefinition, protocols } from '../../policy/model/protocols.ts'
import { lintRules } from '../../policy/review/lint.ts'
import type { LintRule } from '../../policy/review/lint-rule.ts'
import type { GeneratedPart } from './generated-part.ts'
import { code, table } from './markdown.ts'

/** The parts of docs/policy-language.md that are made from the language itself. */
export const policyLanguageParts = (grammar: string): readonly GeneratedPart[] => [
  blockTable(),
  propertyTable(),
  protocolTable(),
  lintTable(),
  problemTable(),
  { name: 'grammar', from: 'policy/language/policy.grammar', text: `\`\`\`text\n${grammar.trimEnd()}\n\`\`\`` },
]

function blockTable(): GeneratedPart {
  const rows = keywords.map(keyword => {
    const name =
      keyword === 'expect'
        ? '`allow`, `deny` or `unknown`'
        : `a name${blocks[keyword].name === 'optional' ? ' (optional)' : ''}`
    const known = propertiesOf(keyword).map(key =>
      blocks[keyword].required.some(one => one === key) ? `**${code(key)}**` : code(key),
    )
    return [code(keyword), name, blocks[keyword].holds, known.join(', ')]
  })
  return {
    name: 'blocks',
    from: 'policy/language/vocabulary.ts',
    text: table(['keyword', 'then', 'is', 'properties (required ones bold)'], rows),
  }
}

function propertyTable(): GeneratedPart {
  const rows = Object.entries(properties).map(([key, { example, isRepeatable }]) => [
    code(key),
    code(`${key}: ${example}`),
    isRepeatable ? 'yes' : 'no',
  ])
  return {
    name: 'properties',
    from: 'policy/language/vocabulary.ts',
    text: table(['property', 'example', 'may be repeated'], rows),
  }
}

function protocolTable(): GeneratedPart {
  const rows = Object.entries(protocols).map(([name, { transports, port }]: [string, ProtocolDefinition]) => [
    code(name),
    transports.join(', '),
    port === undefined ? 'every port' : String(port),
  ])
  return {
    name: 'protocols',
    from: 'policy/model/protocols.ts',
    text: table(['protocol', 'transport', 'port where a rule names none'], rows),
  }
}

function lintTable(): GeneratedPart {
  const rows = Object.entries(lintRules).map(([kind, { level, help }]: [string, LintRule]) => [code(kind), level, help])
  return { name: 'lint', from: 'policy/review/lint.ts', text: table(['finding', 'level', 'meaning'], rows) }
}

function problemTable(): GeneratedPart {
  const rows = Object.entries(problemKinds).map(([kind, help]) => [code(kind), help])
  return { name: 'problems', from: 'policy/language/problem-kinds.ts', text: table(['kind', 'meaning'], rows) }
}
