import { expect, it } from '@jest/globals'
import type { SeedResult } from '../../../bench/anomaly/comparison/rows.ts'
import { outcomeAt } from '../../../bench/anomaly/seccount/evaluate.ts'
import { causeTable, meanTable, partsTable, regimeTable, seedTable } from '../../../bench/anomaly/seccount-tables.ts'
import { alertsAt, corpusOf, seriesOf } from './seccount/corpus-fixture.ts'

const attacks = [
  { type: 'burst', first: 4000, last: 4009 },
  { type: 'drip', first: 6000, last: 6499 },
]
const outcome = (...minutes: number[]) => outcomeAt(corpusOf(seriesOf(attacks)), [alertsAt(...minutes)], 1)
const both = outcome(4002, 6003, 9000)
const one = outcome(4004)

const result = (seed: number, first = both): SeedResult => ({
  data: 'v1',
  seed,
  series: 1,
  attacks: 2,
  rows: [
    { name: 'all', atOne: first, atFifth: one },
    { name: 'without bursts', atOne: one, atFifth: undefined },
  ],
})

it('has a line for each detector of a seed', () => {
  expect(seedTable(result(1)).split('\n')).toEqual([
    '| detector       | recall ≤ 1 | FP   | recall ≤ .2 | burst | drip | threshold | delay, min | of bursts |',
    '| -------------- | ---------- | ---- | ----------- | ----- | ---- | --------- | ---------- | --------- |',
    '| all            | 1.000      | 1.00 | 0.500       | 1.00  | 1.00 | 1.00      | 3          | 2         |',
    '| without bursts | 0.500      | 0.00 | –           | 1.00  | 0.00 | 1.00      | 4          | 4         |',
  ])
})

it('averages the seeds, with the least of them', () => {
  const [, , all, without] = meanTable([result(1), result(2, one)]).split('\n')
  expect(all).toMatch(
    /^\| all +\| 0\.750 +\| 0\.500 +\| 0\.500 +\| 0\.500 +\| 0\.50 \| 1\.00 +\| 0\.50 \| 3\.0 +\| 1\.00 +\|$/,
  )
  expect(without).toMatch(/^\| without bursts +\| 0\.500 +\| 0\.500 +\| – +\| – +\| 0\.00 .*\| 1\.50 +\|$/)
})

it('shows what a part taken out costs, recall by rate and false alerts by cause', () => {
  expect(partsTable([result(1)], 2)).toContain('| without bursts | 0.500      | −0.500')
  expect(partsTable([result(1)], 1)).not.toContain('without bursts')
  expect(regimeTable([result(1)])).toContain('| all            | 1.00 |')
  expect(causeTable([result(1)])).toContain('| all            | 1.000 | 0.000   |')
})
