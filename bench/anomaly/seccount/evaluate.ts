import type { Corpus, LabelledSeries } from './corpus.ts'
import { positiveDescending, searchThreshold } from './threshold-search.ts'

/** Minutes after an attack that still belong to it, and that count for nothing. */
const AFTERMATH = 30
const NEUTRAL = 240
/** A false alert is a new one when more than this many minutes passed since the last alert. */
const SAME_ALERT = 60
const WEEK = 10_080

/** Found parts of the attacks by a property; undefined where no attack has it. */
export type Shares = Readonly<Record<string, number | undefined>>

export interface Outcome {
  readonly threshold: number
  readonly recall: number
  readonly falseAlertsPerSeriesWeek: number
  readonly recallByType: Shares
  readonly recallByRegime: Shares
  /** Attacks on several gateways that were found on one of them at least. */
  readonly campaignRecall: number | undefined
  /** False alerts per series and week, by the benign cause of their minute. */
  readonly falseAlertsByCause: Readonly<Record<string, number>>
  /** Median minutes from an attack's beginning to its first alert. */
  readonly medianDelay: number
  /** The same of the type `burst`; undefined where none is found. */
  readonly burstDelay: number | undefined
}

/** Output of a detector for each minute of each series. */
export type Outputs = readonly Float64Array[]

interface Finding {
  readonly type: string
  readonly regime: string
  readonly campaign: number | undefined
  /** Minutes until the first alert; undefined where the attack was missed. */
  readonly delay: number | undefined
}

/** What a threshold finds in the test period, and how often it errs. */
export function outcomeAt(corpus: Corpus, outputs: Outputs, threshold: number): Outcome {
  const falseAlerts = corpus.causes.map(() => 0)
  const findings = corpus.series.flatMap((series, index) =>
    findingsOf(corpus, series, outputs[index] as Float64Array, threshold, falseAlerts),
  )
  const weeks = seriesWeeks(corpus)
  const found = findings.filter(finding => finding.delay !== undefined)
  return {
    threshold,
    recall: found.length / findings.length,
    falseAlertsPerSeriesWeek: falseAlerts.reduce((a, b) => a + b, 0) / weeks,
    recallByType: shares(corpus.attackTypes, findings, 'type'),
    recallByRegime: shares([...new Set(corpus.series.map(({ regime }) => regime.name))], findings, 'regime'),
    campaignRecall: campaignRecall(findings),
    falseAlertsByCause: Object.fromEntries(
      corpus.causes.flatMap(({ name, neutral }, cause) => {
        return neutral ? [] : [[name, (falseAlerts[cause] as number) / weeks]]
      }),
    ),
    medianDelay: median(found) ?? 0,
    burstDelay: median(found.filter(({ type }) => type === 'burst')),
  }
}

/** @param falseAlerts by cause, to which those of this series are added */
function findingsOf(
  corpus: Corpus,
  series: LabelledSeries,
  values: Float64Array,
  threshold: number,
  falseAlerts: number[],
): Finding[] {
  const { attacks, causes, regime } = series
  const delays = new Map<number, number>()
  let last = Number.NEGATIVE_INFINITY
  for (let minute = corpus.testFrom; minute < corpus.minutes; minute++) {
    if ((values[minute] as number) < threshold) continue
    const attack = attacks.findIndex(({ first, last: end }) => first <= minute && minute <= end + NEUTRAL)
    const its = attacks[attack]
    const cause = causes?.[minute] ?? 0
    if (its === undefined) {
      const counts = corpus.causes[cause]?.neutral === false
      if (counts && minute - last > SAME_ALERT) falseAlerts[cause] = (falseAlerts[cause] as number) + 1
    } else if (minute <= its.last + AFTERMATH && !delays.has(attack)) delays.set(attack, minute - its.first)
    last = minute
  }
  return attacks.map(({ type, campaign }, attack) => {
    return { type, regime: regime.name, campaign, delay: delays.get(attack) }
  })
}

/** Weeks of the test period in which the gateways were there, summed over the series. */
export function seriesWeeks({ series, testFrom, minutes }: Corpus): number {
  return series.reduce((sum, { since = 0 }) => sum + minutes - Math.max(testFrom, since), 0) / WEEK
}

function shares(names: readonly string[], findings: readonly Finding[], key: 'type' | 'regime'): Shares {
  return Object.fromEntries(
    names.map(name => {
      const all = findings.filter(finding => finding[key] === name)
      const found = all.filter(({ delay }) => delay !== undefined)
      return [name, all.length === 0 ? undefined : found.length / all.length]
    }),
  )
}

function campaignRecall(findings: readonly Finding[]): number | undefined {
  const found = new Map<number, boolean>()
  for (const { campaign, delay } of findings) {
    if (campaign !== undefined) found.set(campaign, delay !== undefined || found.get(campaign) === true)
  }
  return found.size === 0 ? undefined : [...found.values()].filter(Boolean).length / found.size
}

function median(found: readonly Finding[]): number | undefined {
  const delays = found.map(({ delay }) => delay as number).sort((a, b) => a - b)
  return delays[Math.floor(delays.length / 2)]
}

/** Best recall at no more than this many false alerts per series and week. */
export function bestRecall(corpus: Corpus, outputs: Outputs, falseAlerts: number): Outcome {
  const thresholds = positiveDescending(outputs.map(output => output.subarray(corpus.testFrom)))
  return searchThreshold(thresholds, threshold => outcomeAt(corpus, outputs, threshold), falseAlerts)
}
