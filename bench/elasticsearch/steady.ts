/**
 * `steady.ts [--rate 1000] [--gateways 334] [--seconds 60] [--flags="…"]`, after `npm run build`: CPU and memory of the exporter that
 * follows live documents in a real Elasticsearch, restarted with the ids of a whole hour.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { freePort } from '../../test/stack/servers/process.ts'
import { build, demand, PROGRAM } from '../needs.ts'
import { openclawDocuments } from './documents.ts'
import { ExporterProcess } from './exporter-process.ts'
import { createIndex, next, write } from './load.ts'
import { rememberAnHour } from './remembered-hour.ts'
import { round, writeResults } from './report.ts'
import { openServer, type Server } from './server.ts'

const INDEX = 'clawtrust-steady'
const BULK_MS = 250
/** Until every gateway has written of every signal, and the first minutes have closed. */
const FIRST_LIFE_MS = 60_000
const WARM_UP_MS = 60_000

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '1000' },
    gateways: { type: 'string', default: '334' },
    seconds: { type: 'string', default: '60' },
    flags: { type: 'string', default: '' },
  },
})
const [rate, gateways, seconds] = [values.rate, values.gateways, values.seconds].map(Number) as [number, number, number]

const flags = values.flags.split(' ').filter(flag => flag !== '')
demand(build(PROGRAM))
const server = await openServer()
const folder = mkdtempSync(join(tmpdir(), 'clawtrust-steady-'))
const feeding = new AbortController()
try {
  await createIndex(server.client, INDEX, '1s')
  const fed = feed(server, feeding.signal)
  const port = await freePort()
  const source = { index: [INDEX], nodes: [server.url] }
  const young = await ExporterProcess.start(folder, port, source, { flags })
  await pause(FIRST_LIFE_MS)
  const youngMb = young.residentMb
  await young.stop()
  await rememberAnHour(join(folder, 'state'), 'logs', rate)
  const exporter = await ExporterProcess.start(folder, port, source, { flags })
  await pause(WARM_UP_MS)
  const measured = await watch(exporter)
  await exporter.stop()
  feeding.abort()
  await fed
  const result = { ...measured, residentMbBeforeRestart: youngMb }
  console.table(result)
  const machine = { cores: cpus().length, node: process.version, elasticsearch: server.version }
  writeResults('elasticsearch-steady', { rate, flags, machine, ...result })
  await server.client.indices.delete({ index: INDEX })
} finally {
  feeding.abort()
  rmSync(folder, { recursive: true, force: true })
  await server.stop()
}

/** Writes `rate` documents a second, each dated when it is written. */
async function feed({ client }: Server, signal: AbortSignal): Promise<void> {
  const source = openclawDocuments({
    timeOf: () => Date.now(),
    hostOf: number => `gateway-${(number * 7) % gateways}`,
  })
  const began = performance.now()
  for (let written = 0; !signal.aborted; ) {
    await pause(BULK_MS)
    const due = Math.floor(((performance.now() - began) / 1000) * rate) - written
    await write(client, INDEX, written, next(source, due))
    written += due
  }
}

async function watch(exporter: ExporterProcess) {
  const resident: number[] = []
  const records = async () =>
    (await exporter.value('clawtrust_events_total')) + (await exporter.value('clawtrust_undecoded_total'))
  const [cpu, read, began] = [exporter.cpuSeconds, await records(), performance.now()]
  while (performance.now() < began + seconds * 1000) {
    resident.push(exporter.residentMb)
    await pause(1_000)
  }
  const passed = (performance.now() - began) / 1000
  return {
    seconds: Math.round(passed),
    documentsPerSecond: Math.round(((await records()) - read) / passed),
    corePercent: round(((exporter.cpuSeconds - cpu) / passed) * 100),
    residentMbAtMost: Math.max(...resident),
    residentMbAtEnd: resident.at(-1),
    rememberedIds: await exporter.value('clawtrust_source_remembered_ids'),
  }
}
