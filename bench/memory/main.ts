import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { HOUR_MS } from '../../core/clock.ts'
import { pick, seededRandom } from '../../core/random.ts'
import { freePort } from '../../test/stack/servers/process.ts'
import { sumOf } from '../elasticsearch/exporter-process.ts'
import { WatchedExporter } from '../gateways/watched-exporter.ts'
import { report } from '../metrics/report.ts'
import { allDialectLines } from './lines.ts'

/**
 * `node bench/memory/main.ts [--millions 10] [--hours 6] [--new-actors 0.1] [--gateway gw-1] [--out FILE]`: what an exporter holds in
 * memory after each million records of every dialect of lines, which its file source reads from one log for each program, and
 * when each table whose evictions it counts was full. A million lasts `--hours` by its times. Of so many records, everyone in
 * them comes for the first time and never again. With `--gateway ''` the gateway is the one that the record names, and new
 * actors make up gateways too.
 */
const { values } = parseArgs({
  options: {
    millions: { type: 'string', default: '10' },
    hours: { type: 'string', default: '6' },
    'new-actors': { type: 'string', default: '0.1' },
    gateway: { type: 'string', default: 'gw-1' },
    flags: { type: 'string', default: '' },
    size: { type: 'string', default: '1000000' },
    out: { type: 'string', default: fileURLToPath(new URL('../results/memory.json', import.meta.url)) },
  },
})

const MILLION = Number(values.size)
/** Records that are written at once. */
const BLOCK = 20_000
/** Snapshots of commands are rare: one record in so many. */
const SNAPSHOT_IN = 2_000
const POLL_MS = 500
/**
 * Records that are written before they are read. The logs grow while they are read, as they do on a host, but never end: at
 * the end of its input a source follows the clock, which is days after the times of the records.
 */
const AHEAD = MILLION / 5
const TICKS = 100

const random = seededRandom(15)
const all = allDialectLines(random)
const isSnapshot = (dialect: string) =>
  /^(?:openclaw-(?:audit|doctor|policy|status|devices)|device-inventory|osquery)$/.test(dialect)
const snapshots = all.filter(({ dialect }) => isSnapshot(dialect))
const streams = all.filter(({ dialect }) => !isSnapshot(dialect))

const millions = Number(values.millions)
const stepMs = (Number(values.hours) * HOUR_MS) / MILLION
const folder = mkdtempSync(join(tmpdir(), 'clawtrust-memory-'))
const logs = join(folder, 'logs')
mkdirSync(logs)
const start = Date.now() - millions * MILLION * stepMs

/** Writes records to the logs of their million. @returns their bytes */
function writeBlock(first: number): number {
  const texts = new Map<string, string>()
  for (let record = first; record < first + BLOCK; record++) {
    const { dialect, line } = pick(random, random() * SNAPSHOT_IN < 1 ? snapshots : streams)
    const time = new Date(start + record * stepMs)
    texts.set(dialect, `${texts.get(dialect) ?? ''}${line(time, random() < Number(values['new-actors']))}\n`)
  }
  let size = 0
  for (const [dialect, text] of texts) {
    size += Buffer.byteLength(text)
    appendFileSync(logOf(dialect, Math.floor(first / MILLION)), text)
  }
  return size
}

const logOf = (dialect: string, million: number) => join(logs, `${dialect}-${million}.log`)

/** CPU of a process, all its threads. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}

let bytes = 0
for (let record = 0; record < AHEAD; record += BLOCK) bytes += writeBlock(record)
const exporter = await WatchedExporter.start({
  root: fileURLToPath(new URL('../../', import.meta.url)),
  folder,
  source: {
    paths: [join(logs, '*.log')],
    start_at: 'beginning',
    ...(values.gateway === '' ? {} : { gateway: values.gateway }),
  },
  port: await freePort(),
  flags: ['--max-semi-space-size=8', ...(values.flags === '' ? [] : values.flags.split(' '))],
})

/** Records at which a table was first seen to have evicted an entry, by its name. */
const fullAt = new Map<string, number>()
const EVICTED = /^clawtrust_memory_evicted_total\{memory="(\w+)"\} ([1-9]\d*)$/gm

/** A connection that stayed open may be closed just when it is used again. */
const TRIES = 5

async function exposition(tries = TRIES): Promise<string> {
  try {
    return await (await fetch(`${exporter.url}metrics`)).text()
  } catch (error) {
    if (tries === 1) throw error
    await pause(POLL_MS)
    return exposition(tries - 1)
  }
}

/** Every record is an event, or undecoded by some reason. */
async function look() {
  const text = await exposition()
  const events = sumOf(text, 'clawtrust_events_total')
  const records = events + sumOf(text, 'clawtrust_undecoded_total')
  for (const [, memory = ''] of text.matchAll(EVICTED)) if (!fullAt.has(memory)) fullAt.set(memory, records)
  return { records, events, late: sumOf(text, 'clawtrust_late_events_total') }
}

const rows: object[] = []
let [cpu, begun] = [cpuSeconds(exporter.pid), performance.now()]

async function measure({ records, events, late }: Awaited<ReturnType<typeof look>>): Promise<void> {
  const watched = await exporter.watch(async () => undefined)
  const [cpuNow, now] = [cpuSeconds(exporter.pid), performance.now()]
  const full = [...fullAt].filter(([, at]) => at > records - MILLION).map(([memory]) => memory)
  const row = {
    records: (rows.length + 1) * MILLION,
    'MiB written': Math.round(bytes / 2 ** 20),
    'events counted': events,
    late,
    'resident MiB': watched.residentMb,
    'after a collection': watched.residentAfterMb,
    'at most': exporter.peakMb,
    'heap MiB': watched.heapMb,
    'buffers MiB': watched.externalMb,
    'CPU s': Math.round((cpuNow - cpu) * 10) / 10,
    'wall s': Math.round((now - begun) / 100) / 10,
    'full now': full.join(' '),
  }
  ;[cpu, begun] = [cpuNow, now]
  console.log(JSON.stringify(row))
  rows.push(row)
  // Those of the million before have been read, those of this one perhaps not to their end.
  for (const { dialect } of all) rmSync(logOf(dialect, rows.length - 2), { force: true })
}

try {
  for (let written = AHEAD; rows.length < millions; ) {
    const seen = await look()
    if (seen.records >= (rows.length + 1) * MILLION) await measure(seen)
    else if (written - seen.records > AHEAD) await pause(POLL_MS)
    for (; written - seen.records <= AHEAD; written += BLOCK) bytes += writeBlock(written)
  }
  report(values.out, rows)
} finally {
  await exporter.stop()
  rmSync(folder, { recursive: true })
}
process.exit()
