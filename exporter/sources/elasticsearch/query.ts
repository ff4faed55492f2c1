import type { estypes } from '@elastic/elasticsearch'
import { ClawtrustError } from '../../../core/errors.ts'
import { remoteIsAway } from '../../../service/elasticsearch/remote.ts'
import type { Window } from './window.ts'

/** What every query of a source has in common. */
export interface Scope {
  readonly index: readonly string[]
  readonly cursorField: string
  /** Gateways of this reader's part; absent where one reader reads all. */
  readonly gateways?: GatewayFilter
}

export interface GatewayFilter {
  readonly field: string
  readonly names: readonly string[]
  /** True for the one part that also reads documents without a gateway. */
  readonly withMissing: boolean
}

export type Query = NonNullable<estypes.SearchRequest['query']>

/** Documents of the window, of this reader's gateways. */
export function windowQuery({ cursorField, gateways }: Scope, { after, through }: Window): Query {
  const range = { gt: after, lte: through, format: 'epoch_millis' }
  const filter: Query[] = [{ range: { [cursorField]: range } }]
  if (gateways !== undefined) filter.push(gatewayQuery(gateways))
  return { bool: { filter } }
}

function gatewayQuery({ field, names, withMissing }: GatewayFilter): Query {
  const named: Query = { terms: { [field]: [...names] } }
  if (!withMissing) return named
  return { bool: { should: [named, { bool: { must_not: { exists: { field } } } }] } }
}

/** What distinguishes a whole answer from a partial one; for `filter_path`. */
export const COMPLETENESS = [
  'timed_out',
  '_shards',
  '_clusters.skipped',
  '_clusters.partial',
  '_clusters.failed',
  '_clusters.details.*.status',
]

interface Answer {
  readonly timed_out?: boolean
  readonly _shards?: estypes.ShardStatistics
  readonly _clusters?: Partial<estypes.ClusterStatistics>
}

/**
 * By default Elasticsearch answers 200 with what it could read. A reader that takes that for all loses documents in
 * silence.
 */
export function refusePartial({ timed_out, _shards, _clusters }: Answer, doing: string): void {
  const failed = _shards?.failed ?? 0
  const what = [
    timed_out === true ? 'the search timed out' : undefined,
    failed > 0 ? `${failed} shards failed` : undefined,
    clustersAway(_clusters ?? {}),
  ].filter(reason => reason !== undefined)
  if (what.length > 0) throw partial(doing, what.join(', '))
}

/** The failure of an answer that is a part only. */
export function partial(doing: string, what: string): ClawtrustError {
  return new ClawtrustError(
    'ELASTICSEARCH_PARTIAL',
    `Elasticsearch answered ${doing} only in part: ${what}; it is read again`,
    { recoverable: true },
  )
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
