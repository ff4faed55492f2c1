import { askedOnce } from '../../compliance/evidence/asked-once.ts'
import { elasticsearchStore } from '../../compliance/evidence/elasticsearch-store.ts'
import { prometheusStore } from '../../compliance/evidence/prometheus-store.ts'
import { evidenceKind } from '../../compliance/evidence/registry.ts'
import { october } from '../../test/compliance/evidence/periods.ts'
import { requests } from './requests.ts'

/** Reads all evidence of one report, one request after the other, and prints what it took. */
const [elasticsearch = '', prometheus = ''] = process.argv.slice(2)
const documents = elasticsearchStore({
  connection: { nodes: [elasticsearch], requestTimeout: 60_000 },
  compatibility: 'auto',
  address: elasticsearch,
})
const stores = askedOnce({
  elasticsearch: documents,
  prometheus: prometheusStore({ url: prometheus, headers: {}, secrets: [], timeout: 60_000, fetch }),
})
const context = { period: october, stores, signal: new AbortController().signal }
const spent: Record<string, number> = {}
let unknown = 0
const begin = performance.now()
for (const request of requests) {
  const started = performance.now()
  const { value } = await evidenceKind(request).read(request, context)
  spent[request.from] = (spent[request.from] ?? 0) + performance.now() - started
  if (value === null) unknown++
}
const seconds = (performance.now() - begin) / 1_000
await documents.close()
const { user, system } = process.cpuUsage()
const round = (value: number) => Math.round(value * 100) / 100
console.log(
  JSON.stringify({
    requests: requests.length,
    unknown,
    seconds: round(seconds),
    secondsByKind: Object.fromEntries(Object.entries(spent).map(([kind, ms]) => [kind, round(ms / 1_000)])),
    cpuSeconds: round((user + system) / 1e6),
    megabytes: Math.round(process.resourceUsage().maxRSS / 1_024),
  }),
)
