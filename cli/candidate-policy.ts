import { basename, extname } from 'node:path'
import { ClawtrustError } from '../core/errors.ts'
import type { CandidatePolicy } from '../exporter/contracts/candidate-policy.ts'
import type { CandidateConfig } from '../policy/config.ts'
import { MAX_POLICY_CHARACTERS } from '../policy/language/parse.ts'
import { formOf, readPolicy } from '../policy/language/read.ts'
import { createLiveDecider } from '../policy/shadow/live.ts'
import { fileTrouble, readRegularFile } from '../service/files/regular-file.ts'
import { isError, problemHeadings, problemTexts } from './policy-file.ts'

/** Takes what is doubtful in a policy: the key of its file, and a line with the place. */
export type WarnOfPolicy = (key: string, heading: string) => void

/**
 * One candidate policy, ready to decide.
 *
 * @param key of its file, in the configuration
 * @throws ClawtrustError CONFIG_* with the key: with each error of the policy, with line and caret
 */
export async function readCandidate(
  { file, name }: CandidateConfig,
  key: string,
  warn: WarnOfPolicy,
): Promise<CandidatePolicy> {
  const text = await readRegularFile(file, MAX_POLICY_CHARACTERS).catch(cause => {
    throw new ClawtrustError('CONFIG_UNREADABLE', `${file}: ${fileTrouble(cause)}`, { cause, key })
  })
  const { resolved, problems } = readPolicy(text, basename(file, extname(file)), formOf(file))
  const errors = problemTexts({ file, source: text, problems: problems.filter(isError) })
  if (errors.length > 0) {
    throw new ClawtrustError('CONFIG_INVALID', `the policy cannot be used:\n${errors.join('\n')}`, { key })
  }
  for (const heading of problemHeadings({ file, source: text, problems })) warn(key, heading)
  return { name: name ?? resolved.name, decide: createLiveDecider(resolved) }
}
