/**
 * Real counts with labelled incidents, with clawtrust's scorers and the rule-based peers:
 * node bench/anomaly/real-counts.ts [--data DIR] [--out FILE]
 *   --data  a corpus as NAB publishes it (data/, labels/combined_windows.json), the whole or any subset; those of its
 *           files that count something are taken
 *   --out   JSON result (default: bench/results/real-counts.json)
 */
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { createGaugeScorer } from '../../exporter/detection/model/series/gauge-scorer.ts'
import { createSeriesScorer } from '../../exporter/detection/model/series/series-scorer.ts'
import { demand, nab } from '../needs.ts'
import { type LabelledFile, readCorpus } from './nab/corpus.ts'
import { countFamilies, filesOf, spacingOf } from './nab/counts.ts'
import { bestIncidents, type IncidentOutcome } from './nab/incidents.ts'
import { SpreadCounts } from './nab/spread-counts.ts'
import { AdaptiveBand } from './peers/adaptive-band.ts'
import { BandDistance } from './peers/band.ts'
import type { Detector } from './peers/detector.ts'
import { Dspot } from './peers/dspot.ts'
import { RobustBand } from './peers/robust-band.ts'
import { SeasonalQuantile } from './peers/seasonal-quantile.ts'
import { WindowedGaussian } from './peers/windowed-gaussian.ts'
import { ZScore } from './peers/z-score.ts'
import { renderTable, writeResult } from './report.ts'

/** A detector whose widths are times: it is made for the spacing of a file, in seconds. */
interface SpacedContender {
  readonly name: string
  create(spacing: number): Detector
}

const contenders: readonly SpacedContender[] = [
  {
    name: 'clawtrust, minute scorer',
    create: spacing => {
      const scorer = createSeriesScorer({ series: 'real' })
      return new SpreadCounts({ step: (time, count) => scorer.step(time, count).raw }, spacing)
    },
  },
  {
    name: 'clawtrust, gauge scorer',
    create: () => {
      const scorer = createGaugeScorer({ series: 'real' })
      return { step: (time, value) => scorer.step(time, value).raw }
    },
  },
  { name: 'windowed Gaussian', create: () => new WindowedGaussian() },
  { name: 'DSPOT', create: () => new Dspot(10) },
  { name: 'z-score 24 h', create: spacing => new ZScore(spacing) },
  { name: 'seasonal quantile 1 d / 1 h', create: () => new SeasonalQuantile(24, 1e-9) },
  { name: 'PromQL adaptive band', create: spacing => new BandDistance(new AdaptiveBand(spacing, false)) },
  { name: 'PromQL robust band', create: spacing => new BandDistance(new RobustBand(spacing, false)) },
]

function run(contender: SpacedContender, file: LabelledFile): Float64Array {
  const detector = contender.create(spacingOf(file))
  return Float64Array.from(file.values, (value, row) => detector.step(file.times[row] as number, value))
}

interface Row {
  readonly name: string
  readonly atOne: IncidentOutcome
  readonly atFifth: IncidentOutcome
}

function cells({ windows, found, falseAlerts, precision, falseAlertsPerSeriesWeek: rate }: IncidentOutcome): string[] {
  return [`${found}/${windows}`, `${falseAlerts}`, rate.toFixed(2), precision?.toFixed(2) ?? '–']
}

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: join(import.meta.dirname, '../../../shared/data/nab') },
    out: { type: 'string', default: join(import.meta.dirname, '../results/real-counts.json') },
  },
})
demand(nab(options.data))
const corpus = readCorpus(options.data)
const results = countFamilies.map(family => {
  const files = filesOf(family, corpus)
  const rows: Row[] = contenders.map(contender => {
    const outputs = files.map(file => run(contender, file))
    return {
      name: contender.name,
      atOne: bestIncidents(files, outputs, 1),
      atFifth: bestIncidents(files, outputs, 0.2),
    }
  })
  return { family: family.name, files: files.map(({ name }) => name).join(', '), rows }
})
const head = ['detector', 'found ≤ 1', 'false', 'a week', 'precision', 'found ≤ .2', 'false', 'a week', 'precision']
for (const { family, files, rows } of results) {
  console.log(`\n${family}: ${files === '' ? 'no file in this folder' : files}`)
  if (files === '') continue
  console.log(
    renderTable(
      head,
      rows.map(({ name, atOne, atFifth }) => [name, ...cells(atOne), ...cells(atFifth)]),
    ),
  )
}
mkdirSync(dirname(options.out), { recursive: true })
writeResult(options.out, results)
