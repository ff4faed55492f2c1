/** `bare.child.ts URL INDEX SLICES PAGE`: the official client in its plainest loop, with the exporter's projection. */

import { Client } from '@elastic/elasticsearch'
import { documentReading } from '../../decoding/documents.ts'
import { beginSide } from './report.ts'

const [url = '', index = '', slices = '1', page = '2000'] = process.argv.slice(2)
const size = Number(page)
// Understood by 8.x and 9.x.
const media = 'application/vnd.elasticsearch+json; compatible-with=8'
const client = new Client({ node: url, headers: { accept: media, 'content-type': media } })
await client.search({ index, size: 0 })
const report = beginSide()
const { id } = await client.openPointInTime({ index, keep_alive: '1m' })
const max = Number(slices)
const counts = await Promise.all(Array.from({ length: max }, (_, slice) => loop(slice)))
report(counts.reduce((a, b) => a + b))
await client.closePointInTime({ id })
await client.close()

async function loop(slice: number): Promise<number> {
  let documents = 0
  let after: unknown
  for (;;) {
    const page = await client.search({
      pit: { id, keep_alive: '1m' },
      ...(max > 1 ? { slice: { id: String(slice), max } } : {}),
      size,
      sort: [{ _shard_doc: 'asc' }],
      track_total_hits: false,
      query: { range: { 'event.ingested': { gt: 0 } } },
      _source: { includes: [...documentReading().sourceFields] },
      docvalue_fields: [{ field: 'event.ingested', format: 'epoch_millis' }],
      ...(after === undefined ? {} : { search_after: after as never }),
      filter_path: [
        'timed_out',
        '_shards',
        'pit_id',
        'hits.hits._id',
        'hits.hits._index',
        'hits.hits.sort',
        'hits.hits._source',
        'hits.hits.fields',
      ],
    })
    const hits = page.hits?.hits ?? []
    documents += hits.length
    if (hits.length < size) return documents
    after = hits.at(-1)?.sort
  }
}
