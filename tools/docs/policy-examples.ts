import { resultName, targetForms } from '../../policy/compile/registry.ts'
import { readPolicy } from '../../policy/language/read.ts'

export const EXAMPLE = 'docs/examples/policy/openclaw.policy'
/** The namespace whose workloads the examples protect. */
const NAMESPACE = 'agent-control'
/** No rule of the example expires. */
const TODAY = '2026-01-01'

/** The example compiled to every target, by the paths of the results. */
export function compiledExamples(source: string): Readonly<Record<string, string>> {
  const { resolved, problems } = readPolicy(source, 'openclaw', 'text')
  const [problem] = problems
  if (problem !== undefined) throw new Error(`${EXAMPLE}: ${problem.message}`)
  return Object.fromEntries(
    targetForms.map(form => [
      `docs/examples/policy/compiled/${resultName(form, resolved.name, NAMESPACE)}`,
      form.target.compile(resolved, { isStaged: form.isStaged, namespace: NAMESPACE, today: TODAY }).text,
    ]),
  )
}
