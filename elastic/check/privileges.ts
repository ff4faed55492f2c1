import { isRemote } from '../../service/elasticsearch/remote.ts'
import { inside, isFields, refusal } from './answer.ts'
import { type Finding, note, ok, problem } from './finding.ts'
import type { Subject } from './subject.ts'

const NEEDED = ['read', 'view_index_metadata']

/**
 * Checks the read privilege of the credentials. The privileges API has to be called, because a pattern without a
 * privilege is answered like an index without documents.
 */
export async function checkPrivileges({ ask, index }: Subject): Promise<readonly Finding[]> {
  // A remote cluster grants privileges by its own roles: they can only be checked by reading.
  const local = index.filter(pattern => !isRemote(pattern))
  if (local.length === 0) return [note('privileges on a remote cluster cannot be checked; reading will show them')]
  const body = { index: [{ names: local, privileges: NEEDED }] }
  const answer = await ask({ method: 'POST', path: '/_security/user/_has_privileges', body })
  if (answer.status === 400 || answer.status === 405) {
    return [note('security is disabled on this server: every client can read, change and delete the logs')]
  }
  if (answer.status !== 200) return [problem(`privileges cannot be checked (${refusal(answer)})`)]
  const findings = local.flatMap(pattern => missing(pattern, inside(answer.body, 'index', pattern)))
  return findings.length > 0 ? findings : [ok(`the credentials may read ${local.join(',')}`)]
}

function missing(pattern: string, granted: unknown): readonly Finding[] {
  const absent = NEEDED.filter(privilege => !isFields(granted) || granted[privilege] !== true)
  if (absent.length === 0) return []
  const words = absent.join(' and ')
  return [problem(`${words} is missing on ${pattern}, so its documents are not visible; grant ${words} to the role`)]
}
