import type { Row, SeedResult } from './comparison/rows.ts'
import { renderTable } from './report.ts'
import type { Outcome } from './seccount/evaluate.ts'

/** Figures of a row that can be averaged over seeds; undefined where there is none. */
type Figures = Readonly<Record<string, number | undefined>>

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length

function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter(value => value !== undefined)
  return known.length === 0 ? undefined : mean(known)
}

const digits = (places: number) => (value: number | undefined) => value?.toFixed(places) ?? '–'

/** One line for each detector: recall at both rates, by type at the first, threshold and delays. */
export function seedTable({ rows }: SeedResult): string {
  const types = Object.keys(rows[0]?.atOne.recallByType ?? {})
  const head = ['detector', 'recall ≤ 1', 'FP', 'recall ≤ .2', ...types, 'threshold', 'delay, min', 'of bursts']
  return renderTable(
    head,
    rows.map(({ name, atOne, atFifth }) => [
      name,
      digits(3)(atOne.recall),
      digits(2)(atOne.falseAlertsPerSeriesWeek),
      digits(3)(atFifth?.recall),
      ...types.map(type => digits(2)(atOne.recallByType[type])),
      Number.isFinite(atOne.threshold) ? atOne.threshold.toPrecision(3) : '–',
      `${atOne.medianDelay}`,
      digits(0)(atOne.burstDelay),
    ]),
  )
}

/** The mean over all seeds, with the least recall of any, and how many times the first detector finds as much. */
export function meanTable(results: readonly SeedResult[]): string {
  const types = Object.keys(results[0]?.rows[0]?.atOne.recallByType ?? {})
  const first = meanRecall(results, 0)
  const head = [
    'detector',
    'recall ≤ 1',
    'least',
    'recall ≤ .2',
    'least',
    'FP',
    ...types,
    'bursts after, min',
    'first ÷ this',
  ]
  return renderTable(
    head,
    namesOf(results).map((name, index) => {
      const rows = rowsAt(results, index)
      const recalls = rows.map(({ atOne }) => atOne.recall)
      const fifths = rows.flatMap(({ atFifth }) => (atFifth === undefined ? [] : [atFifth.recall]))
      return [
        name,
        digits(3)(mean(recalls)),
        digits(3)(Math.min(...recalls)),
        digits(3)(meanOf(fifths)),
        fifths.length === 0 ? '–' : digits(3)(Math.min(...fifths)),
        digits(2)(mean(rows.map(({ atOne }) => atOne.falseAlertsPerSeriesWeek))),
        ...types.map(type => digits(2)(meanOf(rows.map(({ atOne }) => atOne.recallByType[type])))),
        digits(1)(meanOf(rows.map(({ atOne }) => atOne.burstDelay))),
        digits(2)(first / mean(recalls)),
      ]
    }),
  )
}

/** Recall by rate of the series, and of attacks on several gateways at once, at the first rate; mean over all seeds. */
export function regimeTable(results: readonly SeedResult[]): string {
  const regimes = Object.keys(results[0]?.rows[0]?.atOne.recallByRegime ?? {})
  return figuresTable(results, ({ recallByRegime, campaignRecall }) => {
    const byRegime = Object.fromEntries(regimes.map(regime => [regime, recallByRegime[regime]]))
    return campaignRecall === undefined ? byRegime : { ...byRegime, 'on one gateway at least': campaignRecall }
  })
}

/** False alerts per series and week by what was unusual and benign, at the first rate; mean over all seeds. */
export function causeTable(results: readonly SeedResult[]): string {
  return figuresTable(results, ({ falseAlertsByCause }) => falseAlertsByCause, 3)
}

function figuresTable(results: readonly SeedResult[], figuresOf: (atOne: Outcome) => Figures, places = 2): string {
  const figures = namesOf(results).map((_, index) => rowsAt(results, index).map(({ atOne }) => figuresOf(atOne)))
  const columns = Object.keys(figures[0]?.[0] ?? {})
  return renderTable(
    ['detector', ...columns],
    namesOf(results).map((name, index) => [
      name,
      ...columns.map(column => digits(places)(meanOf(figures[index]?.map(figure => figure[column]) ?? []))),
    ]),
  )
}

/**
 * What the scorer loses with each part taken out: differences of the mean recall from the first row.
 * @param rows how many rows are the scorer's
 */
export function partsTable(results: readonly SeedResult[], rows: number): string {
  const fifth = (index: number) => meanOf(rowsAt(results, index).map(({ atFifth }) => atFifth?.recall)) ?? 0
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`
  return renderTable(
    ['detector', 'recall ≤ 1', 'difference', 'recall ≤ .2', 'difference'],
    namesOf(results)
      .slice(0, rows)
      .map((name, index) => [
        name,
        meanRecall(results, index).toFixed(3),
        index === 0 ? '' : signed(meanRecall(results, index) - meanRecall(results, 0)),
        fifth(index).toFixed(3),
        index === 0 ? '' : signed(fifth(index) - fifth(0)),
      ]),
  )
}

function namesOf(results: readonly SeedResult[]): string[] {
  return results[0]?.rows.map(({ name }) => name) ?? []
}

function rowsAt(results: readonly SeedResult[], index: number): Row[] {
  return results.map(({ rows }) => rows[index] as Row)
}

function meanRecall(results: readonly SeedResult[], index: number): number {
  return mean(rowsAt(results, index).map(({ atOne }) => atOne.recall))
}
