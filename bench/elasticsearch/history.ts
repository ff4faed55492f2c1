/**
 * `history.ts [--documents 1000000] [--days 14] [--program OTHER/dist/cli/main.js]`, after `npm run build`: how long an exporter at its first
 * start reads what an index holds, and how long a scrape takes meanwhile.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { DAY_MS } from '../../core/clock.ts'
import { freePort } from '../../test/stack/servers/process.ts'
import { build, demand, PROGRAM } from '../needs.ts'
import { ExporterProcess, sideOf, sumOf } from './exporter-process.ts'
import { loadIndex } from './load.ts'
import { round, writeResults } from './report.ts'
import { openServer } from './server.ts'

const INDEX = 'clawtrust-history'
const SCRAPE_MS = 100

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '1000000' },
    days: { type: 'string', default: '14' },
    program: { type: 'string', multiple: true, default: [PROGRAM] },
  },
})
const documents = Number(values.documents)
demand(...values.program.map(build))
const server = await openServer()
try {
  const step = (Number(values.days) * DAY_MS) / documents
  const first = Date.now() - documents * step
  await loadIndex(server.client, INDEX, { documents, timeOf: number => Math.floor(first + number * step), shards: 2 })
  const results: Measured[] = []
  for (const program of values.program) results.push(await read(program))
  console.table(results)
  const machine = { cores: cpus().length, node: process.version, elasticsearch: server.version }
  writeResults('elasticsearch-history', { documents, days: Number(values.days), machine, results })
  await server.client.indices.delete({ index: INDEX })
} finally {
  await server.stop()
}

interface Measured {
  readonly side: string
  readonly seconds: number
  readonly documentsPerSecond: number
  readonly residentMbAtMost: number
  readonly scrapes: number
  readonly scrapeMsMedian: number
  readonly scrapeMsP99: number
}

async function read(program: string): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'clawtrust-history-'))
  try {
    const source = { index: [INDEX], nodes: [server.url] }
    const started = performance.now()
    const exporter = await ExporterProcess.start(folder, await freePort(), source, { program, until: '/-/healthy' })
    const took: number[] = []
    for (let progress = 0; progress < 1; ) {
      const asked = performance.now()
      const exposition = await (await fetch(`${exporter.url}/metrics`)).text()
      took.push(performance.now() - asked)
      progress = sumOf(exposition, 'clawtrust_source_history_progress_ratio')
      await pause(SCRAPE_MS)
    }
    const seconds = (performance.now() - started) / 1000
    const residentMbAtMost = exporter.residentMbAtMost
    await exporter.stop()
    took.sort((a, b) => a - b)
    const at = (share: number) => round(took[Math.min(took.length - 1, Math.floor(share * took.length))] as number)
    return {
      side: sideOf(program),
      seconds: round(seconds),
      documentsPerSecond: Math.round(documents / seconds),
      residentMbAtMost,
      scrapes: took.length,
      scrapeMsMedian: at(0.5),
      scrapeMsP99: at(0.99),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
