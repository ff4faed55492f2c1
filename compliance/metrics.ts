import { controlStatuses, evidenceStores } from '../core/labels/compliance.ts'
import type { Metric, MetricDefinition, SeriesStore } from '../service/series/series.ts'
import type { Report } from './model/report.ts'

/** What became of a run. */
export const reportResults = ['made', 'failed', 'elsewhere'] as const
export type ReportResult = (typeof reportResults)[number]

/** The metrics of the service of reports, by what the code calls them. */
const definitions = {
  controls: {
    name: 'clawtrust_compliance_controls',
    help: 'Controls of the newest report by framework and status: pass, fail, unknown, manual, exception.',
    type: 'gauge',
    labels: ['framework', 'status'],
    durable: false,
  },
  timestamp: {
    name: 'clawtrust_compliance_report_timestamp_seconds',
    help: 'When the newest report was made, seconds since 1970.',
    type: 'gauge',
    labels: [],
    durable: false,
  },
  periodEnd: {
    name: 'clawtrust_compliance_report_period_end_timestamp_seconds',
    help: 'End of the period of the newest report, seconds since 1970.',
    type: 'gauge',
    labels: [],
    durable: false,
  },
  coverage: {
    name: 'clawtrust_compliance_coverage_ratio',
    help: 'Share of the period of the newest report in which what is expected was observed; absent where that is not known.',
    type: 'gauge',
    labels: [],
    durable: false,
  },
  stores: {
    name: 'clawtrust_compliance_store_read',
    help: '1 where everything that the newest report asked of a store was read, otherwise 0; absent where the store is not configured or was not asked.',
    type: 'gauge',
    labels: ['store'],
    durable: false,
  },
  exceptions: {
    name: 'clawtrust_compliance_exception_expiry_timestamp_seconds',
    help: 'When an exception of the configuration ends, seconds since 1970.',
    type: 'gauge',
    labels: ['control'],
    durable: false,
  },
  due: {
    name: 'clawtrust_compliance_report_due_timestamp_seconds',
    help: 'Since when a report is due that is not made, seconds since 1970; 0 where none is.',
    type: 'gauge',
    labels: [],
    durable: false,
  },
  next: {
    name: 'clawtrust_compliance_next_report_timestamp_seconds',
    help: 'When the schedule runs next, seconds since 1970.',
    type: 'gauge',
    labels: [],
    durable: false,
  },
  reports: {
    name: 'clawtrust_compliance_reports_total',
    help: 'Runs of the schedule by result: a report was made, it failed, or another replica has the lease.',
    type: 'counter',
    labels: ['result'],
    durable: false,
  },
  duration: {
    name: 'clawtrust_compliance_report_duration_seconds',
    help: 'How long the newest report took to make.',
    type: 'gauge',
    labels: [],
    durable: false,
  },
  deliveries: {
    name: 'clawtrust_compliance_deliveries_total',
    help: 'Attempts to deliver a report by outcome: sent, retried, dead.',
    type: 'counter',
    labels: ['outcome'],
    durable: false,
  },
  queue: {
    name: 'clawtrust_compliance_pending_deliveries',
    help: 'Deliveries of reports that wait, or that are dead letters.',
    type: 'gauge',
    labels: ['state'],
    durable: false,
  },
} as const satisfies Record<string, MetricDefinition>

export const complianceMetricDefinitions: readonly MetricDefinition[] = Object.values(definitions)

/** What the service of reports exposes. All values of labels are closed: by the configuration or by the program. */
export class ComplianceMetrics {
  #shown = ''
  #frameworks: readonly string[] = []
  #excepted: readonly string[] = []
  /** Deliveries that wait for another attempt. */
  waiting = 0
  /** Deliveries that were given up. */
  dead = 0
  readonly #metrics: Readonly<Record<keyof typeof definitions, Metric>>

  constructor(store: SeriesStore) {
    const defined = Object.entries(definitions).map(([key, definition]) => [key, store.define(definition)])
    this.#metrics = Object.fromEntries(defined)
    for (const result of reportResults) this.#metrics.reports.series(result)
    for (const outcome of ['sent', 'retried', 'dead']) this.#metrics.deliveries.series(outcome)
  }

  /** Which report is shown, by the hash of its manifest; empty before the first. */
  get shown(): string {
    return this.#shown
  }

  /** @param manifest its hash */
  show(report: Report, manifest: string): void {
    this.#shown = manifest
    this.#forget()
    this.#frameworks = report.frameworks.map(({ id }) => id)
    this.#excepted = report.exceptions.map(({ control }) => control)
    for (const { id } of report.frameworks) {
      for (const status of controlStatuses) {
        const controls = report.controls.filter(control => control.framework === id && control.status === status)
        this.#metrics.controls.series(id, status).value = controls.length
      }
    }
    this.#metrics.timestamp.series().value = secondsOf(report.generatedAt)
    this.#metrics.periodEnd.series().value = secondsOf(report.period.end)
    if (report.coverage.share === null) this.#metrics.coverage.remove()
    else this.#metrics.coverage.series().value = report.coverage.share
    for (const store of evidenceStores) {
      const state = report.stores.find(each => each.store === store)?.state ?? 'absent'
      if (state === 'absent' || state === 'not_asked') this.#metrics.stores.remove(store)
      else this.#metrics.stores.series(store).value = state === 'read' ? 1 : 0
    }
    for (const { control, expires } of report.exceptions) {
      this.#metrics.exceptions.series(control).value = secondsOf(`${expires}T00:00:00Z`) + 86_400
    }
  }

  /** What the report before had, and the next one may not have. */
  #forget(): void {
    for (const id of this.#frameworks) for (const status of controlStatuses) this.#metrics.controls.remove(id, status)
    for (const control of this.#excepted) this.#metrics.exceptions.remove(control)
  }

  schedule(due: number | undefined, next: number | undefined): void {
    this.#metrics.due.series().value = (due ?? 0) / 1000
    if (next === undefined) this.#metrics.next.remove()
    else this.#metrics.next.series().value = next / 1000
  }

  ran(result: ReportResult, milliseconds: number): void {
    this.#metrics.reports.series(result).value += 1
    if (result === 'made') this.#metrics.duration.series().value = milliseconds / 1000
  }

  delivered(outcome: 'sent' | 'retried' | 'dead'): void {
    this.#metrics.deliveries.series(outcome).value += 1
  }

  queued(waiting: number, dead: number): void {
    this.waiting = waiting
    this.dead = dead
    this.#metrics.queue.series('waiting').value = waiting
    this.#metrics.queue.series('dead').value = dead
  }
}

const secondsOf = (time: string): number => Date.parse(time) / 1000
