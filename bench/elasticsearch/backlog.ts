/**
 * `backlog.ts [--documents 1400000] [--minutes 30] [--program OTHER/dist/cli/main.js]`, after `npm run build`: how long an exporter that was
 * down reads what was written meanwhile into three shards, in no order, and how much memory that takes. With another build
 * named, both are measured on the same documents.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { MINUTE_MS } from '../../core/clock.ts'
import { openStateFolder } from '../../service/state/folder.ts'
import { freePort } from '../../test/stack/servers/process.ts'
import { build, demand, PROGRAM } from '../needs.ts'
import { ExporterProcess, sideOf } from './exporter-process.ts'
import { loadIndex } from './load.ts'
import { round, writeResults } from './report.ts'
import { openServer } from './server.ts'

const INDEX = 'clawtrust-backlog'
const SOURCE = 'logs'
/** A number without a common factor with the number of documents scatters them over the time of the outage. */
const SCATTER = 611_953

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '1400000' },
    minutes: { type: 'string', default: '30' },
    program: { type: 'string', multiple: true, default: [PROGRAM] },
  },
})
const documents = Number(values.documents)
const downtime = Number(values.minutes) * MINUTE_MS
demand(...values.program.map(build))
const server = await openServer()
try {
  const began = Date.now() - downtime
  const timeOf = (number: number) => began + 1 + Math.floor((((number * SCATTER) % documents) / documents) * downtime)
  await loadIndex(server.client, INDEX, { documents, timeOf, shards: 3 })
  const results: Measured[] = []
  for (const program of values.program) results.push(await read(program, began))
  console.table(results)
  const machine = { cores: cpus().length, node: process.version, elasticsearch: server.version }
  writeResults('elasticsearch-backlog', { documents, minutes: Number(values.minutes), machine, results })
  await server.client.indices.delete({ index: INDEX })
} finally {
  await server.stop()
}

interface Measured {
  readonly side: string
  readonly seconds: number
  readonly documentsPerSecond: number
  readonly residentMbAtMost: number
  /** Each document once. */
  readonly read: number
  readonly failures: number
}

/** Reads the backlog with an exporter that has never been anything but down since this time. */
async function read(program: string, since: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'clawtrust-backlog-'))
  try {
    await beginAt(join(folder, 'state'), since)
    const source = { index: [INDEX], nodes: [server.url] }
    const started = performance.now()
    const exporter = await ExporterProcess.start(folder, await freePort(), source, { program })
    const seconds = (performance.now() - started) / 1000
    const events = await exporter.value('clawtrust_events_total')
    const measured = {
      side: sideOf(program),
      seconds: round(seconds),
      documentsPerSecond: Math.round(documents / seconds),
      residentMbAtMost: exporter.residentMbAtMost,
      read: events + (await exporter.value('clawtrust_undecoded_total')),
      failures: await exporter.value('clawtrust_auth_failures_total'),
    }
    await exporter.stop()
    return measured
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The state of an exporter that began then, saw an index without documents since, and was ended. */
async function beginAt(folder: string, time: number): Promise<void> {
  const { database } = await openStateFolder(folder)
  const value = { began: time, swept: time, at: time, since: time }
  await database.commit({
    series: [],
    minutes: [],
    documents: [],
    blobs: [],
    cursors: [{ source: SOURCE, key: 'position', value }],
  })
  await database.close()
}
