/**
 * SecCount, synthetic security counts with injected attacks, with clawtrust's scorer and the rule-based peers:
 * node bench/anomaly/seccount.ts [--data v1|v2] [--seeds N,N,…] [--only own|parts|peers] [--threads N] [--out FOLDER]
 *   --data     v2 has holidays, releases, outages, drifting jobs, and gateways that are attacked together (default: v1)
 *   --seeds    12345, 777 and 20261 are the published ones (default: 12345)
 *   --only     the scorer alone; the scorer and its variants with a part taken out; the peers
 *   --threads  seeds that are measured at the same time (default: 2)
 *   --out      one JSON result for each seed (default: bench/results)
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type SelectionName, selections } from './comparison/contenders.ts'
import { type CorpusName, corpora } from './comparison/rows.ts'
import { measureSeeds } from './comparison/seeds.ts'
import { writeResult } from './report.ts'
import { causeTable, meanTable, partsTable, regimeTable, seedTable } from './seccount-tables.ts'

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: 'v1' },
    seeds: { type: 'string', default: '12345' },
    only: { type: 'string', default: 'all' },
    threads: { type: 'string', default: '2' },
    out: { type: 'string', default: join(import.meta.dirname, '../results') },
  },
})
const data = oneOf('data', options.data, corpora) as CorpusName
const selection = oneOf('only', options.only, selections) as SelectionName
const seeds = options.seeds.split(',').map(text => whole('seeds', text, 0))
const results = await measureSeeds(
  seeds.map(seed => ({ data, seed, selection })),
  whole('threads', options.threads, 1),
)

mkdirSync(options.out, { recursive: true })
for (const result of results) {
  console.log(`\nseed ${result.seed}: ${result.series} series, ${result.attacks} attacks\n${seedTable(result)}`)
  const name = data === 'v1' ? `seccount-${result.seed}` : `seccount-${data}-${result.seed}`
  writeResult(join(options.out, `${name}.json`), result)
}
if (results.length > 1) console.log(`\nmean of ${results.length} seeds\n${meanTable(results)}`)
console.log(`\nrecall by rate\n${regimeTable(results)}`)
if (data !== 'v1') console.log(`\nfalse alerts per series and week by cause\n${causeTable(results)}`)
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
