import { REMOTE_REMEDY, remoteClusters, remoteIsAway } from '../../service/elasticsearch/remote.ts'
import type { Answer } from '../call.ts'
import { inside, isFields, refusal } from './answer.ts'
import { type Finding, ok, problem } from './finding.ts'
import { indexPath, type Subject } from './subject.ts'

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
  const away = remotesAway(subject, answer)
  if (away !== undefined) {
    return [problem(`${remoteIsAway(away)}, so nothing is read until it does; ${REMOTE_REMEDY}`)]
  }
  if (answer.status !== 200) {
    return [problem(`${pattern} cannot be searched (${refusal(answer)}); ${remedies.get(answer.status) ?? HEALTH}`)]
  }
  const shards = Number(inside(answer.body, '_shards', 'total'))
  const failed = Number(inside(answer.body, '_shards', 'failed'))
  const documents = Number(inside(answer.body, 'hits', 'total', 'value'))
  if (shards === 0) {
    return [problem(`no index matches ${pattern} for these credentials; start the shipper, or correct index`)]
  }
  if (failed > 0) return [problem(`${failed} of ${shards} shards of ${pattern} failed; ${HEALTH}`)]
  if (documents === 0) return [problem(`${pattern} exists and contains no document; check the errors of the shipper`)]
  return [ok(`${pattern} contains ${documents} documents in ${shards} shards`)]
}

/** Remote clusters that are missing from the response, or whose absence prevents one. */
function remotesAway({ index }: Subject, { status, body }: Answer): string | undefined {
  if (status === 502) return remoteClusters(index)
  const details = inside(body, '_clusters', 'details')
  const clusters = isFields(details) ? Object.entries(details) : []
  const away = clusters.filter(([, cluster]) => inside(cluster, 'status') !== 'successful').map(([name]) => name)
  return away.length === 0 ? undefined : away.join(' or ')
}
