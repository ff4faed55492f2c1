import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import type { Client } from '@elastic/elasticsearch'
import { DAY_MS } from '../../core/clock.ts'
import { readHistory } from '../../policy/shadow/elasticsearch/read-history.ts'
import { FlowHistory } from '../../policy/shadow/history.ts'
import { shadowReport } from '../../policy/shadow/report.ts'
import { createTimeSlices } from '../../policy/shadow/time-slices.ts'
import { openServer } from '../elasticsearch/server.ts'
import { report } from '../metrics/report.ts'
import { distinctFlows, flowLines, HISTORY_DAYS, hubbleMappings } from './history-documents.ts'
import { mixedPolicy } from './workload.ts'

/**
 * `node bench/policy/shadow.ts [--documents N,N] [--out FILE]`: how long it takes to test a policy of 200 rules against a
 * history of 5,000 distinct flows in Elasticsearch, by the number of its documents. Each round has empty caches.
 */
const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '1000000,4000000' },
    out: { type: 'string', default: 'bench/results/policy-shadow.json' },
  },
})
const FLOWS = 5_000
const RULES = 200
const BULK = 10_000
const ROUNDS = 5
const INDEX = 'bench-flows'

const UNTIL = Date.parse('2026-11-30T00:00:00Z')
const window = { since: UNTIL - HISTORY_DAYS * DAY_MS, until: UNTIL }
const flows = distinctFlows(FLOWS)
const candidate = mixedPolicy(RULES)
const minimum = { days: 7, events: 1_000, unknownPercent: 100 }

async function load(client: Client, lines: (count: number) => string, documents: number): Promise<void> {
  for (let written = 0; written < documents; written += BULK) {
    const bulkBody = lines(Math.min(BULK, documents - written))
    const answer = await client.transport.request<{ errors: boolean }>(
      { method: 'POST', path: `/${INDEX}/_bulk`, querystring: { filter_path: 'errors' }, bulkBody },
      { requestTimeout: 120_000 },
    )
    if (answer.errors) throw new Error('a document was refused')
  }
  await client.indices.forcemerge({ index: INDEX, max_num_segments: 5 }, { requestTimeout: 600_000 })
  await client.indices.refresh({ index: INDEX })
}

/** CPU seconds that the server has used. */
async function serverCpu(client: Client): Promise<number> {
  const { nodes } = await client.nodes.stats({ metric: 'process' })
  return Object.values(nodes).reduce((sum, { process }) => sum + (process?.cpu?.total_in_millis ?? 0), 0) / 1000
}

async function round(client: Client) {
  await client.indices.clearCache({ index: INDEX })
  const before = await serverCpu(client)
  const begun = performance.now()
  const cpu = process.cpuUsage()
  const slices = createTimeSlices([candidate], window)
  const history = new FlowHistory(window, slices)
  const source = { name: 'bench', index: [INDEX], cursorField: 'event.ingested' }
  const { signal } = new AbortController()
  await readHistory(source, history, { client, slices, signal, progress: () => undefined })
  const found = shadowReport(history, { candidate, minimum })
  const { user, system } = process.cpuUsage(cpu)
  const seconds = (performance.now() - begun) / 1000
  return { seconds, own: (user + system) / 1e6, server: (await serverCpu(client)) - before, found }
}

const server = await openServer({ asShipped: true })
try {
  const rows: object[] = []
  const { client } = server
  await client.indices.delete({ index: INDEX, ignore_unavailable: true })
  await client.indices.create({
    index: INDEX,
    settings: { number_of_shards: 1, number_of_replicas: 0, refresh_interval: '60s' },
    mappings: hubbleMappings as never,
  })
  const lines = flowLines(flows, UNTIL)
  let loaded = 0
  for (const documents of values.documents.split(',').map(Number)) {
    await load(client, lines, documents - loaded)
    loaded = documents
    await round(client)
    const rounds: Awaited<ReturnType<typeof round>>[] = []
    while (rounds.length < ROUNDS) rounds.push(await round(client))
    const seconds = rounds.map(one => one.seconds).sort((a, b) => a - b)
    const { evidence, totals } = (rounds[0] as (typeof rounds)[number]).found
    if (evidence.events !== documents || evidence.flows !== FLOWS) throw new Error(JSON.stringify(evidence))
    rows.push({
      documents,
      flows: evidence.flows,
      rules: RULES,
      fastest: Number(seconds[0]?.toFixed(2)),
      median: Number(seconds[ROUNDS >> 1]?.toFixed(2)),
      serverCpu: Number(Math.min(...rounds.map(({ server: cpuSeconds }) => cpuSeconds)).toFixed(2)),
      ownCpu: Number(Math.min(...rounds.map(({ own }) => own)).toFixed(2)),
      deny: totals.deny.flows,
      unknown: totals.unknown.flows,
      load: Number(loadavg()[0]?.toFixed(1)),
    })
    console.log(rows.at(-1))
  }
  report(values.out, rows)
} finally {
  await server.stop()
}
