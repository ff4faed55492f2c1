import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { writeLog } from './log-generator.ts'
import { type CountedRun, type Counts, runExporter, runMtail } from './sides.ts'

/**
 * `node bench/file-source/main.ts [--mib 1024] [--rounds 5] [--out bench/results/file-source.json]`: lines per second of
 * the exporter and of mtail, whole processes one after the other on one generated file, which is deleted afterwards.
 * The exporter is the one that `npm run build` makes; `--exporter` names another.
 */

const { values } = parseArgs({
  options: {
    mib: { type: 'string', default: '1024' },
    rounds: { type: 'string', default: '5' },
    exporter: { type: 'string', default: new URL('../../dist/cli/main.js', import.meta.url).pathname },
    out: { type: 'string', default: new URL('../results/file-source.json', import.meta.url).pathname },
  },
})

type Round = Readonly<Record<'exporter' | 'mtail', CountedRun>>

function sorted(counts: Counts): Counts {
  return Object.fromEntries(Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function refuseDifference(ours: Counts, theirs: Counts): void {
  if (isDeepStrictEqual(sorted(ours), sorted(theirs))) return
  throw new Error(
    `The counts differ: exporter ${JSON.stringify(sorted(ours))}, mtail ${JSON.stringify(sorted(theirs))}`,
  )
}

function spread(numbers: readonly number[]): { min: number; median: number; max: number } {
  const inOrder = numbers.toSorted((a, b) => a - b)
  const at = (share: number): number => Number((inOrder[Math.floor((inOrder.length - 1) * share)] ?? 0).toPrecision(4))
  return { min: at(0), median: at(0.5), max: at(1) }
}

const folder = await mkdtemp(join(tmpdir(), 'clawtrust-bench-'))
try {
  const file = join(folder, 'openclaw-2026-11-22.log')
  const log = await writeLog(file, Number(values.mib) * 2 ** 20)
  // This round checks the counts and warms the page cache; it is not timed.
  const { counts } = await runExporter(values.exporter, file, log.lines)
  refuseDifference(counts, (await runMtail(file)).counts)
  const runs = { exporter: () => runExporter(values.exporter, file), mtail: () => runMtail(file) }
  const rounds: Round[] = []
  for (let round = 0; round < Number(values.rounds); round++) {
    const turns = round % 2 === 0 ? (['exporter', 'mtail'] as const) : (['mtail', 'exporter'] as const)
    const done: Partial<Record<'exporter' | 'mtail', CountedRun>> = {}
    for (const name of turns) done[name] = await runs[name]()
    rounds.push(done as Round)
  }
  const side = (name: 'exporter' | 'mtail') => ({
    'lines/s': spread(rounds.map(round => log.lines / round[name].seconds)),
    'MiB resident at end': Math.round(Math.max(...rounds.map(round => round[name].residentAtEnd)) / 2 ** 20),
    'MiB resident at most': Math.round(Math.max(...rounds.map(round => round[name].residentPeak)) / 2 ** 20),
  })
  const result = {
    case: `${log.lines} lines, ${values.mib} MiB, whole process, ${rounds.length} rounds`,
    log,
    node: process.version,
    mtail: execFileSync('mtail', ['--version']).toString().trim(),
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    counts: sorted(counts),
    sides: { exporter: side('exporter'), mtail: side('mtail') },
    ratio: spread(rounds.map(({ exporter, mtail }) => mtail.seconds / exporter.seconds)),
  }
  const rows = Object.entries(result.sides).map(([name, { 'lines/s': speed, ...memory }]) => [
    name,
    { ...speed, ...memory },
  ])
  console.log(result.case)
  console.table(Object.fromEntries(rows))
  console.log(`ratio: ${result.ratio.min} / ${result.ratio.median} / ${result.ratio.max}`)
  await writeFile(values.out, `${JSON.stringify(result, undefined, 2)}\n`)
} finally {
  await rm(folder, { recursive: true })
}
