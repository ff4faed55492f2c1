import { isObject, valueAt } from '../../core/json.ts'
import { isRemote, REMOTE_REMEDY, remoteClusters, remoteIsAway } from '../../service/elasticsearch/remote.ts'
import { type Answer, refusal } from '../call.ts'
import { type Finding, indexPath, note, ok, problem, type Subject } from './contract.ts'

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
  const findings = local.flatMap(pattern => missing(pattern, valueAt(answer.body, 'index', pattern)))
  return findings.length > 0 ? findings : [ok(`the credentials may read ${local.join(',')}`)]
}

function missing(pattern: string, granted: unknown): readonly Finding[] {
  const absent = NEEDED.filter(privilege => !isObject(granted) || granted[privilege] !== true)
  if (absent.length === 0) return []
  const words = absent.join(' and ')
  return [problem(`${words} is missing on ${pattern}, so its documents are not visible; grant ${words} to the role`)]
}

const HEALTH = 'check the health of the cluster'
const remedies = new Map([
  [404, 'correct index, or start the shipper that creates it'],
  [403, 'grant read and view_index_metadata to the role'],
])

/** Checks that the patterns match something, and that all of it can be searched. */
export async function checkIndices(subject: Subject): Promise<readonly Finding[]> {
  const pattern = subject.index.join(',')
  const path = `/${indexPath(subject)}/_search?size=0&track_total_hits=true&filter_path=_shards,hits.total,_clusters.details.*.status`
  const answer = await subject.ask({ method: 'GET', path })
  const closed = await closedIndices(subject)
  const away = remotesAway(subject, answer)
  if (away !== undefined) {
    return [problem(`${remoteIsAway(away)}, so nothing is read until it does; ${REMOTE_REMEDY}`)]
  }
  if (valueAt(answer.body, 'error', 'type') === 'index_closed_exception') return [problem(closedText(closed, pattern))]
  if (answer.status !== 200) {
    return [problem(`${pattern} cannot be searched (${refusal(answer)}); ${remedies.get(answer.status) ?? HEALTH}`)]
  }
  const shards = Number(valueAt(answer.body, '_shards', 'total'))
  const failed = Number(valueAt(answer.body, '_shards', 'failed'))
  const documents = Number(valueAt(answer.body, 'hits', 'total', 'value'))
  if (shards === 0 && closed.length > 0) return [problem(closedText(closed, pattern))]
  if (shards === 0) {
    return [problem(`no index matches ${pattern} for these credentials; start the shipper, or correct index`)]
  }
  if (failed > 0) return [problem(`${failed} of ${shards} shards of ${pattern} failed; ${HEALTH}`)]
  if (documents === 0) return [problem(`${pattern} exists and contains no document; check the errors of the shipper`)]
  const found = ok(`${pattern} contains ${documents} documents in ${shards} shards`)
  return closed.length === 0 ? [found] : [found, note(closedText(closed, pattern))]
}

/** Closed indices that are named. */
const NAMED = 3

/** @param closed their names; empty where they cannot be listed */
function closedText(closed: readonly string[], pattern: string): string {
  const more = closed.length > NAMED ? ` and ${closed.length - NAMED} others` : ''
  const [first = pattern] = closed
  const what = closed.length > 1 ? `${closed.slice(0, NAMED).join(', ')}${more} are closed` : `${first} is closed`
  return `${what}, so what ${closed.length > 1 ? 'they contain' : 'it contains'} is not read; open it (POST /${first}/_open), or leave it out of index`
}

/** A pattern matches closed indices too, and a search passes over them without an error. */
async function closedIndices({ ask, index }: Subject): Promise<readonly string[]> {
  const local = index.filter(pattern => !isRemote(pattern))
  if (local.length === 0) return []
  const path = `/_resolve/index/${indexPath({ index: local })}?expand_wildcards=closed&filter_path=indices.name,indices.attributes`
  const { status, body } = await ask({ method: 'GET', path })
  const found = status === 200 ? valueAt(body, 'indices') : undefined
  return (Array.isArray(found) ? found : []).flatMap(one => {
    const attributes = valueAt(one, 'attributes')
    return Array.isArray(attributes) && attributes.includes('closed') ? [String(valueAt(one, 'name'))] : []
  })
}

/** Remote clusters that are missing from the response, or whose absence prevents one. */
function remotesAway({ index }: Subject, { status, body }: Answer): string | undefined {
  if (status === 502) return remoteClusters(index)
  const details = valueAt(body, '_clusters', 'details')
  const clusters = isObject(details) ? Object.entries(details) : []
  const away = clusters.filter(([, cluster]) => valueAt(cluster, 'status') !== 'successful').map(([name]) => name)
  return away.length === 0 ? undefined : away.join(' or ')
}
