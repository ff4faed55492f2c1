import type { MetricDefinition, SeriesStore } from '../../service/series/series.ts'

/** One file, for metrics and page. */
export interface FileState {
  readonly kind: 'database' | 'threat_list'
  /** Key of the database in the configuration, or name of the list. */
  readonly source: string
  readonly trouble?: string
  readonly up: boolean
  readonly ageSeconds?: number
  readonly entries?: number
}

interface FileGauge {
  readonly help: string
  /** Undefined where the file has none. */
  value(state: FileState): number | undefined
}

const gauges: Readonly<Record<string, FileGauge>> = {
  clawtrust_enrichment_up: {
    help: '1 if the file of exporter.enrichment could be read the last time, 0 if not; kind is database or threat_list, source the key of the database or the name of the list.',
    value: ({ up }) => (up ? 1 : 0),
  },
  clawtrust_enrichment_age_seconds: {
    help: 'Time since the database was built, or the file of the threat list was written.',
    value: ({ ageSeconds }) => ageSeconds,
  },
  clawtrust_enrichment_entries: {
    help: 'Entries of the threat list.',
    value: ({ entries }) => entries,
  },
}

/** Defines the gauges of the files of `exporter.enrichment`. */
export function exposeFiles(store: SeriesStore, states: () => readonly FileState[]): void {
  for (const [name, { help, value }] of Object.entries(gauges)) {
    const definition: MetricDefinition = { name, help, type: 'gauge', labels: ['kind', 'source'], durable: false }
    const metric = store.define(definition)
    metric.compute(() =>
      states().flatMap(state => {
        const now = value(state)
        return now === undefined ? [] : [{ labelSet: metric.labelSet(state.kind, state.source), value: now }]
      }),
    )
  }
}
