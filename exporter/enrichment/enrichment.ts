import type { Clock } from '../../core/clock.ts'
import { SerialQueue } from '../../core/collections/serial-queue.ts'
import { translationsWith } from '../../core/net/spellings.ts'
import { shared } from '../../service/event-loop/shared.ts'
import { type GeoIp, type GeoIpOptions, watchGeoIp } from '../../service/geoip/geoip.ts'
import type { Logger } from '../../service/log/logger.ts'
import type { SeriesStore } from '../../service/series/series.ts'
import { type ReadList, readListInThread } from '../../service/threat-lists/read-list.ts'
import { ThreatList } from '../../service/threat-lists/threat-list.ts'
import { type AddressEnrichment, addressEnrichment } from './address-facts.ts'
import type { EnrichmentConfig } from './config.ts'
import { exposeFiles, type FileState } from './file-metrics.ts'

/** Between two looks for changed files. */
const REFRESH_MS = 5_000

/** The files of section `exporter.enrichment` that are databases. */
const databases = {
  geoip_file: { holds: 'countries', neededBecause: 'it is read for them' },
  asn_file: { holds: 'autonomous systems', neededBecause: 'it is read for them' },
} as const satisfies Record<string, Pick<GeoIpOptions, 'holds' | 'neededBecause'>>
type DatabaseKey = keyof typeof databases

export interface EnrichmentOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** `exporter.nat64_prefixes`. */
  readonly nat64Prefixes?: readonly string[]
}

/** Files about addresses that are kept up to date. One that cannot be read is reported; the exporter works without it. */
export class Enrichment {
  readonly addresses: AddressEnrichment
  readonly #databases: ReadonlyMap<DatabaseKey, GeoIp>
  readonly #lists: readonly ThreatList[]
  #timer: NodeJS.Timeout | undefined
  #reading: Promise<void> = Promise.resolve()
  /** Reads again the files that have changed; never rejects. */
  readonly refresh: () => Promise<void>

  /** Reads all files once. */
  static async open(config: EnrichmentConfig, options: EnrichmentOptions): Promise<Enrichment> {
    const enrichment = new Enrichment(config, options)
    await enrichment.refresh()
    return enrichment
  }

  private constructor(config: EnrichmentConfig, { clock, logger, nat64Prefixes = [] }: EnrichmentOptions) {
    this.#databases = new Map(
      (Object.keys(databases) as DatabaseKey[]).flatMap(name => {
        const { [name]: file } = config
        const key = `exporter.enrichment.${name}`
        return file === undefined ? [] : [[name, watchGeoIp(file, { ...databases[name], key, clock, logger })]]
      }),
    )
    // One thread at a time: each list that is read has a heap of its own.
    const reading = new SerialQueue()
    const readList: ReadList = (path, syntax) => reading.run(() => readListInThread(path, syntax))
    this.#lists = config.threat_lists.map(list => new ThreatList(list, clock, logger, readList))
    const files = [...this.#databases.values(), ...this.#lists]
    this.refresh = shared(async () => {
      await Promise.all(files.map(file => file.refresh()))
    })
    const geoIp = this.#databases.get('geoip_file')
    const systems = this.#databases.get('asn_file')
    const found = { ...(geoIp && { geoIp }), ...(systems && { systems }), lists: this.#lists }
    this.addresses = addressEnrichment(found, translationsWith(nat64Prefixes))
  }

  /** Exposes the state of these files. */
  expose(store: SeriesStore): void {
    exposeFiles(store, () => this.states())
  }

  /** One sentence for each file that cannot be used as it is. */
  troubles(): readonly string[] {
    return this.states().flatMap(({ kind, source, trouble }) => {
      if (trouble === undefined) return []
      const name = kind === 'database' ? `exporter.enrichment.${source}` : `The threat list ${source}`
      return [`${name}: ${trouble}; what it says of offenders may be missing or old.`]
    })
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#reading = this.refresh()
    }, REFRESH_MS)
    this.#timer.unref()
  }

  /** Resolves when no file is being read. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#reading
  }

  states(): readonly FileState[] {
    const ofDatabases = [...this.#databases].map(([source, { trouble, ageSeconds }]): FileState => {
      const age = Number.isNaN(ageSeconds) ? {} : { ageSeconds }
      return { kind: 'database', source, up: trouble === undefined, ...(trouble && { trouble }), ...age }
    })
    const ofLists = this.#lists.map((list): FileState => {
      const { up = false, trouble, list: content } = list.state()
      const age = content.ageSeconds === undefined ? {} : { ageSeconds: content.ageSeconds }
      const { entries } = content
      return { kind: 'threat_list', source: list.name, up, ...(trouble && { trouble }), ...age, entries }
    })
    return [...ofDatabases, ...ofLists]
  }
}
