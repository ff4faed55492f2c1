import type { Client } from '@elastic/elasticsearch'
import { COMPLETENESS } from '../../../service/elasticsearch/completeness.ts'
import { remoteClusters, remoteIsAway } from '../../../service/elasticsearch/remote.ts'
import { partial, refusePartial, type Scope } from './query.ts'

/**
 * Rejects where a point in time was opened over fewer shards than a search finds: without a remote cluster that was
 * away. With `skip_unavailable` Elasticsearch opens it in silence over the rest, and every page of it looks whole.
 */
export async function refuseWithoutRemote(
  client: Client,
  { index }: Scope,
  opened: { readonly total: number },
  signal: AbortSignal,
): Promise<void> {
  const remote = remoteClusters(index)
  if (remote === undefined) return
  const doing = 'opening a point in time'
  const answer = await client.search(
    {
      index: [...index],
      size: 0,
      track_total_hits: false,
      allow_partial_search_results: false,
      query: { match_none: {} },
      filter_path: COMPLETENESS,
    },
    { signal },
  )
  refusePartial(answer, doing)
  if (answer._shards.total > opened.total) throw partial(doing, remoteIsAway(remote))
}
