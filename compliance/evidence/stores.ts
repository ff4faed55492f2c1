import type { EpochMs } from '../../core/clock.ts'
import type { Json } from '../../service/state/state.ts'
import type { LedgerView } from '../../service/views/ledger-view.ts'
import type { StateView } from '../../service/views/state-view.ts'

/** Searches of Elasticsearch: aggregations and a few ids, never all documents. */
export interface DocumentStore {
  /** Address of the cluster, without credentials. */
  readonly address: string
  /** @throws Fault in own words where the cluster, or a part of its shards, cannot answer */
  search(index: string, body: Json, signal: AbortSignal): Promise<Json>
  /**
   * Those of the fields that no index of the pattern maps: a query of them finds nothing, whatever the documents hold.
   * Absent where a store has no mapping.
   *
   * @throws Fault in own words
   */
  unmapped?(index: string, fields: readonly string[], signal: AbortSignal): Promise<readonly string[]>
  /**
   * Why a search of the pattern leaves something out without a sign, clauses in own words: closed indices, and indices that
   * may not be read. Absent where a store leaves nothing out.
   *
   * @throws Fault in own words
   */
  unsearched?(index: string, signal: AbortSignal): Promise<readonly string[]>
}

/** Series as Prometheus answers them: numbers only, without those that are not finite. */
export interface MetricSeries {
  readonly labels: Readonly<Record<string, string>>
  /** Time and value of each sample, in order. */
  readonly samples: readonly (readonly [EpochMs, number])[]
}

/** The HTTP API of Prometheus, or of what speaks it (Thanos, Mimir, VictoriaMetrics). */
export interface MetricStore {
  readonly address: string
  /**
   * The value of an expression at a time. A range selector gives the samples of its range, with their own times.
   *
   * @throws Fault in own words, also where only a part could be read
   */
  instant(expression: string, at: EpochMs, signal: AbortSignal): Promise<readonly MetricSeries[]>
  /**
   * The values of an expression at start, start + step, and so on to the end, which is included.
   *
   * @param step milliseconds
   */
  range(
    expression: string,
    window: { readonly start: EpochMs; readonly end: EpochMs; readonly step: number },
    signal: AbortSignal,
  ): Promise<readonly MetricSeries[]>
  /**
   * Names of the alert rules that are evaluated now, without those whose evaluation fails. Absent where a store does not know its rules.
   *
   * @throws Fault in own words
   */
  alertRules?(signal: AbortSignal): Promise<readonly string[]>
}

/** What a deployment has; a store that is not configured is absent. */
export interface Stores {
  readonly elasticsearch?: DocumentStore
  readonly prometheus?: MetricStore
  readonly ledger?: LedgerView
  readonly state?: StateView
}
