/** `seq-no.child.ts URL INDEX`: the same documents read shard by shard in the order of `_seq_no`, without a point in time. */
import { documentReading } from '../../decoding/documents.ts'
import { connect } from '../../service/elasticsearch/compatibility.ts'
import { beginSide } from './report.ts'

const PAGE = 5_000
const [url = '', index = ''] = process.argv.slice(2)
const client = await connect({ nodes: [url], requestTimeout: 60_000 }, 'auto', [index])
const { shards } = await client.searchShards({ index })
const report = beginSide()
let documents = 0
for (let shard = 0; shard < shards.length; shard++) documents += await readShard(shard)
report(documents)
await client.close()

async function readShard(shard: number): Promise<number> {
  let read = 0
  let last = -1
  for (;;) {
    const page = await client.search({
      index,
      preference: `_shards:${shard}`,
      size: PAGE,
      sort: [{ _seq_no: 'asc' }],
      track_total_hits: false,
      query: { range: { _seq_no: { gt: last } } },
      _source: { includes: [...documentReading().sourceFields] },
      filter_path: ['timed_out', '_shards', 'hits.hits._id', 'hits.hits._index', 'hits.hits.sort', 'hits.hits._source'],
    })
    const hits = page.hits?.hits ?? []
    read += hits.length
    if (hits.length < PAGE) return read
    last = Number(hits.at(-1)?.sort?.[0])
  }
}
