import type { Client, estypes } from '@elastic/elasticsearch'
import { ClawtrustError } from '../../../core/errors.ts'
import { COMPLETENESS, whatIsMissing } from '../../../service/elasticsearch/completeness.ts'

/** How long the server keeps the state that all searches of a history see. */
const KEEP_ALIVE = '5m'
/** One search may take as long: it reads every document of the window. Milliseconds. */
const TIMEOUT_MS = 300_000

/** Searches that see the same documents, whatever is written meanwhile. */
export interface Searches {
  search(request: estypes.SearchRequest, doing: string): Promise<estypes.SearchResponse>
}

/** @param signal ends a search that goes on */
export async function withSearches(
  client: Client,
  index: readonly string[],
  signal: AbortSignal,
  work: (searches: Searches) => Promise<void>,
): Promise<void> {
  const options = { signal, requestTimeout: TIMEOUT_MS }
  let { id } = await client.openPointInTime({ index: [...index], keep_alive: KEEP_ALIVE }, options)
  const searches: Searches = {
    async search(request, doing) {
      const answer = await client.search(
        {
          allow_partial_search_results: false,
          track_total_hits: false,
          ...request,
          pit: { id, keep_alive: KEEP_ALIVE },
          filter_path: ['pit_id', ...COMPLETENESS, 'hits', 'aggregations'],
        },
        options,
      )
      id = answer.pit_id ?? id
      const missing = whatIsMissing(answer)
      if (missing === undefined) return answer
      throw new ClawtrustError('ELASTICSEARCH_PARTIAL', `Elasticsearch answered ${doing} only in part: ${missing}`)
    },
  }
  try {
    await work(searches)
  } finally {
    await client.closePointInTime({ id }).catch(() => undefined)
  }
}
