import type { Metric, SeriesStore } from '../../service/series/series.ts'
import type { AddressEnrichment, AddressFacts } from './address-facts.ts'

/** As many as of offenders. */
const MAX_SERIES = 100_000

/** Addresses that are looked up in one turn of the event loop: about 40 ms of work. */
const LOOKED_UP_AT_ONCE = 1_000

interface Known {
  readonly facts: AddressFacts
  /** The files of that time. */
  readonly lookedUpIn: readonly unknown[]
}

/**
 * Exposes what is known of the offenders that are exposed: series of their own, which alerts and dashboards join by
 * `source_ip`. As labels of the offenders, they would make another alert of each update of a database.
 */
export class OffenderFacts {
  readonly #enrichment: AddressEnrichment
  readonly #info: Metric
  readonly #marks: Metric
  readonly #known = new Map<string, Known>()
  #inUse: readonly unknown[] = []

  constructor(enrichment: AddressEnrichment, store: SeriesStore) {
    this.#enrichment = enrichment
    this.#info = store.define({
      name: 'clawtrust_offender_info',
      help: 'Always 1: country (ISO 3166-1), number and organization of the autonomous system of an offender, by the databases of exporter.enrichment; empty where they are unknown. A network in CIDR form has those of its first address.',
      type: 'gauge',
      labels: ['source_ip', 'country', 'asn', 'as_organization'],
      durable: false,
      limit: MAX_SERIES,
    })
    this.#marks = store.define({
      name: 'clawtrust_offender_threat_list',
      help: 'Always 1: an offender is on this list of exporter.enrichment.threat_lists; the verdict of the list is malicious or benign. A network in CIDR form is on a list that has all of it.',
      type: 'gauge',
      labels: ['source_ip', 'list', 'verdict'],
      durable: false,
      limit: MAX_SERIES,
    })
  }

  of(address: string): AddressFacts {
    return this.#known.get(address)?.facts ?? this.#enrichment.factsOf(address)
  }

  /**
   * Sets the gauges for exactly these addresses. About once a second; what is new, or was looked up in a file that was read
   * again since, is looked up in bounded pieces, and has what it had until then.
   */
  expose(addresses: ReadonlySet<string>): void {
    const inUse = this.#enrichment.inUse()
    if (inUse.some((file, index) => file !== this.#inUse[index])) this.#inUse = inUse
    for (const [address, { facts }] of this.#known) {
      if (!addresses.has(address)) this.#remove(address, facts)
    }
    if (inUse.length === 0) return
    const due = Iterator.from(addresses).filter(address => this.#known.get(address)?.lookedUpIn !== this.#inUse)
    for (const address of due.take(LOOKED_UP_AT_ONCE)) this.#lookUp(address)
  }

  #lookUp(address: string): void {
    const before = this.#known.get(address)
    if (before !== undefined) this.#remove(address, before.facts)
    const facts = this.#enrichment.factsOf(address)
    this.#known.set(address, { facts, lookedUpIn: this.#inUse })
    const labels = infoLabels(facts)
    if (labels !== undefined) this.#info.series(address, ...labels).value = 1
    for (const { list, verdict } of facts.lists) this.#marks.series(address, list, verdict).value = 1
  }

  #remove(address: string, facts: AddressFacts): void {
    this.#known.delete(address)
    const labels = infoLabels(facts)
    if (labels !== undefined) this.#info.remove(address, ...labels)
    for (const { list, verdict } of facts.lists) this.#marks.remove(address, list, verdict)
  }
}

/** Undefined where nothing is known. */
function infoLabels({ country, system }: AddressFacts): readonly string[] | undefined {
  if (country === undefined && system === undefined) return undefined
  return [country ?? '', system === undefined ? '' : String(system.number), system?.organization ?? '']
}
