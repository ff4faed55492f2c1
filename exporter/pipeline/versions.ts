import { type Clock, type EpochMs, MINUTE_MS } from '../../core/clock.ts'
import type { Product } from '../../core/labels/products.ts'
import { type SignalName, signalNames } from '../../core/signals.ts'
import { textOrder } from '../../core/text-order.ts'
import type { Decoded } from '../../decoding/dispatch.ts'
import { productsByDecoder } from '../../decoding/registry.ts'
import { NO_ORIGIN } from '../../decoding/toolkit/origin.ts'
import type { Origin } from '../../decoding/toolkit/record.ts'
import { knownVersion, reasonsOfFormat } from '../../decoding/toolkit/version-report.ts'
import { LABEL_VALUE_LIMIT } from '../../service/series/label-values.ts'
import type { Series, SeriesStore } from '../../service/series/series.ts'
import type { Json } from '../../service/state/state.ts'
import type { ChangedRow, JsonPersistent, SavedRow } from '../contracts/persistent.ts'
import type { RawRecord } from '../contracts/source.ts'
import { gatewayOf, UNKNOWN_GATEWAY } from './attribution.ts'
import { isBeforeInstallation } from './source-state.ts'
import type { ProductVersions, ReadVersions } from './versions/observed-versions.ts'
import { ProductLog, type SavedLog } from './versions/product-log.ts'
import { VersionMetrics } from './versions/version-metrics.ts'
import type { Shown } from './versions/version-minutes.ts'

/** Most products at gateways that are watched; that which was heard longest ago goes first. */
const CAPACITY = 500

/** Label of a text that is no version, and of versions above the number that is remembered. */
const OTHER = 'other'
const UNKNOWN = 'unknown'

export interface VersionsOptions {
  readonly store: SeriesStore
  readonly clock: Pick<Clock, 'now'>
  /** A product at a gateway, or a version of it, was forgotten for a newer one. */
  readonly onEvicted: () => void
}

interface Watched {
  readonly product: Product
  readonly gateway: string
  log: ProductLog
  /** Of the version of its last record. */
  handle?: { readonly version: string; readonly records: Series }
  /** The version that is exposed as its current one. */
  shown?: string
}

/**
 * Which versions of OpenClaw and of the guards write records, how many of them are undecoded, and whether a version writes
 * another log than those before it. Texts of versions and of records may be an attacker's: versions have a grammar and a
 * limit, templates are masked and limited, and neither decides about anything else.
 */
export class Versions implements JsonPersistent, ReadVersions {
  readonly key = 'product-versions/'
  readonly format = 'json'
  readonly #options: VersionsOptions
  readonly #metrics: VersionMetrics
  /** By product, then by gateway. */
  readonly #watched = new Map<Product, Map<string, Watched>>()
  readonly #forgotten = new Set<string>()
  #size = 0
  /** The clock, as of at most a second ago. */
  #now: EpochMs
  #last: Watched | undefined

  constructor(options: VersionsOptions) {
    this.#options = options
    this.#metrics = new VersionMetrics(options.store)
    this.#now = options.clock.now()
  }

  /** A record that was read, and what the decoders made of it. */
  observe(record: RawRecord, decoded: Decoded): void {
    const product = productsByDecoder.get(decoded.decoder)
    const { decoding } = decoded
    if (product === undefined || (decoding.kind === 'undecoded' && decoding.reason === 'skipped')) return
    const origin = originOf(decoded)
    const gateway = gatewayOf(record, origin)
    const time = this.#untilNow(decoding.time ?? this.#now)
    if (gateway === UNKNOWN_GATEWAY || gateway.length > LABEL_VALUE_LIMIT || isBeforeInstallation(record, time)) return
    this.#count(this.#find(product, gateway), decoded, versionIn(decoded, origin), time)
  }

  /** Compares versions, and moves the gauges on. */
  expose(now: EpochMs): void {
    this.#now = now
    for (const watched of this.#all()) {
      const { product, gateway, log } = watched
      if (log.judge(now)) {
        for (const { version, change } of log.versions) this.#metrics.showChange(product, gateway, version, change)
      }
      const current = log.current ?? UNKNOWN
      if (current === watched.shown) continue
      this.#metrics.showCurrent(product, gateway, current, watched.shown)
      watched.shown = current
    }
  }

  list(): readonly ProductVersions[] {
    return [...this.#all()]
      .map(({ gateway, product, log }) => ({
        gateway,
        product,
        versions: log.versions.map(({ version, since, minutes, change }) => ({
          version,
          isCurrent: version === log.current,
          since,
          minutes: minutes.minutes,
          undecodedMinutes: minutes.undecoded.seen,
          ...change,
        })),
      }))
      .sort((a, b) => textOrder(a.gateway, b.gateway) || textOrder(a.product, b.product))
  }

  changes(): readonly ChangedRow<Json>[] {
    const rows: ChangedRow<Json>[] = Array.from(this.#forgotten, name => ({ name, value: null }))
    this.#forgotten.clear()
    for (const watched of this.#all()) {
      if (!watched.log.isChanged) continue
      watched.log.isChanged = false
      rows.push({ name: nameOf(watched), value: watched.log.toJson() })
    }
    return rows
  }

  restore(rows: readonly SavedRow<Json>[]): void {
    for (const { name, value } of rows) {
      const [product, gateway] = JSON.parse(name) as [Product, string]
      this.#find(product, gateway).log = ProductLog.restore(value as unknown as SavedLog, this.#now)
    }
  }

  #count(watched: Watched, decoded: Decoded, said: string | undefined, time: EpochMs): void {
    const { log } = watched
    log.heard = this.#now
    const version = said === undefined ? undefined : this.#admitted(watched, said)
    const { decoding } = decoded
    const label = version ?? log.current ?? UNKNOWN
    this.#recordsOf(watched, label).value += 1
    if (decoding.kind === 'undecoded') {
      this.#metrics.undecodedOf(watched.product, watched.gateway, label, decoding.reason).value += 1
    }
    if (version === OTHER) return
    log.add(Math.floor(time / MINUTE_MS), shownBy(decoded), version)
  }

  /** The version itself, where it is one and not too many are remembered. */
  #admitted(watched: Watched, said: string): string {
    const version = knownVersion(said)
    if (version === undefined) return OTHER
    const { log, product, gateway } = watched
    if (log.admits(version)) return version
    const evicted = log.evict(this.#now)
    if (evicted === undefined) return OTHER
    this.#metrics.forget(product, gateway, evicted)
    this.#options.onEvicted()
    return version
  }

  #recordsOf(watched: Watched, version: string): Series {
    if (watched.handle?.version !== version) {
      watched.handle = { version, records: this.#metrics.recordsOf(watched.product, watched.gateway, version) }
    }
    return watched.handle.records
  }

  /** Records of the future are of now: otherwise one would be the newest minute for as long. */
  #untilNow(time: EpochMs): EpochMs {
    if (time > this.#now) this.#now = this.#options.clock.now()
    return Math.min(time, this.#now)
  }

  #find(product: Product, gateway: string): Watched {
    // Records of one gateway come in a row.
    const last = this.#last
    if (last?.product === product && last.gateway === gateway) return last
    let gateways = this.#watched.get(product)
    if (gateways === undefined) {
      gateways = new Map()
      this.#watched.set(product, gateways)
    }
    let watched = gateways.get(gateway)
    if (watched === undefined) {
      watched = { product, gateway, log: new ProductLog(this.#now) }
      gateways.set(gateway, watched)
      this.#forgotten.delete(nameOf(watched))
      if (++this.#size > CAPACITY) this.#evict(watched)
    }
    this.#last = watched
    return watched
  }

  #evict(newest: Watched): void {
    let oldest: Watched | undefined
    for (const watched of this.#all()) {
      if (watched !== newest && (oldest === undefined || watched.log.heard < oldest.log.heard)) oldest = watched
    }
    if (oldest === undefined) return
    const { product, gateway, log, shown } = oldest
    this.#watched.get(product)?.delete(gateway)
    this.#size -= 1
    this.#forgotten.add(nameOf(oldest))
    for (const { version } of log.versions) this.#metrics.forget(product, gateway, version)
    if (shown !== undefined) this.#metrics.forget(product, gateway, shown)
    this.#options.onEvicted()
  }

  *#all(): Iterable<Watched> {
    for (const gateways of this.#watched.values()) yield* gateways.values()
  }
}

/** Where a record was written, as far as its decoding says it. */
function originOf({ decoding, guard, version }: Decoded): Origin {
  if (decoding.kind === 'claim') return decoding.claim.origin
  return guard?.origin ?? version?.origin ?? ('origin' in decoding ? decoding.origin : NO_ORIGIN)
}

/** What a record says of its version. Of a snapshot of the posture the version is a fact. */
function versionIn({ decoding, guard, version }: Decoded, origin: Origin): string | undefined {
  if (decoding.kind === 'posture_snapshot') return decoding.snapshot.facts.openclaw_version?.[0]
  return guard?.version ?? version?.version ?? origin.serviceVersion
}

const QUIET: Shown = { isUndecoded: false }
/** One for each signal: they are made for every claim otherwise. */
const ofSignal = Object.fromEntries(signalNames.map(signal => [signal, { signal, isUndecoded: false }])) as Readonly<
  Record<SignalName, Shown>
>

/** A snapshot of the posture is in no log of the product. */
function shownBy({ decoding, version }: Decoded): Shown | undefined {
  if (decoding.kind === 'posture_snapshot' && decoding.snapshot.producer !== 'openclaw-log') return undefined
  if (decoding.kind === 'claim') return ofSignal[decoding.claim.signal]
  if (decoding.kind !== 'undecoded') return QUIET
  const template = version?.template
  const isUndecoded = reasonsOfFormat.has(decoding.reason)
  return template === undefined ? { isUndecoded } : { isUndecoded, template }
}

const nameOf = ({ product, gateway }: Pick<Watched, 'product' | 'gateway'>): string =>
  JSON.stringify([product, gateway])
