import { targets } from '../../policy/compile/registry.ts'
import { requestParts } from '../../policy/model/request.ts'
import type { GeneratedPart } from './generated-part.ts'
import { code, table } from './markdown.ts'

const from = 'policy/compile/registry.ts'

/** The parts of docs/policy.md that are made from the targets. */
export const targetParts = (): readonly GeneratedPart[] => [targetTable(), expressionTable()]

function targetTable(): GeneratedPart {
  const rows = targets.map(({ name, title, staged, assumes }) => [
    code(name),
    title,
    staged === undefined ? '–' : `${code(`${name}-staged`)}: ${staged}`,
    assumes.join(' '),
  ])
  return {
    name: 'targets',
    from,
    text: table(['target', 'what it is', 'staged form', 'decides like the policy if'], rows),
  }
}

function expressionTable(): GeneratedPart {
  const rows = requestParts.map(part => [
    code(part),
    ...targets.map(({ expresses }) => (expresses.has(part) ? 'yes' : 'a loss')),
  ])
  return { name: 'expresses', from, text: table(['part of a request', ...targets.map(({ name }) => code(name))], rows) }
}
