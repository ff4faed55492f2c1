import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { hashSync } from 'bcryptjs'
import { report } from './report.ts'
import { scrape } from './scrape.ts'
import type { ServerSetup } from './server.ts'

/**
 * `node bench/metrics/main.ts [result.json]` (default: bench/results/metrics.json): what a scrape of 50,000 series takes over HTTP, and how long it holds the
 * event loop of the server. prom-client serves the same series beside it, behind the same HTTP service.
 */

const SERIES = 50_000
const SCRAPES = 100
const WARM_UP = 10

interface Case {
  readonly name: string
  readonly setup: Omit<ServerSetup, 'series'>
  readonly headers: Readonly<Record<string, string>>
}

const folder = mkdtempSync(join(tmpdir(), 'clawtrust-bench-'))
const webConfigFile = join(folder, 'web.yml')
writeFileSync(webConfigFile, `basic_auth_users:\n  prometheus: ${hashSync('bench', 10)}\n`)

const openMetrics = 'application/openmetrics-text; version=1.0.0'
const identity = { 'accept-encoding': 'identity' }
const authorization = `Basic ${Buffer.from('prometheus:bench').toString('base64')}`
const cases: readonly Case[] = [
  { name: 'identity', setup: { peer: 'clawtrust' }, headers: identity },
  { name: 'gzip level 1', setup: { peer: 'clawtrust' }, headers: { 'accept-encoding': 'gzip' } },
  { name: 'OpenMetrics, identity', setup: { peer: 'clawtrust' }, headers: { ...identity, accept: openMetrics } },
  {
    name: 'OpenMetrics, an exemplar each',
    setup: { peer: 'clawtrust', exemplars: true },
    headers: { ...identity, accept: openMetrics },
  },
  {
    name: 'basic authentication',
    setup: { peer: 'clawtrust', webConfigFile },
    headers: { ...identity, authorization },
  },
  { name: 'prom-client, identity', setup: { peer: 'prom-client' }, headers: identity },
]

async function measure({ name, setup, headers }: Case) {
  const worker = new Worker(new URL('./server.ts', import.meta.url), { workerData: { ...setup, series: SERIES } })
  const [{ url }] = (await once(worker, 'message')) as [{ url: string }]
  const target = `${url}metrics`
  for (let n = 0; n < WARM_UP; n++) await scrape(target, headers)
  worker.postMessage('begin')
  const scrapes = []
  for (let n = 0; n < SCRAPES; n++) scrapes.push(await scrape(target, headers))
  worker.postMessage('end')
  const [{ longestStallMs }] = (await once(worker, 'message')) as [{ longestStallMs: number }]
  await worker.terminate()
  const times = scrapes.map(({ ms }) => ms).sort((one, other) => one - other)
  const at = (share: number) => round(times[Math.ceil(share * times.length) - 1] ?? Number.NaN)
  return {
    case: `${name}, ${SERIES} series, ${SCRAPES} scrapes`,
    bytes: scrapes[0]?.bytes ?? 0,
    'p50 ms': at(0.5),
    'p99 ms': at(0.99),
    'longest stall ms': round(longestStallMs),
  }
}

const round = (ms: number) => Math.round(ms * 10) / 10

const results = []
for (const one of cases) results.push(await measure(one))
rmSync(folder, { recursive: true })
report(process.argv[2] ?? 'bench/results/metrics.json', results)
process.exit()
