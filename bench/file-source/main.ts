import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { HOUR_MS } from '../../core/clock.ts'
import { build, demand, PROGRAM, programs } from '../needs.ts'
import { startBusyLoops } from './busy-loops.ts'
import { type GeneratedLog, type LogKind, logKinds, writeAttackLog, writeMixedLog } from './log-generator.ts'
import { type CountedRun, type Counts, runExporter, runMtail } from './sides.ts'

/**
 * `node bench/file-source/main.ts [--log mixed|attack-closed|attack-unauthorized] [--mib 1024] [--lines 400000]
 * [--rounds 5] [--before PATH] [--busy N] [--out FILE]`: lines per second of the exporter and, on the mixed log, of mtail;
 * whole processes one after the other on one generated file, which is deleted afterwards. The exporter is the one that
 * `npm run build` makes; `--exporter` names another, `--before` an older one to run beside it. `--busy` keeps so many
 * processes busy meanwhile.
 */

const { values } = parseArgs({
  options: {
    log: { type: 'string', default: 'mixed' },
    mib: { type: 'string', default: '1024' },
    lines: { type: 'string', default: '400000' },
    rounds: { type: 'string', default: '5' },
    exporter: { type: 'string', default: PROGRAM },
    before: { type: 'string' },
    busy: { type: 'string', default: '0' },
    out: { type: 'string' },
  },
})

/** A mixed log of 1 GiB lasts two and a half hours. */
const begin = Date.now() - 3 * HOUR_MS

type Side = 'exporter' | 'before' | 'mtail'

const log = kindOf(values.log)
const busy = Number(values.busy)
const { exporter, before } = values
demand(
  ...(log === 'mixed' ? [programs.mtail] : []),
  ...[exporter, ...(before === undefined ? [] : [before])].map(build),
)

function kindOf(name: string): LogKind {
  const kind = logKinds.find(known => known === name)
  if (kind === undefined) throw new TypeError(`--log must be one of ${logKinds.join(', ')}`)
  return kind
}

function write(file: string): Promise<GeneratedLog> {
  return log === 'mixed'
    ? writeMixedLog(file, Number(values.mib) * 2 ** 20, { begin })
    : writeAttackLog(file, log, Number(values.lines), { begin })
}

/** @param lines until so many are exposed as counted, for a run whose counts are looked at */
function sidesOf(file: string): ReadonlyMap<Side, (lines?: number) => Promise<CountedRun>> {
  const sides = new Map<Side, (lines?: number) => Promise<CountedRun>>()
  sides.set('exporter', lines => runExporter(exporter, file, lines))
  if (before !== undefined) sides.set('before', lines => runExporter(before, file, lines))
  if (log === 'mixed') sides.set('mtail', () => runMtail(file))
  return sides
}

function sorted(counts: Counts): Counts {
  return Object.fromEntries(Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** The counts on which all sides agree; on a log of an attack they are one for each line. */
function agreed(all: ReadonlyMap<Side, Counts>, { lines }: GeneratedLog): Counts {
  const [counts = {}, ...others] = [...all.values()].map(sorted)
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  if (others.every(other => isDeepStrictEqual(counts, other)) && (log === 'mixed' || total === lines)) return counts
  throw new Error(`The counts are wrong, or differ, for ${lines} lines: ${JSON.stringify([...all])}`)
}

function spread(numbers: readonly number[]): { min: number; median: number; max: number } {
  const inOrder = numbers.toSorted((a, b) => a - b)
  const at = (share: number): number => Number((inOrder[Math.floor((inOrder.length - 1) * share)] ?? 0).toPrecision(4))
  return { min: at(0), median: at(0.5), max: at(1) }
}

const folder = await mkdtemp(join(tmpdir(), 'clawtrust-bench-'))
const loops = startBusyLoops(busy)
try {
  const file = join(folder, `openclaw-${new Date(begin).toISOString().slice(0, 10)}.log`)
  const written = await write(file)
  const sides = sidesOf(file)
  // This round checks the counts and warms the page cache; it is not timed.
  const counted = new Map<Side, Counts>()
  for (const [name, run] of sides) counted.set(name, (await run(written.lines)).counts)
  const counts = agreed(counted, written)
  const runs = new Map<Side, CountedRun[]>([...sides.keys()].map(name => [name, []]))
  for (let round = 0; round < Number(values.rounds); round++) {
    const turns = round % 2 === 0 ? [...sides] : [...sides].toReversed()
    for (const [name, run] of turns) {
      const timed = await run()
      // mtail also ends with 0 when it is stopped, and half a run looks fast.
      if (name === 'mtail' && !isDeepStrictEqual(sorted(timed.counts), counts)) throw new Error('mtail was ended early')
      runs.get(name)?.push(timed)
    }
  }
  const speed = (name: Side) => (runs.get(name) ?? []).map(({ seconds }) => written.lines / seconds)
  const most = (of: readonly number[]) => Math.round(Math.max(...of) / 2 ** 20)
  const rows = [...runs].map(([name, done]) => {
    const memory = {
      'MiB resident at end': most(done.map(run => run.residentAtEnd)),
      'MiB resident at most': most(done.map(run => run.residentPeak)),
      'CPU seconds': spread(done.map(run => run.cpuSeconds)).median,
    }
    return [name, { 'lines/s': spread(speed(name)), ...memory }] as const
  })
  const ratioTo = (name: Side) => {
    const theirs = speed(name)
    return [`to ${name}`, spread(speed('exporter').map((ours, round) => ours / (theirs[round] ?? 0)))]
  }
  const mebibytes = Math.round(written.bytes / 2 ** 20)
  const result = {
    case: `${log} log, ${written.lines} lines, ${mebibytes} MiB, whole process, ${values.rounds} rounds, ${busy} busy loops beside`,
    log: written,
    node: process.version,
    ...(sides.has('mtail') ? { mtail: execFileSync('mtail', ['--version']).toString().trim() } : {}),
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    counts,
    sides: Object.fromEntries(rows),
    ratio: Object.fromEntries([...sides.keys()].filter(name => name !== 'exporter').map(ratioTo)),
  }
  console.log(result.case)
  console.table(Object.fromEntries(rows.map(([name, { 'lines/s': lines, ...more }]) => [name, { ...lines, ...more }])))
  console.table(result.ratio)
  const name = `file-source${log === 'mixed' ? '' : `-${log}`}${busy === 0 ? '' : '-busy'}`
  const out = values.out ?? new URL(`../results/${name}.json`, import.meta.url).pathname
  await writeFile(out, `${JSON.stringify(result, undefined, 2)}\n`)
} finally {
  for (const loop of loops) loop.kill('SIGKILL')
  await rm(folder, { recursive: true })
}
