import { basename, extname } from 'node:path'
import { ClawtrustError } from '../core/errors.ts'
import type { CandidatePolicy } from '../exporter/contracts/candidate-policy.ts'
import type { CandidateConfig, PolicyConfig } from '../policy/config.ts'
import { MAX_POLICY_CHARACTERS } from '../policy/language/parse.ts'
import { formOf, readPolicy } from '../policy/language/read.ts'
import type { ResolvedPolicy } from '../policy/language/resolved.ts'
import { createLiveDecider } from '../policy/shadow/live.ts'
import { fileTrouble, readRegularFile } from '../service/files/regular-file.ts'
import { isError, problemHeadings, problemTexts } from './policy-file.ts'

/** Takes what is doubtful in a policy: the key of its file, and a line with the place. */
type WarnOfPolicy = (key: string, heading: string) => void

/**
 * The candidate policies of the configuration, ready to decide.
 *
 * @throws ClawtrustError CONFIG_* with its key: with each error of the first policy that has one, with line and caret
 */
export async function readCandidates(
  { shadow }: PolicyConfig,
  warn: WarnOfPolicy = () => undefined,
): Promise<readonly CandidatePolicy[]> {
  const candidates = new Map<string, CandidatePolicy>()
  for (const [index, candidate] of shadow.entries()) {
    const key = `policy.shadow[${index}]`
    const policy = await readCandidate(candidate, `${key}.file`, warn)
    const name = candidate.name ?? policy.name
    if (candidates.has(name)) {
      const message = `two candidate policies are named ${name}; set policy.shadow[].name of one`
      throw new ClawtrustError('CONFIG_INVALID', message, { key: `${key}.file` })
    }
    candidates.set(name, { name, decide: createLiveDecider(policy) })
  }
  return [...candidates.values()]
}

async function readCandidate({ file }: CandidateConfig, key: string, warn: WarnOfPolicy): Promise<ResolvedPolicy> {
  const text = await readRegularFile(file, MAX_POLICY_CHARACTERS).catch(cause => {
    throw new ClawtrustError('CONFIG_UNREADABLE', `${file}: ${fileTrouble(cause)}`, { cause, key })
  })
  const { resolved, problems } = readPolicy(text, basename(file, extname(file)), formOf(file))
  const errors = problemTexts({ file, source: text, problems: problems.filter(isError) })
  if (errors.length === 0) {
    for (const heading of problemHeadings({ file, source: text, problems })) warn(key, heading)
    return resolved
  }
  throw new ClawtrustError('CONFIG_INVALID', `the policy cannot be used:\n${errors.join('\n')}`, { key })
}
