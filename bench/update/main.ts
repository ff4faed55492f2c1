import { Counter, Registry } from 'prom-client'
import type { MetricDefinition } from '../../service/series/series.ts'
import { createSeriesStore } from '../../service/series/store.ts'
import { report } from '../metrics/report.ts'

/** `node bench/update/main.ts [result.json]` (default: bench/results/update.json): what one update of a counter costs, of 4,096 series with 3 labels in turn. */

const SERIES = 4_096
const UPDATES = 2_000_000
const ROUNDS = 7

const labels = ['gateway', 'mechanism', 'reason'] as const
const definition: MetricDefinition = { name: 'bench_total', help: 'Bench.', type: 'counter', labels, durable: true }
const tuples = Array.from({ length: SERIES }, (_, n) => [`gw-${n >> 6}`, `m-${n & 7}`, `r-${(n >> 3) & 7}`] as const)

const metric = createSeriesStore().define(definition)
const handles = tuples.map(tuple => metric.series(...tuple))
const counter = new Counter({ name: 'bench_total', help: 'Bench.', labelNames: labels, registers: [new Registry()] })
const named = tuples.map(([gateway, mechanism, reason]) => ({ gateway, mechanism, reason }))
const mask = SERIES - 1

const cases: Readonly<Record<string, (updates: number) => void>> = {
  'held handle': updates => {
    for (let n = 0; n < updates; n++) {
      const handle = handles[n & mask]
      if (handle !== undefined) handle.value += 1
    }
  },
  'found by its labels': updates => {
    for (let n = 0; n < updates; n++) metric.series(...(tuples[n & mask] ?? ['', '', ''])).value += 1
  },
  'prom-client inc(labels)': updates => {
    for (let n = 0; n < updates; n++) counter.inc(named[n & mask] ?? {}, 1)
  },
}

function nanoseconds(update: (updates: number) => void): number {
  const begin = process.hrtime.bigint()
  update(UPDATES)
  return Number(process.hrtime.bigint() - begin) / UPDATES
}

const rounds = Object.fromEntries(Object.keys(cases).map(name => [name, [] as number[]]))
// The first round warms up; the cases take turns, so that other load meets all of them.
for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, update] of Object.entries(cases)) {
    const taken = nanoseconds(update)
    if (round > 0) rounds[name]?.push(taken)
  }
}

const results = Object.entries(rounds).map(([name, taken]) => {
  const sorted = taken.toSorted((one, other) => one - other).map(ns => Math.round(ns * 10) / 10)
  return {
    case: `${name}, ${SERIES} series`,
    'min ns': sorted[0],
    'median ns': sorted[ROUNDS >> 1],
    'max ns': sorted.at(-1),
  }
})
report(process.argv[2] ?? 'bench/results/update.json', results)
