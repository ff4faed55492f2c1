import { type SignalName, signalNames, signals } from '../../core/signals.ts'
import type { Json } from '../../service/state/state.ts'
import type { ChangedRow, JsonPersistent, SavedRow } from '../contracts/persistent.ts'
import { type MinuteKey, MOST_ZEROS } from '../contracts/subscriber.ts'
import { MINUTE, type MinuteSeries } from './minute-series.ts'
import { SHARED_GATEWAY } from './series-table.ts'

/** Signals that no source reports itself. */
export const derivedSignals: ReadonlySet<SignalName> = new Set(
  signalNames.filter(name => 'derivedFrom' in signals[name]),
)

/**
 * Since when sources and gateways are watched, as starts of minutes. A signal that a gateway never had is a series of
 * zeros from then on, although it has no series: its first event may be an attack, which must not be all that the
 * scorer knows of it.
 *
 * A gateway is watched since its first series begins. The first gateway of a source is watched since the source is read:
 * the source is its log. Of a further gateway nothing is known before its first event: it may be new. So names that an
 * attacker makes up bring no zeros.
 */
export class WatchedSince implements JsonPersistent {
  readonly key = 'watched/'
  readonly format = 'json'
  readonly #sources = new Map<string, number>()
  readonly #gateways = new Map<string, number>()
  /** Sources that have brought a gateway. */
  readonly #bringing = new Set<string>()
  /** Sources whose beginning was saved; an earlier version saved none. */
  readonly #saved = new Set<string>()
  readonly #changed = new Set<string>()
  readonly #isDurable: (source: string) => boolean

  /** @param isDurable false of a source that starts again each time: nothing of it is saved */
  constructor(isDurable: (source: string) => boolean = () => true) {
    this.#isDurable = isDurable
  }

  /** A source has been read up to this minute; its first one counts, but not the 0 of a file that is not yet read. */
  reached(source: string, minute: number): void {
    if (minute > 0 && !this.#sources.has(source)) this.#begin(source, minute)
  }

  /** The source has brought this minute, live or by a backfill; the oldest one counts. */
  readFrom(source: string, minute: number): void {
    if (minute < (this.#sources.get(source) ?? Number.POSITIVE_INFINITY)) this.#begin(source, minute)
  }

  /** There is a series, or it begins elsewhere. */
  follow({ key: { gateway }, first, contributingSources }: MinuteSeries): void {
    this.#gateways.set(gateway, Math.min(first, this.#gateways.get(gateway) ?? first))
    for (const source of contributingSources) this.#bringing.add(source)
  }

  /** A series of the state. Where it is not saved since when its sources are read, the series gives the earliest minute. */
  adopt(series: MinuteSeries): void {
    this.follow(series)
    for (const source of series.contributingSources) if (!this.#saved.has(source)) this.readFrom(source, series.first)
  }

  /**
   * Start of a series with its first event in this minute: the first minute of which a zero is known, bounded.
   *
   * @param source of the event
   */
  startOf(source: string, { gateway, signal }: MinuteKey, minute: number): number {
    if (gateway === SHARED_GATEWAY) return minute
    const ofSource = this.#sources.get(source) ?? minute
    const ofGateway = this.#gateways.get(gateway) ?? (this.#bringing.has(source) ? minute : ofSource)
    const watched = derivedSignals.has(signal) ? ofGateway : Math.max(ofGateway, ofSource)
    return Math.min(minute, Math.max(watched, minute - MOST_ZEROS * MINUTE))
  }

  changes(): readonly ChangedRow<Json>[] {
    const rows = [...this.#changed].map(source => ({ name: source, value: this.#sources.get(source) ?? null }))
    this.#changed.clear()
    return rows
  }

  restore(rows: readonly SavedRow<Json>[]): void {
    for (const { name, value } of rows) {
      this.#sources.set(name, value as number)
      this.#saved.add(name)
    }
  }

  #begin(source: string, minute: number): void {
    this.#sources.set(source, minute)
    if (this.#isDurable(source)) this.#changed.add(source)
  }
}
