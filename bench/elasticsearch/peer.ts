/**
 * `peer.ts --peer PATH [--documents 1000000] [--seconds 180]`, after `npm run build`: prometheus-es-exporter 0.14.1 (PyPI,
 * PATH names its program) beside the exporter, both asked for failed sign-ins by reason, of one index on one server.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { freePort } from '../../test/stack/servers/process.ts'
import { build, demand, esExporter, PROGRAM } from '../needs.ts'
import { type BenchDocument, openclawDocuments } from './documents.ts'
import { ExporterProcess, sumOf } from './exporter-process.ts'
import { loadIndex, write } from './load.ts'
import { round, writeResults } from './report.ts'
import { openServer, type Server } from './server.ts'

const INDEX = 'clawtrust-peer'
const LOOK_MS = 200
/** Between two failures that are written and waited for; no divisor of either side's interval. */
const MARK_MS = 7_300
const DELETED = 10

const { values } = parseArgs({
  options: {
    peer: { type: 'string' },
    documents: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '180' },
  },
})
const { peer: program = '' } = values
demand(esExporter(program), build(PROGRAM))
const documents = Number(values.documents)

/** What a side shows, in failures. */
type Look = () => Promise<number>

const server = await openServer()
const folder = mkdtempSync(join(tmpdir(), 'clawtrust-peer-'))
const peer = { port: await freePort(), file: join(folder, 'peer.cfg') }
try {
  const first = Date.now() - documents - 60_000
  await loadIndex(server.client, INDEX, { documents, timeOf: number => first + number })
  await server.client.indices.putSettings({ index: INDEX, settings: { refresh_interval: '1s' } })
  writeFileSync(peer.file, peerConfig())
  const child = spawn(program, peerArguments(), { stdio: 'ignore' })
  // What went before is no part of the comparison.
  const source = { index: [INDEX], nodes: [server.url], history: '0s' }
  const ours = await ExporterProcess.start(folder, await freePort(), source)
  const looks: Record<'clawtrust' | 'peer', Look> = {
    clawtrust: () => ours.value('clawtrust_auth_failures_total'),
    peer: async () => sumOf(await (await fetch(`http://127.0.0.1:${peer.port}/metrics`)).text(), 'failures_hits'),
  }
  // The first answer of each: before it there is nothing to compare with.
  while (!((await looks.peer().catch(() => 0)) > 0)) await pause(LOOK_MS)
  await pause(20_000)
  const before = await searchesSoFar(server)
  const began = performance.now()
  const delays = await markAndWait(server, looks, Number(values.seconds))
  const minutes = (performance.now() - began) / 60_000
  const after = await searchesSoFar(server)
  const cost = (side: 'clawtrust' | 'peer') => {
    const searches = after[side].searches - before[side].searches
    const serverMs = after[side].ms - before[side].ms
    return {
      'searches of a shard, a minute': round(searches / minutes),
      'server ms each': round(serverMs / searches),
      'server ms a minute': round(serverMs / minutes),
    }
  }
  const fell = await deleteSome(server, looks)
  const sides = (['clawtrust', 'peer'] as const).map(side => {
    return { side, ...cost(side), ...staleness(delays[side]), [`after deleting ${DELETED} failures`]: fell[side] }
  })
  console.table(sides)
  const machine = { cores: cpus().length, node: process.version, elasticsearch: server.version }
  writeResults('elasticsearch-peer', { documents, machine, sides })
  child.kill('SIGTERM')
  await Promise.all([once(child, 'exit'), ours.stop()])
  await server.client.indices.delete({ index: INDEX })
} finally {
  rmSync(folder, { recursive: true, force: true })
  await server.stop()
}

/** The counts of failures by reason, asked every 15 s, its own default. The group tells its searches from ours in the statistics. */
function peerConfig(): string {
  const query = {
    size: 0,
    track_total_hits: true,
    stats: ['peer'],
    query: { bool: { filter: [{ exists: { field: 'reason' } }], must_not: [{ term: { reason: 'rate_limited' } }] } },
    aggs: { reason: { terms: { field: 'reason', size: 50 } } },
  }
  return [
    '[DEFAULT]',
    'QueryIntervalSecs = 15',
    'QueryTimeoutSecs = 10',
    `QueryIndices = ${INDEX}`,
    '[query_failures]',
    `QueryJson = ${JSON.stringify(query)}`,
    '',
  ].join('\n')
}

function peerArguments(): string[] {
  const collectors = ['cluster-health', 'nodes-stats', 'indices-aliases', 'indices-mappings', 'indices-stats']
  const off = collectors.map(name => `--${name}-disable`)
  return ['-e', server.url, '-p', String(peer.port), '-c', peer.file, ...off]
}

interface Searches {
  readonly searches: number
  readonly ms: number
}

/** Searches of the index by who asked: the peer's carry its group. */
async function searchesSoFar({ client }: Server): Promise<Record<'clawtrust' | 'peer', Searches>> {
  const { _all } = await client.indices.stats({ index: INDEX, metric: 'search', groups: ['peer'] })
  const tally = (
    search: { query_total?: number; query_time_in_millis?: number; fetch_time_in_millis?: number } = {},
  ) => {
    return {
      searches: search.query_total ?? 0,
      ms: (search.query_time_in_millis ?? 0) + (search.fetch_time_in_millis ?? 0),
    }
  }
  const all = tally(_all.total?.search)
  const theirs = tally(_all.total?.search?.groups?.peer)
  return { peer: theirs, clawtrust: { searches: all.searches - theirs.searches, ms: all.ms - theirs.ms } }
}

/** Writes a failure now and then; gives for each side how long each took until it was shown, milliseconds. */
async function markAndWait({ client }: Server, looks: Record<'clawtrust' | 'peer', Look>, seconds: number) {
  const base = { clawtrust: await looks.clawtrust(), peer: await looks.peer() }
  const marks: number[] = []
  const delays: Record<'clawtrust' | 'peer', number[]> = { clawtrust: [], peer: [] }
  const failures = failedSignIns()
  const end = performance.now() + seconds * 1000
  // What was written last is still waited for.
  while (performance.now() < end || delays.clawtrust.length < marks.length || delays.peer.length < marks.length) {
    const now = performance.now()
    if (now < end && now >= (marks.at(-1) ?? 0) + MARK_MS) {
      await write(client, INDEX, documents + marks.length, [failures.next().value as BenchDocument])
      marks.push(performance.now())
    }
    for (const side of ['clawtrust', 'peer'] as const) {
      const shown = (await looks[side]()) - base[side]
      while (delays[side].length < Math.min(shown, marks.length)) {
        delays[side].push(performance.now() - (marks[delays[side].length] as number))
      }
    }
    await pause(LOOK_MS)
  }
  return delays
}

/** Documents of which each tells of one failure. */
function* failedSignIns(): Generator<BenchDocument> {
  for (const document of openclawDocuments({ timeOf: () => Date.now() })) {
    const { reason, message } = document
    if (reason !== undefined && reason !== 'rate_limited' && !String(message).includes(' suppressed=')) yield document
  }
}

function staleness(delays: readonly number[]) {
  const inOrder = [...delays].sort((a, b) => a - b)
  return {
    'shown after, s, median': round((inOrder[Math.floor(inOrder.length / 2)] ?? Number.NaN) / 1000),
    'at most': round((inOrder.at(-1) ?? Number.NaN) / 1000),
  }
}

/** How each side's count changes when documents that it has counted are deleted. */
async function deleteSome({ client }: Server, looks: Record<'clawtrust' | 'peer', Look>) {
  const shown = { clawtrust: await looks.clawtrust(), peer: await looks.peer() }
  const operations = Array.from({ length: DELETED }, (_, number) => {
    return { delete: { _index: INDEX, _id: `log-${documents + number}` } }
  })
  await client.bulk({ operations, refresh: true })
  await pause(25_000)
  return {
    clawtrust: (await looks.clawtrust()) - shown.clawtrust,
    peer: (await looks.peer()) - shown.peer,
  }
}
