import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { type LabelledFile, readCorpus } from '../../../../../bench/anomaly/nab/corpus.ts'
import { evaluate, type NabResult } from '../../../../../bench/anomaly/nab/evaluate.ts'
import { createGaugeScorer } from '../../../../../exporter/detection/model/series/gauge-scorer.ts'
import { describeWithCapture } from '../../../../requirements.ts'

const REFEREE = join(import.meta.dirname, '../../../../../../shared/tools/nab_score.py')

function fires(file: LabelledFile, rows = file.values.length): number[] {
  const scorer = createGaugeScorer({ series: file.name })
  return file.values.slice(0, rows).map((value, row) => scorer.step(file.times[row] as number, value).fire)
}

/** The corpus lies beside the checkout of whoever develops the scorer; it is no part of the package. */
describeWithCapture('data/nab', 'the scorer on the NAB subset', corpusFolder => {
  let corpus: LabelledFile[]
  let scores: Map<string, number[]>
  let result: NabResult
  const folder = mkdtempSync(join(tmpdir(), 'clawtrust-nab-'))

  beforeAll(() => {
    corpus = readCorpus(corpusFolder)
    scores = new Map(corpus.map(file => [file.name, fires(file)]))
    result = evaluate(corpus, file => scores.get(file.name) as number[])
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('holds its bars with the shipped constants', () => {
    expect(corpus).toHaveLength(35)
    expect(result.windows).toBe(50)
    expect(result.scores.standard).toBeGreaterThanOrEqual(80)
    expect(result.scores.lowFalsePositives).toBeGreaterThanOrEqual(75.5)
    expect(result.scores.lowFalseNegatives).toBeGreaterThanOrEqual(83)
    expect(result.leaveOneFileOut).toBeGreaterThanOrEqual(79)
  })

  it('gives the same outputs for a prefix of a file as for the whole, on every file', () => {
    for (const file of corpus) {
      const whole = scores.get(file.name) as number[]
      const cut = Math.floor(0.6 * whole.length)
      expect(fires(file, cut)).toEqual(whole.slice(0, cut))
    }
  })

  it('is scored as the independent scorer scores it', () => {
    for (const file of corpus) {
      const path = join(folder, file.name)
      mkdirSync(dirname(path), { recursive: true })
      const rows = file.timestamps.map((stamp, row) => `${stamp},${scores.get(file.name)?.[row]}`)
      writeFileSync(path, ['timestamp,anomaly_score', ...rows, ''].join('\n'))
    }
    const report = JSON.parse(`${execFileSync('python3', [REFEREE, corpusFolder, '--dir', folder, '--loo', '--json'])}`)
    expect(result.scores.standard).toBeCloseTo(report.standard.score, 9)
    expect(result.scores.lowFalsePositives).toBeCloseTo(report.reward_low_FP_rate.score, 9)
    expect(result.scores.lowFalseNegatives).toBeCloseTo(report.reward_low_FN_rate.score, 9)
    expect(result.leaveOneFileOut).toBeCloseTo(report.standard.leave_one_out, 9)
    expect(result.windowsHit).toBe(report.standard.windows_hit)
    expect(result.falseRows).toBe(report.standard.fp_rows)
  })
})
