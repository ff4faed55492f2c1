/**
 * SecCount, synthetic security counts with injected attacks, with clawtrust's scorer and the rule-based peers:
 * node bench/anomaly/seccount.ts [--seeds N,N,…] [--only own|parts|peers] [--threads N] [--out FOLDER]
 *   --seeds    12345, 777 and 20261 are the published ones (default: 12345)
 *   --only     the scorer alone; the scorer and its variants with a part taken out; the peers
 *   --threads  seeds that are measured at the same time (default: 2)
 *   --out      one JSON result for each seed (default: bench/results)
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type SelectionName, selections } from './comparison/contenders.ts'
import { measureSeeds } from './comparison/seeds.ts'
import { writeResult } from './report.ts'
import { meanTable, partsTable, regimeTable, seedTable } from './seccount-tables.ts'

const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '12345' },
    only: { type: 'string', default: 'all' },
    threads: { type: 'string', default: '2' },
    out: { type: 'string', default: join(import.meta.dirname, '../results') },
  },
})
const selection = oneOf('only', options.only, selections) as SelectionName
const seeds = options.seeds.split(',').map(text => whole('seeds', text, 0))
const results = await measureSeeds(
  seeds.map(seed => ({ data: 'v1', seed, selection })),
  whole('threads', options.threads, 1),
)

mkdirSync(options.out, { recursive: true })
for (const result of results) {
  console.log(`\nseed ${result.seed}: ${result.series} series, ${result.attacks} attacks\n${seedTable(result)}`)
  writeResult(join(options.out, `seccount-${result.seed}.json`), result)
}
if (results.length > 1) console.log(`\nmean of ${results.length} seeds\n${meanTable(results)}`)
console.log(`\nrecall by rate\n${regimeTable(results)}`)
if (selection === 'all' || selection === 'parts') {
  console.log(`\nwith parts taken out\n${partsTable(results, selections.parts.scored.length)}`)
}

function oneOf(option: string, name: string, table: object): string {
  if (Object.hasOwn(table, name)) return name
  throw new Error(`--${option} ${name}: one of ${Object.keys(table).join(', ')} is needed`)
}

function whole(option: string, text: string, least: number): number {
  const value = Number(text)
  if (/^\d{1,15}$/.test(text) && value >= least) return value
  throw new Error(`--${option} ${text}: a whole number of ${least} or more is needed`)
}
