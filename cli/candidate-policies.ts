import { ClawtrustError } from '../core/errors.ts'
import type { CandidatePolicy } from '../exporter/contracts/candidate-policy.ts'
import type { PolicyConfig } from '../policy/config.ts'
import type { WarnOfPolicy } from './candidate-policy.ts'

/**
 * The candidate policies of the configuration, ready to decide. The policy language is loaded where there is one.
 *
 * @throws ClawtrustError CONFIG_* with its key: with each error of the first policy that has one, with line and caret
 */
export async function readCandidates(
  { shadow }: PolicyConfig,
  warn: WarnOfPolicy = () => undefined,
): Promise<readonly CandidatePolicy[]> {
  const candidates = new Map<string, CandidatePolicy>()
  for (const [index, config] of shadow.entries()) {
    const { readCandidate } = await import('./candidate-policy.ts')
    const key = `policy.shadow[${index}].file`
    const candidate = await readCandidate(config, key, warn)
    const { name } = candidate
    if (candidates.has(name)) {
      const message = `two candidate policies are named ${name}; set policy.shadow[].name of one`
      throw new ClawtrustError('CONFIG_INVALID', message, { key })
    }
    candidates.set(name, candidate)
  }
  return [...candidates.values()]
}
