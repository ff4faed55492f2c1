/**
 * NAB with clawtrust's scorer and the rule-based peers: node bench/anomaly/nab.ts [--data DIR] [--out FILE] [--results DIR]
 *   --data     a corpus as NAB publishes it (data/, labels/combined_windows.json), the whole or any subset
 *   --out      JSON result (default: bench/results/nab.json)
 *   --results  also writes clawtrust's score of every row, in NAB's own layout
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { createGaugeScorer } from '../../exporter/detection/model/series/gauge-scorer.ts'
import { RunningMaximum } from '../../exporter/detection/model/shape/running-maximum.ts'
import { Layout } from '../../exporter/detection/model/state/layout.ts'
import { ScorerState } from '../../exporter/detection/model/state/scorer-state.ts'
import { demand, nab } from '../needs.ts'
import { type LabelledFile, readCorpus } from './nab/corpus.ts'
import { evaluate, type NabResult } from './nab/evaluate.ts'
import { AdaptiveBand } from './peers/adaptive-band.ts'
import { BandDistance } from './peers/band.ts'
import type { Contender } from './peers/detector.ts'
import { Dspot } from './peers/dspot.ts'
import { RobustBand } from './peers/robust-band.ts'
import { SeasonalQuantile } from './peers/seasonal-quantile.ts'
import { WindowedGaussian } from './peers/windowed-gaussian.ts'
import { ZScore } from './peers/z-score.ts'
import { renderTable, writeResult } from './report.ts'

const SPACING = 300

const clawtrust: Contender = {
  name: 'clawtrust',
  create: () => {
    const scorer = createGaugeScorer({ series: 'nab' })
    return { step: (time, value) => scorer.step(time, value).fire }
  },
}

/** The files last two weeks: the season of the seasonal quantile is a day here. */
const peers: readonly Contender[] = [
  { name: 'DSPOT', create: () => new Dspot(10) },
  { name: 'windowed Gaussian', create: () => new WindowedGaussian() },
  { name: 'z-score 24 h', create: () => new ZScore(SPACING) },
  { name: 'seasonal quantile 1 d / 1 h', create: () => new SeasonalQuantile(24, 1e-9) },
  { name: 'PromQL adaptive band', create: () => new BandDistance(new AdaptiveBand(SPACING, false)) },
  { name: 'PromQL robust band', create: () => new BandDistance(new RobustBand(SPACING, false)) },
]

const layout = new Layout()
layout.endRoom()
const maximum = new RunningMaximum()

/** A peer that speaks only at a maximum of the last 16 hours, as clawtrust does: NAB punishes every repetition. */
function withHoldOff(peer: Contender): Contender {
  return {
    name: `${peer.name}, with hold-off`,
    create: () => {
      const detector = peer.create()
      const state = new ScorerState(layout)
      return { step: (time, value) => maximum.step(state, time, detector.step(time, value)) }
    },
  }
}

function run(contender: Contender, file: LabelledFile): Float64Array {
  const detector = contender.create()
  return Float64Array.from(file.values, (value, row) => detector.step(file.times[row] as number, value))
}

function tableRow(name: string, result: NabResult): string[] {
  const { scores, threshold, windows, windowsHit, falseRows } = result
  const figures = [scores.standard, scores.lowFalsePositives, scores.lowFalseNegatives].map(score => score.toFixed(2))
  return [
    name,
    ...figures,
    `${windowsHit}/${windows}`,
    `${falseRows}`,
    threshold.toPrecision(5),
    result.leaveOneFileOut.toFixed(2),
  ]
}

function writeRows(folder: string, file: LabelledFile, scores: ArrayLike<number>): void {
  const path = join(folder, file.name)
  mkdirSync(dirname(path), { recursive: true })
  const rows = file.timestamps.map((stamp, row) => `${stamp},${scores[row]}`)
  writeFileSync(path, ['timestamp,anomaly_score', ...rows, ''].join('\n'))
}

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: join(import.meta.dirname, '../../../shared/data/nab') },
    out: { type: 'string', default: join(import.meta.dirname, '../results/nab.json') },
    results: { type: 'string' },
  },
})
demand(nab(options.data))
const corpus = readCorpus(options.data)
const results = [clawtrust, ...peers, ...peers.map(withHoldOff)].map(contender => ({
  name: contender.name,
  ...evaluate(corpus, file => {
    const scores = run(contender, file)
    if (options.results !== undefined && contender === clawtrust) writeRows(options.results, file, scores)
    return scores
  }),
}))
console.log(`${corpus.length} files, ${corpus.reduce((sum, file) => sum + file.times.length, 0)} rows`)
const head = ['detector', 'standard', 'low FP', 'low FN', 'windows', 'FP rows', 'threshold', 'leave one file out']
console.log(
  renderTable(
    head,
    results.map(result => tableRow(result.name, result)),
  ),
)
mkdirSync(dirname(options.out), { recursive: true })
writeResult(options.out, results)
