import type { Metric, Series, SeriesStore } from '../../service/series/series.ts'
import type { Explanation, ScoreResult } from '../anomaly/series/score-result.ts'
import { type AnomalyView, anomalyViews } from '../anomaly/series/views.ts'
import type { MinuteKey } from '../pipeline/minute-consumer.ts'
import { STANDS_OUT } from './episodes.ts'

/** What is exposed of every series that has a score, with its meaning. */
const scored = {
  score:
    'How strange the newest closed minute is, 0 to 100; the same scale for every series. Absent in the first 720 minutes.',
  expected: 'Events that were expected in that minute.',
  lower: 'Lower end of the expected band (1% quantile).',
  upper: 'Upper end of the expected band (99% quantile).',
  observed: 'Events of that minute.',
  active: '1 while the series is active: strange enough for long enough, and nobody has said that it is fine.',
} as const

type ScoredName = keyof typeof scored
const scoredNames = Object.keys(scored) as ScoredName[]
const LABELS = ['gateway', 'trust_zone', 'signal'] as const

interface Handles {
  readonly samplesSeen: Series
  scored: Readonly<Record<ScoredName, Series>> | undefined
  readonly contributions: Map<AnomalyView, Series>
}

/**
 * The clawtrust_anomaly_* gauges of the full tier. They are not durable: a minute is scored again after a crash from
 * the same counts to the same score, so what was exposed before its commit does not have to be taken back.
 */
export class ScoreMetrics {
  readonly #metrics: Readonly<Record<ScoredName, Metric>>
  readonly #samplesSeen: Metric
  readonly #contribution: Metric
  readonly #handles = new Map<MinuteKey, Handles>()

  constructor(store: SeriesStore, limit: number) {
    const gauge = (name: string, help: string, labels: readonly string[] = LABELS, most = limit) =>
      store.define({ name: `clawtrust_anomaly_${name}`, help, type: 'gauge', labels, durable: false, limit: most })
    this.#metrics = Object.fromEntries(scoredNames.map(name => [name, gauge(name, scored[name])])) as Record<
      ScoredName,
      Metric
    >
    this.#samplesSeen = gauge('samples_seen', 'Minutes that the series has learnt; a score needs 720.')
    this.#contribution = gauge(
      'contribution',
      'Part that each view has in the surprise behind the score; only while the score is at least 30 or the series active.',
      [...LABELS, 'view'],
      limit * anomalyViews.length,
    )
  }

  expose(key: MinuteKey, result: ScoreResult, active: boolean, explain: () => Explanation | undefined): void {
    const handles = this.#of(key)
    handles.samplesSeen.value = result.samplesSeen
    const { score } = result
    if (score === undefined) return
    handles.scored ??= this.#scored(key)
    const { score: scoreSeries, expected, lower, upper, observed, active: activeSeries } = handles.scored
    scoreSeries.value = score
    expected.value = result.expected
    lower.value = result.lower
    upper.value = result.upper
    observed.value = result.observed
    activeSeries.value = active ? 1 : 0
    this.#contribute(key, handles.contributions, score >= STANDS_OUT || active ? explain() : undefined)
  }

  /** The series begins anew: until it has a score again it has none. */
  withdraw(key: MinuteKey): void {
    const handles = this.#handles.get(key)
    if (handles?.scored === undefined) return
    for (const name of scoredNames) this.#metrics[name].remove(...labelsOf(key))
    handles.scored = undefined
    this.#contribute(key, handles.contributions, undefined)
  }

  #contribute(key: MinuteKey, held: Map<AnomalyView, Series>, explanation: Explanation | undefined): void {
    if (explanation === undefined && held.size === 0) return
    for (const view of anomalyViews) {
      if (explanation === undefined) {
        this.#contribution.remove(...labelsOf(key), view)
        held.delete(view)
        continue
      }
      const series = held.get(view) ?? this.#contribution.series(...labelsOf(key), view)
      held.set(view, series)
      series.value = explanation.contributions[view]
    }
  }

  #of(key: MinuteKey): Handles {
    let handles = this.#handles.get(key)
    if (handles === undefined) {
      handles = {
        samplesSeen: this.#samplesSeen.series(...labelsOf(key)),
        scored: undefined,
        contributions: new Map(),
      }
      this.#handles.set(key, handles)
    }
    return handles
  }

  #scored(key: MinuteKey): Record<ScoredName, Series> {
    const labels = labelsOf(key)
    return Object.fromEntries(scoredNames.map(name => [name, this.#metrics[name].series(...labels)])) as Record<
      ScoredName,
      Series
    >
  }
}

const labelsOf = ({ gateway, trustZone, signal }: MinuteKey) => [gateway, trustZone, signal]
