/**
 * What a score costs: node --expose-gc bench/anomaly/cost.ts [--series N] [--out FILE]
 * Time of an update and memory of a series in the full tier, CPU of a minute of N series (default 10,000; each has lived
 * through a day first), size of a snapshot; time and memory of an entity in the lite tier.
 */
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createLiteScorer } from '../../exporter/detection/model/series/lite-scorer.ts'
import { createSeriesScorer } from '../../exporter/detection/model/series/series-scorer.ts'
import { renderTable, writeResult } from './report.ts'
import { drawBenchmark } from './seccount/benchmark.ts'
import { MINUTES, START } from './seccount/series.ts'

const ENTITIES = 100_000
const MEASURED_MINUTES = 10

interface Measure {
  readonly what: string
  readonly value: number
  readonly unit: string
  readonly bar?: number
}

interface Memory {
  /** Bytes of the arrays, and of these and all objects. */
  readonly arrays: number
  readonly all: number
}

/** Memory in use after everything unreachable is gone; arrays are given back a little after their collection. */
async function memoryInUse(): Promise<Memory> {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc: memory is measured after a collection')
  for (let pass = 0; pass < 3; pass++) {
    globalThis.gc()
    await setTimeout(50)
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return { arrays: arrayBuffers, all: heapUsed + arrayBuffers }
}

/** CPU microseconds that the work takes. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

const series = drawBenchmark(12345)

function measureUpdate(): Measure[] {
  let snapshot = 0
  const micros = cpuOf(() => {
    for (const { counts } of series) {
      const scorer = createSeriesScorer({ series: 'cost' })
      counts.forEach((count, minute) => void scorer.step(START + 60 * minute, count))
      snapshot = Math.max(snapshot, scorer.snapshot().length)
    }
  })
  return [
    { what: 'full tier: update of a series', value: micros / (series.length * MINUTES), unit: 'µs', bar: 10 },
    { what: 'full tier: largest snapshot', value: snapshot / 1000, unit: 'KB' },
  ]
}

async function measureMany(count: number): Promise<Measure[]> {
  const before = await memoryInUse()
  const scorers = Array.from({ length: count }, () => createSeriesScorer({ series: 'cost' }))
  const lived = 1440
  const countOf = (index: number, minute: number) => series[index % series.length]?.counts[minute] as number
  scorers.forEach((scorer, index) => {
    for (let minute = 0; minute < lived; minute++) scorer.step(START + 60 * minute, countOf(index, minute))
  })
  const bytes = ((await memoryInUse()).all - before.all) / count
  const micros = cpuOf(() => {
    for (let minute = lived; minute < lived + MEASURED_MINUTES; minute++) {
      scorers.forEach((scorer, index) => void scorer.step(START + 60 * minute, countOf(index, minute)))
    }
  })
  return [
    { what: 'full tier: memory of a series', value: bytes / 1000, unit: 'KB', bar: 25 },
    {
      what: `full tier: CPU of a minute of ${count} series`,
      value: micros / MEASURED_MINUTES / 1e6,
      unit: 's',
      bar: 0.5,
    },
  ]
}

async function measureLite(): Promise<Measure[]> {
  const keys = Array.from({ length: ENTITIES }, (_, i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`)
  const everyone = new Map(keys.map(key => [key, 1]))
  const before = await memoryInUse()
  const scorer = createLiteScorer({ series: 'cost', capacity: ENTITIES })
  const nobody = new Map<string, number>()
  const block = (first: number) => {
    for (let minute = 0; minute < 20; minute++) scorer.step(first + 60 * minute, minute === 0 ? everyone : nobody, 5000)
  }
  block(START)
  block(START + 1200)
  const after = await memoryInUse()
  const blocks = 5
  const micros = cpuOf(() => {
    for (let i = 2; i < 2 + blocks; i++) block(START + 1200 * i)
  })
  return [
    {
      what: 'lite tier: memory of an entity, without index',
      value: (after.arrays - before.arrays) / ENTITIES,
      unit: 'bytes',
      bar: 64,
    },
    { what: 'lite tier: the same with index', value: (after.all - before.all) / ENTITIES, unit: 'bytes' },
    { what: 'lite tier: a block of an entity', value: micros / (blocks * ENTITIES), unit: 'µs' },
  ]
}

const { values: options } = parseArgs({
  options: {
    series: { type: 'string', default: '10000' },
    out: { type: 'string', default: join(import.meta.dirname, '../results/anomaly-cost.json') },
  },
})
const lite = await measureLite()
const measures = [...measureUpdate(), ...(await measureMany(Number(options.series))), ...lite]
const figure = ({ value, unit }: Measure) => `${value.toPrecision(3)} ${unit}`
const bar = ({ bar: limit, unit }: Measure) => (limit === undefined ? '' : `${limit} ${unit}`)
console.log(
  renderTable(
    ['what', 'measured', 'bar'],
    measures.map(measure => [measure.what, figure(measure), bar(measure)]),
  ),
)
mkdirSync(dirname(options.out), { recursive: true })
writeResult(options.out, measures)
