import type { Policy } from '../model/policy.ts'
import { inOrder, parsePolicy, parsePolicyYaml } from './parse.ts'
import type { LanguageProblem, ProblemKind } from './problem-kinds.ts'
import { resolvePolicy } from './resolve.ts'
import type { ResolvedExpectation, ResolvedPolicy } from './resolved.ts'

/** A policy as written and with its names resolved. It has its meaning only if no problem is an error. */
export interface ReadPolicy {
  readonly policy: Policy
  readonly resolved: ResolvedPolicy
  /** In the order of `policy.expectations`. */
  readonly expectations: readonly ResolvedExpectation[]
  /** In the order of their places. */
  readonly problems: readonly LanguageProblem[]
}

const parsers = { text: parsePolicy, yaml: parsePolicyYaml } as const

/** The form of a file by its name: YAML by its extension, else the text form. */
export const formOf = (file: string): keyof typeof parsers => (/\.ya?ml$/i.test(file) ? 'yaml' : 'text')

/** What may be missing because the line that has it could not be read. */
const MISSED: readonly ProblemKind[] = ['unknown-zone', 'unknown-list']

/**
 * Reads a policy and resolves its names.
 *
 * @param name of a policy that names itself not, such as that of its file
 */
export function readPolicy(text: string, name: string, form: keyof typeof parsers): ReadPolicy {
  const { policy, problems } = parsers[form](text, name)
  const { policy: resolved, expectations, problems: unresolved } = resolvePolicy(policy)
  const isWhole = !problems.some(isError)
  const resolution = unresolved.filter(({ kind }) => isWhole || !MISSED.includes(kind))
  return { policy, resolved, expectations, problems: inOrder([...problems, ...resolution]) }
}

const isError = ({ level }: LanguageProblem): boolean => level === 'error'
