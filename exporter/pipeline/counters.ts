import type { Clock } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import { type SignalDefinition, type SignalName, signalNames, signals } from '../../core/signals.ts'
import type { Exemplar } from '../../service/series/open-metrics.ts'
import type { Series, SeriesStore } from '../../service/series/series.ts'
import { SeriesHandles } from './series-handles.ts'

/**
 * Moves the counter of an event's signal: the catalogue says which, and the order of its labels. An event with a trace
 * becomes the exemplar of its series.
 */
export class Counters {
  readonly #bySignal: ReadonlyMap<SignalName, SignalCounter>

  constructor(store: SeriesStore, clock: Pick<Clock, 'now'>) {
    this.#bySignal = new Map(signalNames.map(name => [name, new SignalCounter(store, signals[name], clock)]))
  }

  count(event: SecurityEvent): void {
    this.#bySignal.get(event.signal)?.count(event)
  }
}

/** The newest event of a series is its exemplar: Prometheus takes none that is older than the one before. */
function leaveExemplar(series: Series, exemplar: Exemplar): void {
  if (series.exemplar === undefined || series.exemplar.time <= exemplar.time) series.exemplar = exemplar
}

class SignalCounter {
  readonly #labels: readonly string[]
  readonly #clock: Pick<Clock, 'now'>
  readonly #handles: SeriesHandles

  constructor(store: SeriesStore, { metric, help, labels }: SignalDefinition, clock: Pick<Clock, 'now'>) {
    this.#clock = clock
    this.#labels = Object.keys(labels)
    const names = ['gateway', 'trust_zone', ...this.#labels]
    const counter = store.define({ name: metric, help, type: 'counter', labels: names, durable: true })
    this.#handles = new SeriesHandles(counter, names.length)
  }

  count({ gateway, trustZone, labels, count, trace, eventTime }: SecurityEvent): void {
    const values = [gateway, trustZone]
    for (const label of this.#labels) values.push(labels[label] ?? '')
    const series = this.#handles.of(values)
    series.value += count
    // A forged time of the future would keep its place until that time has come.
    if (trace !== undefined)
      leaveExemplar(series, { trace, value: count, time: Math.min(eventTime, this.#clock.now()) })
  }
}
