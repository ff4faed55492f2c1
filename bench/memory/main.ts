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
 * memory after each million records of every dialect of lines, which its file source reads from one log for each program.
 * A million lasts `--hours` by its times. Of so many records, everyone in them comes for the first time and never again. With
 * `--gateway ''` the gateway is the one that the record names, and new actors make up gateways too.
 */
const { values } = parseArgs({
  options: {
    millions: { type: 'string', default: '10' },
    hours: { type: 'string', default: '6' },
    'new-actors': { type: 'string', default: '0.1' },
    gateway: { type: 'string', default: 'gw-1' },
    size: { type: 'string', default: '1000000' },
    out: { type: 'string', default: fileURLToPath(new URL('../results/memory.json', import.meta.url)) },
  },
})

const MILLION = Number(values.size)
const BLOCK = 20_000
/** Snapshots of commands are rare: one record in so many. */
const SNAPSHOT_IN = 2_000
const POLL_MS = 2_000
/** Millions that are written before they are read: at the end of its input a source follows the clock. */
const AHEAD = 2
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
const bytes: number[] = []
const start = Date.now() - millions * MILLION * stepMs

/** Writes one million to files of its own. @returns its MiB */
function writeMillion(number: number): number {
  let size = 0
  for (let written = 0; written < MILLION; written += BLOCK) {
    const texts = new Map<string, string>()
    for (let record = 0; record < BLOCK; record++) {
      const { dialect, line } = pick(random, random() * SNAPSHOT_IN < 1 ? snapshots : streams)
      const time = new Date(start + (number * MILLION + written + record) * stepMs)
      texts.set(dialect, `${texts.get(dialect) ?? ''}${line(time, random() < Number(values['new-actors']))}\n`)
    }
    for (const [dialect, text] of texts) {
      size += Buffer.byteLength(text)
      appendFileSync(join(logs, `${dialect}-${number}.log`), text)
    }
  }
  return Math.round(size / 2 ** 20)
}

/** CPU of a process, all its threads. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}

for (let number = 0; number < AHEAD && number < millions; number++) bytes.push(writeMillion(number))
const exporter = await WatchedExporter.start({
  root: fileURLToPath(new URL('../../', import.meta.url)),
  folder,
  source: {
    paths: [join(logs, '*.log')],
    start_at: 'beginning',
    ...(values.gateway === '' ? {} : { gateway: values.gateway }),
  },
  port: await freePort(),
  flags: ['--max-semi-space-size=8'],
})

/** Every record is an event, or undecoded by some reason. */
async function whenRead(records: number): Promise<string> {
  for (;;) {
    const text = await (await fetch(`${exporter.url}metrics`)).text()
    if (sumOf(text, 'clawtrust_events_total') + sumOf(text, 'clawtrust_undecoded_total') >= records) return text
    await pause(POLL_MS)
  }
}

const rows = []
try {
  let [cpu, begun] = [cpuSeconds(exporter.pid), performance.now()]
  for (let number = 0; number < millions; number++) {
    const text = await whenRead((number + 1) * MILLION)
    const watched = await exporter.watch(async () => undefined)
    const [cpuNow, now] = [cpuSeconds(exporter.pid), performance.now()]
    const row = {
      records: (number + 1) * MILLION,
      'MiB written': bytes[number],
      'events counted': sumOf(text, 'clawtrust_events_total'),
      'resident MiB': watched.residentMb,
      'after a collection': watched.residentAfterMb,
      'at most': exporter.peakMb,
      'heap MiB': watched.heapMb,
      'buffers MiB': watched.externalMb,
      'CPU s': Math.round((cpuNow - cpu) * 10) / 10,
      'wall s': Math.round((now - begun) / 100) / 10,
    }
    ;[cpu, begun] = [cpuNow, now]
    console.log(JSON.stringify(row))
    rows.push(row)
    for (const { dialect } of all) rmSync(join(logs, `${dialect}-${number}.log`), { force: true })
    if (number + AHEAD < millions) bytes.push(writeMillion(number + AHEAD))
  }
  report(values.out, rows)
} finally {
  await exporter.stop()
  rmSync(folder, { recursive: true })
}
process.exit()
