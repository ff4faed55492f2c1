import type { Clock } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import { LabelTree } from '../../service/series/label-tree.ts'
import type { Metric, Series, SeriesStore } from '../../service/series/series.ts'
import type { Source, SourceDetails, SourceHealth } from '../contracts/source.ts'
import { type PairException, pairExceptions } from './pairing.ts'
import { inputKinds } from './recognition.ts'
import { RepeatedForms } from './repeated-forms.ts'
import type { SourceProgress, SourceTallies } from './view.ts'

type ObservedProgress = Pick<SourceProgress, 'watermark' | 'lastEvent' | 'isRecognised' | 'unrecognised'>

/** What the exporter exposes about its own sources. Counters move with the commit that covers what they count. */
export class SourceMetrics {
  readonly #clock: Clock
  readonly #events: Handles
  readonly #repeated: Handles
  readonly #forms = new RepeatedForms()
  readonly #undecoded: Handles
  readonly #late: Handles
  readonly #lateOfOldLogs: Handles
  readonly #ahead: Handles
  readonly #shared: Handles
  readonly #derivationLate: Handles
  readonly #backfill: Handles
  readonly #duplicates: Handles
  readonly #beyondOverlap: Handles
  readonly #lost: Handles
  readonly #reread: Handles
  readonly #pairExceptions: Handles
  readonly #info: Metric
  readonly #up: Metric
  readonly #recognised: Metric
  readonly #unrecognisedInputs: Metric
  readonly #lag: Metric
  readonly #lastEvent: Metric
  readonly #cursor: Metric
  readonly #skew: Metric
  readonly #undated: Metric
  readonly #rememberedIds: Metric
  readonly #passedOverFiles: Metric
  readonly #heldBackBytes: Metric
  readonly #backfillProgress: Metric

  constructor(store: SeriesStore, clock: Clock) {
    this.#clock = clock
    const counter = (name: string, help: string, ...labels: string[]) =>
      new Handles(store.define({ name, help, type: 'counter', labels, durable: true }))
    const gauge = (name: string, help: string) =>
      store.define({ name, help, type: 'gauge', labels: ['source'], durable: false })
    this.#events = counter('clawtrust_events_total', 'Decoded records.', 'source', 'decoder')
    this.#repeated = counter(
      'clawtrust_repeated_form_events_total',
      "Events that another form of the same program's log has reported with the same gateway, time, address and identity, such as two formats of one proxy: they count twice.",
      'source',
      'decoder',
    )
    this.#undecoded = counter(
      'clawtrust_undecoded_total',
      'Records that moved no signal because they were not decoded, or because their stream is not authoritative.',
      'source',
      'reason',
    )
    this.#late = counter('clawtrust_late_events_total', 'Events that arrived after their minute had closed.', 'source')
    this.#lateOfOldLogs = counter(
      'clawtrust_late_history_events_total',
      'Late events of before the first event of their series was read, as of an old log that is shipped; included in clawtrust_late_events_total.',
      'source',
    )
    this.#ahead = counter(
      'clawtrust_ahead_events_total',
      'Events dated more than a day ahead of the clock: included in counters, not in minutes, and nothing is derived from them.',
      'source',
    )
    this.#shared = counter(
      'clawtrust_shared_minute_events_total',
      'Events of gateways above exporter.minutes.series_limit: counted in a minute series that these gateways share, without a score.',
      'source',
    )
    this.#derivationLate = counter(
      'clawtrust_derivation_late_events_total',
      'Events for sprays or first-seen entities that arrived after their minute was derived: their actors are known from then on, nothing is derived from them.',
      'source',
    )
    this.#backfill = counter(
      'clawtrust_backfill_events_total',
      'Events older than the first start of clawtrust that were stored after it: learnt, and not included in other counters.',
      'source',
    )
    this.#duplicates = counter(
      'clawtrust_duplicate_events_total',
      'Records that were read again and not counted again.',
      'source',
    )
    this.#beyondOverlap = counter(
      'clawtrust_beyond_overlap_total',
      'Records that appeared too late to be distinguished from counted records: detected, not counted.',
      'source',
    )
    this.#lost = counter(
      'clawtrust_telemetry_lost_total',
      'Records that their origin reports as dropped (unit records), and bytes that were lost before they were read (unit bytes).',
      'source',
      'unit',
    )
    this.#reread = counter(
      'clawtrust_source_reread_bytes_total',
      'Bytes of edited files that were counted and are read again: their lines count twice, as far as they were not edited.',
      'source',
    )
    this.#pairExceptions = counter(
      'clawtrust_pair_exceptions_total',
      'Connections whose two records arrived too far apart: leading_after_partner is counted once, with the reason and the repeats of the record that arrived first; beyond_horizon is counted, and twice if the other record was counted before.',
      'source',
      'exception',
    )
    this.#info = store.define({
      name: 'clawtrust_source_info',
      help: 'Always 1; the labels describe the source. The events of a synthetic source never happened.',
      type: 'gauge',
      labels: ['source', 'kind', 'synthetic'],
      durable: false,
    })
    this.#up = gauge('clawtrust_source_up', '1 while the source can be read, else 0.')
    this.#recognised = gauge(
      'clawtrust_source_recognised',
      '0 while no record that was read since the start is in a known format, 1 from the first one that is.',
    )
    this.#unrecognisedInputs = store.define({
      name: 'clawtrust_source_unrecognised_inputs',
      help: 'Files, indices and gateways of the source of which no record that was read since the start is in a known format; at most 1,000 of each kind are remembered.',
      type: 'gauge',
      labels: ['source', 'kind'],
      durable: false,
    })
    this.#lag = gauge('clawtrust_source_lag_seconds', 'Age of the watermark of the source.')
    this.#lastEvent = gauge(
      'clawtrust_source_last_event_timestamp_seconds',
      'Time of the newest decoded record, seconds since 1970. A record from the future counts as one of the time at which it was read.',
    )
    this.#cursor = store.define({
      name: 'clawtrust_source_cursor_info',
      help: 'Always 1; the label is the field by which documents are read in the order of their ingestion.',
      type: 'gauge',
      labels: ['source', 'cursor_field'],
      durable: false,
    })
    this.#skew = gauge(
      'clawtrust_source_clock_skew_seconds',
      "How far the clocks that stamp the records are ahead of this machine's: time of the newest record minus time at which it was first read; of several files, the greatest. Where this machine's was set back, at least how far the watermark is ahead of it.",
    )
    this.#undated = gauge(
      'clawtrust_source_undated_documents',
      'Documents in the indices of the source that are never read, because they lack the field by which documents are read.',
    )
    this.#rememberedIds = gauge(
      'clawtrust_source_remembered_ids',
      'Ids that are remembered to distinguish late records from counted ones.',
    )
    this.#passedOverFiles = gauge(
      'clawtrust_source_passed_over_files',
      'Compressed files that are not read: of unknown content, damaged, too large, or not compressed by gzip.',
    )
    this.#heldBackBytes = gauge(
      'clawtrust_source_held_back_bytes',
      'Bytes of files that are not read, because they may have been read in a file that is gone.',
    )
    this.#backfillProgress = gauge(
      'clawtrust_source_history_progress_ratio',
      'Share of the backfill that was read, 0 to 1.',
    )
  }

  /** @param events that the record reports */
  understood(source: string, decoder: string, events: readonly SecurityEvent[] = []): void {
    this.#events.series(source, decoder).value += 1
    for (const event of events) {
      if (this.#forms.isRepeated(decoder, event)) this.#repeated.series(source, decoder).value += event.count
    }
  }

  undecoded(source: string, reason: string, records = 1): void {
    if (records > 0) this.#undecoded.series(source, reason).value += records
  }

  late(source: string, events: number): void {
    this.#late.series(source).value += events
  }

  lateOfOldLog(source: string, events: number): void {
    this.#lateOfOldLogs.series(source).value += events
  }

  ahead(source: string, events: number): void {
    this.#ahead.series(source).value += events
  }

  shared(source: string, events: number): void {
    this.#shared.series(source).value += events
  }

  derivationLate(source: string, events: number): void {
    this.#derivationLate.series(source).value += events
  }

  backfill(source: string, events: number): void {
    this.#backfill.series(source).value += events
  }

  duplicates(source: string, records: number): void {
    this.#duplicates.series(source).value += records
  }

  beyondOverlap(source: string, records: number): void {
    this.#beyondOverlap.series(source).value += records
  }

  lost(source: string, unit: 'records' | 'bytes', amount: number): void {
    this.#lost.series(source, unit).value += amount
  }

  reread(source: string, bytes: number): void {
    this.#reread.series(source).value += bytes
  }

  pairException(source: string, exception: PairException): void {
    this.#pairExceptions.series(source, exception).value += 1
  }

  /** The counts of a source so far, published or not. */
  tally(source: string): SourceTallies {
    const sum = (handles: Handles) => handles.of(source).reduce((total, { count }) => total + count, 0)
    return {
      events: sum(this.#events),
      undecoded: this.#undecoded.of(source),
      lost: sum(this.#lost),
      shared: sum(this.#shared),
    }
  }

  /** The rare counters are there from the start: a rate needs a first value before the first loss. */
  begin({ name: source, kind, synthetic = false }: Pick<Source, 'name' | 'kind' | 'synthetic'>): void {
    this.#info.series(source, kind, String(synthetic)).value = 1
    this.late(source, 0)
    this.lateOfOldLog(source, 0)
    this.ahead(source, 0)
    this.shared(source, 0)
    this.derivationLate(source, 0)
    this.backfill(source, 0)
    this.duplicates(source, 0)
    this.beyondOverlap(source, 0)
    this.lost(source, 'records', 0)
    this.lost(source, 'bytes', 0)
    this.reread(source, 0)
    for (const exception of pairExceptions) this.#pairExceptions.series(source, exception).value += 0
  }

  observe(source: string, health: SourceHealth, progress: ObservedProgress): void {
    const { watermark, lastEvent, isRecognised, unrecognised } = progress
    this.#up.series(source).value = health.up ? 1 : 0
    if (watermark !== undefined) {
      this.#lag.series(source).value = Math.max(0, this.#clock.now() - watermark) / 1000
    }
    if (lastEvent !== undefined) this.#lastEvent.series(source).value = lastEvent / 1000
    if (isRecognised !== undefined) {
      this.#recognised.series(source).value = isRecognised ? 1 : 0
      for (const kind of inputKinds) {
        this.#unrecognisedInputs.series(source, kind).value = unrecognised.filter(input => input.kind === kind).length
      }
    }
    this.#exposeDetails(source, health.details ?? {})
  }

  #exposeDetails(source: string, details: SourceDetails): void {
    const {
      cursorField,
      clockSkew,
      undatedDocuments,
      rememberedIds,
      passedOverFiles,
      heldBackBytes,
      backfillProgress,
    } = details
    if (cursorField !== undefined) this.#cursor.series(source, cursorField).value = 1
    if (clockSkew !== undefined) this.#skew.series(source).value = clockSkew / 1000
    if (undatedDocuments !== undefined) this.#undated.series(source).value = undatedDocuments
    if (rememberedIds !== undefined) this.#rememberedIds.series(source).value = rememberedIds
    if (passedOverFiles !== undefined) this.#passedOverFiles.series(source).value = passedOverFiles
    if (heldBackBytes !== undefined) this.#heldBackBytes.series(source).value = heldBackBytes
    if (backfillProgress !== undefined) this.#backfillProgress.series(source).value = backfillProgress
  }
}

/** Series of one metric whose labels are few and closed: kept for good. */
class Handles {
  readonly #metric: Metric
  readonly #tree: LabelTree<Series>
  readonly #all: { readonly labels: readonly string[]; readonly series: Series }[] = []

  constructor(metric: Metric) {
    this.#metric = metric
    this.#tree = new LabelTree(metric.definition.labels.length)
  }

  series(...labels: readonly string[]): Series {
    let series = this.#tree.get(labels)
    if (series === undefined) {
      series = this.#metric.series(...labels)
      this.#tree.set(labels, series)
      this.#all.push({ labels, series })
    }
    return series
  }

  /** Counts of one source by the label after `source`. */
  of(source: string): { readonly name: string; readonly count: number }[] {
    return this.#all
      .filter(({ labels }) => labels[0] === source)
      .map(({ labels, series }) => ({ name: labels[1] ?? '', count: series.value }))
  }
}
