import { defaultConfig } from '../../cli/config-file.ts'
import { systemClock } from '../../core/clock.ts'
import { signals } from '../../core/signals.ts'
import { compileTrustZones } from '../../core/trust-zones.ts'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { createScoring } from '../../exporter/detection/create.ts'
import { exposeFiles } from '../../exporter/enrichment/file-metrics.ts'
import { CandidateDecisions } from '../../exporter/pipeline/candidate-decisions.ts'
import { createCommitter } from '../../exporter/pipeline/committer.ts'
import { createPipeline } from '../../exporter/pipeline/pipeline.ts'
import type { MetricDefinition, SeriesStore } from '../../service/series/series.ts'
import { createSeriesStore } from '../../service/series/store.ts'
import { openMemoryState } from '../../service/state/memory.ts'

/**
 * The metrics that the exporter's pipeline, files about addresses, committer and scorer define in addition to the signals: they are built with
 * a store that records the definitions.
 */
export function pipelineMetrics(): readonly MetricDefinition[] {
  const definitions: MetricDefinition[] = []
  const store = createSeriesStore()
  const noting: SeriesStore = Object.assign(Object.create(store), {
    define(definition: MetricDefinition) {
      definitions.push(definition)
      return store.define(definition)
    },
  })
  const config = defaultConfig('/').config.exporter
  const { authority, offenders, trusted_proxies } = config
  const pipeline = createPipeline({
    clock: systemClock,
    store: noting,
    dispatcher: createDispatcher([]),
    sources: [],
    zones: compileTrustZones([]),
    authority,
    offenders,
    trustedProxies: trusted_proxies,
  })
  exposeFiles(noting, () => [])
  new CandidateDecisions(noting, [])
  const logger = { info() {}, warn() {}, error() {} }
  createCommitter({
    pipeline,
    store: noting,
    database: openMemoryState(),
    clock: systemClock,
    logger,
    retention: config.minutes.retention,
    limit: config.state_limit,
  })
  createScoring({
    config: config.anomaly,
    retention: config.minutes.retention,
    store: noting,
    clock: systemClock,
    logger,
    seed: 0,
  })
  const bySignal = new Set<string>(Object.values(signals).map(({ metric }) => metric))
  return definitions.filter(({ name }) => !bySignal.has(name)).sort((a, b) => (a.name < b.name ? -1 : 1))
}
