/** node bench/file-source/run.ts [--mib 1024] [--rounds 5] [--out FILE]: our file source against mtail on one file. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { writeLog } from './log-generator.ts'
import { type Counts, mtailCounts, ourCounts, type Run, runOnce } from './sides.ts'

const { values } = parseArgs({
  options: {
    mib: { type: 'string', default: '1024' },
    rounds: { type: 'string', default: '5' },
    out: { type: 'string', default: new URL('./result.json', import.meta.url).pathname },
  },
})
const here = (name: string): string => new URL(`./${name}`, import.meta.url).pathname
const folder = await mkdtemp(join(tmpdir(), 'clawtrust-bench-'))
const file = join(folder, 'openclaw-2026-11-22.log')

const ours = (): Promise<Run> => runOnce(process.execPath, [here('ours.ts'), file])
const mtail = (): Promise<Run> =>
  runOnce('mtail', ['--one_shot', '--one_shot_format', 'prometheus', '--progs', here('failures.mtail'), '--logs', file])

function sorted(counts: Counts): Counts {
  return Object.fromEntries(Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function spread(numbers: readonly number[]): { min: number; median: number; max: number } {
  const inOrder = numbers.toSorted((a, b) => a - b)
  const at = (share: number): number => inOrder[Math.floor((inOrder.length - 1) * share)] ?? Number.NaN
  return { min: at(0), median: at(0.5), max: at(1) }
}

try {
  const log = await writeLog(file, Number(values.mib) * 2 ** 20)
  console.log(
    `${log.lines} lines, ${(log.bytes / 2 ** 20).toFixed(0)} MiB, ${(log.bytes / log.lines).toFixed(0)} bytes a line`,
  )
  const counts = { ours: sorted(ourCounts(await ours())), mtail: sorted(mtailCounts(await mtail())) }
  if (!isDeepStrictEqual(counts.ours, counts.mtail)) {
    throw new Error(`The counts differ: ours ${JSON.stringify(counts.ours)}, mtail ${JSON.stringify(counts.mtail)}`)
  }
  console.log(`both count ${JSON.stringify(counts.ours)}; that round is not timed`)
  const rounds: { ours: Run; mtail: Run }[] = []
  for (let round = 0; round < Number(values.rounds); round++) {
    if (round % 2 === 0) rounds.push({ ours: await ours(), mtail: await mtail() })
    else {
      const first = await mtail()
      rounds.push({ ours: await ours(), mtail: first })
    }
  }
  const side = (name: 'ours' | 'mtail') => ({
    linesPerSecond: spread(rounds.map(round => log.lines / round[name].seconds)),
    residentAtEnd: Math.max(...rounds.map(round => round[name].residentAtEnd)),
    residentPeak: Math.max(...rounds.map(round => round[name].residentPeak)),
  })
  const result = {
    case: `file source, ${values.mib} MiB, 5 % handshakes, 5 % other templates, whole process`,
    log,
    rounds: rounds.length,
    cpu: `${cpus().length} x ${cpus()[0]?.model}`,
    versions: { node: process.version, mtail: execFileSync('mtail', ['--version']).toString().trim() },
    counts: counts.ours,
    ours: side('ours'),
    mtail: side('mtail'),
    ratio: spread(rounds.map(round => round.mtail.seconds / round.ours.seconds)),
  }
  console.table(
    Object.fromEntries(
      (['ours', 'mtail'] as const).map(name => [
        name,
        {
          'lines/s min': Math.round(result[name].linesPerSecond.min),
          median: Math.round(result[name].linesPerSecond.median),
          max: Math.round(result[name].linesPerSecond.max),
          'RSS at end, MiB': Math.round(result[name].residentAtEnd / 2 ** 20),
          'RSS peak, MiB': Math.round(result[name].residentPeak / 2 ** 20),
        },
      ]),
    ),
  )
  console.log(
    `ratio ${result.ratio.min.toFixed(1)} / ${result.ratio.median.toFixed(1)} / ${result.ratio.max.toFixed(1)}`,
  )
  await writeFile(values.out, `${JSON.stringify(result, undefined, 2)}\n`)
} finally {
  await rm(folder, { recursive: true })
}
