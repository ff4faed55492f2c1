import { scoreSeverities } from '../../core/score-severity.ts'
import type { ComputedSample, Metric, Series, SeriesStore } from '../../service/series/series.ts'
import type { MinuteKey } from '../contracts/subscriber.ts'
import { type ExpectedPart, expectedParts, expectedPartsOf } from './model/series/expected-parts.ts'
import type { Explanation, ScoreResult } from './model/series/score-result.ts'
import { type AnomalyView, anomalyViews } from './model/series/views.ts'

/** The exposed values of a series: its newest minute that was scored live. */
interface Row {
  /** The same for all metrics of a series. */
  readonly labelSet: string
  result: ScoreResult
  active: boolean
  /** False until the series has a score, and while it is scored again. */
  isScored: boolean
}

interface Exposed {
  readonly help: string
  readonly value: (row: Row) => number | undefined
}

const ofScored =
  (value: (row: Row) => number | undefined): Exposed['value'] =>
  row =>
    row.isScored ? value(row) : undefined

/** What is exposed of every series, with its meaning. */
const exposed: Readonly<Record<string, Exposed>> = {
  score: {
    help: 'Anomaly score of the newest closed minute, 0 to 100; the same scale for every series. Absent in the first 720 minutes.',
    value: ofScored(({ result }) => result.score),
  },
  expected: {
    help: 'Expected events of that minute.',
    value: ofScored(({ result }) => result.expected),
  },
  lower: {
    help: 'Lower end of the expected band (1% quantile).',
    value: ofScored(({ result }) => result.lower),
  },
  upper: {
    help: 'Upper end of the expected band (99% quantile).',
    value: ofScored(({ result }) => result.upper),
  },
  observed: {
    help: 'Observed events of that minute.',
    value: ofScored(({ result }) => result.observed),
  },
  active: {
    help: '1 while the series is active: its scores meet the entry condition of the preset, and no feedback suppresses them.',
    value: ofScored(({ active }) => (active ? 1 : 0)),
  },
  samples_seen: {
    help: 'Minutes that the series has learnt; a score needs 720.',
    value: ({ result }) => result.samplesSeen,
  },
}

/** What is exposed of a series whose score is explained. */
interface ExplainedSeries {
  readonly contributions: ReadonlyMap<AnomalyView, Series>
  readonly parts: ReadonlyMap<ExpectedPart, Series>
}

const LABELS = ['gateway', 'trust_zone', 'signal'] as const

/**
 * The clawtrust_anomaly_* gauges of the full tier. They are not durable: a minute is scored again after a crash from
 * the same counts to the same score, so what was exposed before its commit does not have to be taken back. Their values
 * are those of the newest results, so that no other memory is needed for them.
 */
export class ScoreMetrics {
  readonly #rows = new Map<MinuteKey, Row>()
  readonly #labelled: Metric
  readonly #contribution: Metric
  readonly #part: Metric
  /** Of series with a score of at least low severity. */
  readonly #explained = new Map<MinuteKey, ExplainedSeries>()

  constructor(store: SeriesStore, limit: number) {
    const gauge = (name: string, help: string, labels: readonly string[], most: number) =>
      store.define({ name: `clawtrust_anomaly_${name}`, help, type: 'gauge', labels, durable: false, limit: most })
    const metrics = Object.entries(exposed).map(([name, { help, value }]) => {
      const metric = gauge(name, help, LABELS, limit)
      metric.compute(() => this.#samples(value))
      return metric
    })
    this.#labelled = metrics[0] as Metric
    this.#contribution = gauge(
      'contribution',
      `Contribution of each view to the surprise of the score; exposed only while the score is at least ${scoreSeverities.low} or the series is active.`,
      [...LABELS, 'view'],
      limit * anomalyViews.length,
    )
    this.#part = gauge(
      'expected_part',
      `Expected events of the minute by what brings them (people, a daily job, the minute of the hour); the sum is clawtrust_anomaly_expected. Exposed only while the score is at least ${scoreSeverities.low} or the series is active.`,
      [...LABELS, 'part'],
      limit * expectedParts.length,
    )
  }

  expose(key: MinuteKey, result: ScoreResult, active: boolean, explain: () => Explanation | undefined): void {
    const { score } = result
    const isScored = score !== undefined
    const row = this.#rows.get(key)
    if (row === undefined) {
      const labelSet = this.#labelled.labelSet(...labelsOf(key))
      this.#rows.set(key, { labelSet, result, active, isScored })
    } else Object.assign(row, { result, active, isScored })
    if (isScored) this.#explain(key, score >= scoreSeverities.low || active ? explain() : undefined)
  }

  /** The series begins again: until its next score it has none. */
  withdraw(key: MinuteKey): void {
    const row = this.#rows.get(key)
    if (row === undefined) return
    row.isScored = false
    this.#explain(key, undefined)
  }

  *#samples(read: Exposed['value']): Generator<ComputedSample> {
    for (const row of this.#rows.values()) {
      const value = read(row)
      if (value !== undefined) yield { labelSet: row.labelSet, value }
    }
  }

  #explain(key: MinuteKey, explanation: Explanation | undefined): void {
    const held = this.#explained.get(key)
    if (explanation === undefined) {
      if (held === undefined) return
      for (const view of anomalyViews) this.#contribution.remove(...labelsOf(key), view)
      for (const part of expectedParts) this.#part.remove(...labelsOf(key), part)
      this.#explained.delete(key)
      return
    }
    const { contributions, parts } = held ?? this.#begin(key)
    const expected = expectedPartsOf(explanation)
    for (const view of anomalyViews) (contributions.get(view) as Series).value = explanation.contributions[view]
    for (const part of expectedParts) (parts.get(part) as Series).value = expected[part]
  }

  #begin(key: MinuteKey): ExplainedSeries {
    const labels = labelsOf(key)
    const begun = {
      contributions: new Map(anomalyViews.map(view => [view, this.#contribution.series(...labels, view)])),
      parts: new Map(expectedParts.map(part => [part, this.#part.series(...labels, part)])),
    }
    this.#explained.set(key, begun)
    return begun
  }
}

const labelsOf = ({ gateway, trustZone, signal }: MinuteKey) => [gateway, trustZone, signal]
