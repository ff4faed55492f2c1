/**
 * SecCount, synthetic security counts with injected attacks, with clawtrust's scorer and the rule-based peers:
 * node bench/anomaly/seccount.ts [--seed N] [--out FILE] [--only-own]
 * Seeds 12345 and 777 are the published ones; 20261 was never used to tune anything. Default: 12345.
 * --only-own leaves the lesser combinations and the peers out.
 */
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { createSeriesScorer } from '../../exporter/detection/model/series/series-scorer.ts'
import { AdaptiveBand } from './peers/adaptive-band.ts'
import { BandAlert } from './peers/band.ts'
import type { Contender } from './peers/detector.ts'
import { Dspot } from './peers/dspot.ts'
import { RobustBand } from './peers/robust-band.ts'
import { SeasonalQuantile } from './peers/seasonal-quantile.ts'
import { WindowedGaussian } from './peers/windowed-gaussian.ts'
import { ZScore } from './peers/z-score.ts'
import { renderTable, writeResult } from './report.ts'
import { attackTypes } from './seccount/attacks.ts'
import { type BenchmarkSeries, drawBenchmark } from './seccount/benchmark.ts'
import { bestRecall, type Outcome, type Outputs, outcomeAt } from './seccount/evaluate.ts'
import { ownCombinations } from './seccount/own-views.ts'
import { START } from './seccount/series.ts'

const SPACING = 60

const clawtrust: Contender = {
  name: 'clawtrust',
  create: () => {
    const scorer = createSeriesScorer({ series: 'seccount' })
    return { step: (time, count) => scorer.step(time, count).raw }
  },
}

const peers: readonly Contender[] = [
  { name: 'windowed Gaussian', create: () => new WindowedGaussian() },
  { name: 'DSPOT', create: () => new Dspot(10) },
  { name: 'z-score 24 h', create: () => new ZScore(SPACING) },
  { name: 'seasonal quantile 7 d / 1 h', create: () => new SeasonalQuantile(168, 1) },
]

/** Peers that come with their own alert rule: no threshold is chosen for them. */
const rules: readonly Contender[] = [
  { name: 'PromQL robust band, its own rule', create: () => new BandAlert(new RobustBand(SPACING, true), 5) },
  { name: 'PromQL adaptive band, its own rule', create: () => new BandAlert(new AdaptiveBand(SPACING, true), 5) },
]

interface Row {
  readonly name: string
  /** At most 1 false alert per series and week, or what the rule itself yields. */
  readonly atOne: Outcome
  readonly atFifth: Outcome | undefined
}

function run({ create }: Contender, series: readonly BenchmarkSeries[]): Outputs {
  return series.map(({ counts }) => {
    const detector = create()
    return Float64Array.from(counts, (count, minute) => detector.step(START + SPACING * minute, count))
  })
}

function tableRow({ name, atOne, atFifth }: Row): string[] {
  const figure = (value: number) => value.toFixed(3)
  return [
    name,
    figure(atOne.recall),
    atOne.falseAlertsPerSeriesWeek.toFixed(2),
    atFifth === undefined ? '–' : figure(atFifth.recall),
    ...attackTypes.map(type => atOne.recallByType[type].toFixed(2)),
    Number.isFinite(atOne.threshold) ? atOne.threshold.toPrecision(3) : '–',
    `${atOne.medianDelay}`,
  ]
}

const { values: options } = parseArgs({
  options: { seed: { type: 'string', default: '12345' }, out: { type: 'string' }, 'only-own': { type: 'boolean' } },
})
const seed = Number(options.seed)
if (!Number.isSafeInteger(seed) || seed < 0)
  throw new Error(`--seed ${options.seed}: a whole number of 0 or more is needed`)
const series = drawBenchmark(seed)
const all = options['only-own'] !== true
const contenders = all ? [clawtrust, ...ownCombinations, ...peers] : [clawtrust]
const rows: Row[] = [
  ...contenders.map(contender => {
    const outputs = run(contender, series)
    return {
      name: contender.name,
      atOne: bestRecall(series, outputs, 1),
      atFifth: bestRecall(series, outputs, 0.2),
    }
  }),
  ...(all ? rules : []).map(rule => ({
    name: rule.name,
    atOne: outcomeAt(series, run(rule, series), 1),
    atFifth: undefined,
  })),
]
console.log(`seed ${seed}: ${series.length} series, ${series.flatMap(one => one.attacks).length} attacks`)
const head = ['detector', 'recall ≤ 1', 'FP', 'recall ≤ .2', ...attackTypes, 'threshold', 'delay, min']
console.log(renderTable(head, rows.map(tableRow)))
const out = options.out ?? join(import.meta.dirname, `../results/seccount-${seed}.json`)
mkdirSync(dirname(out), { recursive: true })
writeResult(out, { seed, rows })
