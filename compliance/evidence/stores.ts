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
}

export interface MetricSeries {
  readonly labels: Readonly<Record<string, string>>
  /** Time and value of each sample, in order. */
  readonly samples: readonly (readonly [EpochMs, number])[]
}

/** The HTTP API of Prometheus, or of what speaks it (Thanos, Mimir, VictoriaMetrics). */
export interface MetricStore {
  readonly address: string
  /** @throws Fault in own words */
  instant(expression: string, at: EpochMs, signal: AbortSignal): Promise<readonly MetricSeries[]>
  /** @param step milliseconds */
  range(
    expression: string,
    window: { readonly start: EpochMs; readonly end: EpochMs; readonly step: number },
    signal: AbortSignal,
  ): Promise<readonly MetricSeries[]>
}

/** What a deployment has; a store that is not configured is absent. */
export interface Stores {
  readonly elasticsearch?: DocumentStore
  readonly prometheus?: MetricStore
  readonly ledger?: LedgerView
  readonly state?: StateView
}
