import type { estypes } from '@elastic/elasticsearch'
import { remoteIsAway } from './remote.ts'

/** What distinguishes a whole answer from a partial one; for `filter_path`. */
export const COMPLETENESS = [
  'timed_out',
  '_shards',
  '_clusters.skipped',
  '_clusters.partial',
  '_clusters.failed',
  '_clusters.details.*.status',
]

export interface SearchCompleteness {
  readonly timed_out?: boolean
  readonly _shards?: estypes.ShardStatistics
  readonly _clusters?: Partial<estypes.ClusterStatistics>
}

/**
 * Why an answer has not all that was searched, for use in a sentence; undefined if it has. By default Elasticsearch answers
 * 200 with what it could read. A reader that takes that for all loses documents in silence.
 */
export function whatIsMissing({ timed_out, _shards, _clusters }: SearchCompleteness): string | undefined {
  const failed = _shards?.failed ?? 0
  const what = [
    timed_out === true ? 'the search timed out' : undefined,
    failed > 0 ? `${failed} shards failed` : undefined,
    clustersAway(_clusters ?? {}),
  ].filter(reason => reason !== undefined)
  return what.length === 0 ? undefined : what.join(', ')
}

/** How Elasticsearch names itself among the clusters of a search. */
const ITSELF = '(local)'

function clustersAway({
  skipped = 0,
  partial: inPart = 0,
  failed = 0,
  details = {},
}: Partial<estypes.ClusterStatistics>) {
  if (skipped + inPart + failed === 0) return undefined
  const unwell = Object.entries(details).filter(([, { status }]) => status !== 'successful')
  const remote = unwell.map(([name]) => name).filter(name => name !== ITSELF)
  return remote.length > 0 ? remoteIsAway(remote.join(' or ')) : 'a cluster answered only in part'
}
