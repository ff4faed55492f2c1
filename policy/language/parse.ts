import type { Policy } from '../model/policy.ts'
import { buildPolicy } from './build.ts'
import { MAX_PROBLEMS } from './characters.ts'
import type { LanguageProblem } from './problem-kinds.ts'
import { Problems } from './problems.ts'
import { readText } from './read-text.ts'
import { readYaml } from './read-yaml.ts'
import type { Statements } from './statement.ts'

/** A policy as far as it could be read. It has its meaning only if no problem is an error. */
export interface ParsedPolicy {
  readonly policy: Policy
  /** In the order of their places. */
  readonly problems: readonly LanguageProblem[]
}

/** More than any policy that people read; in UTF-16 units. */
export const MAX_POLICY_CHARACTERS = 4 * 1024 * 1024

/**
 * Reads the text form of a policy.
 *
 * @param name of a policy that names itself not, such as that of its file
 */
export const parsePolicy = (text: string, name: string): ParsedPolicy => parseForm(text, name, readText)

/** Reads the YAML form. */
export const parsePolicyYaml = (text: string, name: string): ParsedPolicy => parseForm(text, name, readYaml)

/** Reads a policy in either form, by what reads its statements. */
function parseForm(text: string, name: string, read: (text: string) => Statements): ParsedPolicy {
  if (text.length > MAX_POLICY_CHARACTERS) {
    const message = `a policy has at most ${MAX_POLICY_CHARACTERS / 2 ** 20} Mi characters and this one has more; is this the right file?`
    const problem: LanguageProblem = { kind: 'too-large', level: 'error', message, at: { from: 0, to: 0 } }
    return { policy: buildPolicy([], name, new Problems()), problems: [problem] }
  }
  const { statements, problems: found } = read(text)
  const problems = new Problems()
  for (const problem of found) problems.add(problem)
  const policy = buildPolicy(statements, name, problems)
  return { policy, problems: inOrder(problems.found) }
}

/** By place, errors first where there are more than a reader can use. */
export function inOrder(problems: readonly LanguageProblem[]): readonly LanguageProblem[] {
  const byPlace = problems.toSorted((a, b) => a.at.from - b.at.from)
  if (byPlace.length <= MAX_PROBLEMS) return byPlace
  const errors = byPlace.filter(({ level }) => level === 'error')
  return (errors.length > 0 ? errors : byPlace).slice(0, MAX_PROBLEMS)
}
