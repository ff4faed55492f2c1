import { basename, extname } from 'node:path'
import { ClawtrustError } from '../core/errors.ts'
import type { CandidatePolicy } from '../exporter/contracts/candidate-policy.ts'
import type { CandidateConfig, PolicyConfig } from '../policy/config.ts'
import { MAX_POLICY_CHARACTERS, parsePolicy } from '../policy/language/parse.ts'
import { Places, problemText } from '../policy/language/problem-text.ts'
import { resolvePolicy } from '../policy/language/resolve.ts'
import type { ResolvedPolicy } from '../policy/language/resolved.ts'
import { createLiveDecider } from '../policy/shadow/live.ts'
import { fileTrouble, readRegularFile } from '../service/files/regular-file.ts'

/**
 * The candidate policies of the configuration, ready to decide.
 *
 * @throws ClawtrustError CONFIG_* with its key: with each error of the first policy that has one, with line and caret
 */
export async function readCandidates({ shadow }: PolicyConfig): Promise<readonly CandidatePolicy[]> {
  const candidates = new Map<string, CandidatePolicy>()
  for (const [index, candidate] of shadow.entries()) {
    const key = `policy.shadow[${index}]`
    const policy = await readCandidate(candidate, `${key}.file`)
    const name = candidate.name ?? policy.name
    if (candidates.has(name)) {
      const message = `two candidate policies are named ${name}; set policy.shadow[].name of one`
      throw new ClawtrustError('CONFIG_INVALID', message, { key: `${key}.file` })
    }
    candidates.set(name, { name, decide: createLiveDecider(policy) })
  }
  return [...candidates.values()]
}

async function readCandidate({ file }: CandidateConfig, key: string): Promise<ResolvedPolicy> {
  const text = await readRegularFile(file, MAX_POLICY_CHARACTERS).catch(cause => {
    throw new ClawtrustError('CONFIG_UNREADABLE', `${file}: ${fileTrouble(cause)}`, { cause, key })
  })
  const parsed = parsePolicy(text, basename(file, extname(file)))
  const parseErrors = parsed.problems.filter(({ level }) => level === 'error')
  const resolution = resolvePolicy(parsed.policy)
  // Names that could not be read would be missed again.
  const errors = parseErrors.length > 0 ? parseErrors : resolution.problems.filter(({ level }) => level === 'error')
  if (errors.length === 0) return resolution.policy
  const places = new Places(text)
  const message = errors.map(problem => problemText(file, problem, places)).join('\n')
  throw new ClawtrustError('CONFIG_INVALID', `the policy cannot be used:\n${message}`, { key })
}
