import { type Clock, type EpochMs, MINUTE_MS } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import { embeddedAddress, type Translation, translationsWith } from '../../core/net/spellings.ts'
import { type SignalName, signals } from '../../core/signals.ts'
import { Top } from '../../core/top.ts'
import { LabelTree } from '../../service/series/label-tree.ts'
import type { Metric, SeriesStore } from '../../service/series/series.ts'
import { type AddressEnrichment, type AddressFacts, noEnrichment } from '../enrichment/address-facts.ts'
import { OffenderFacts } from '../enrichment/offender-facts.ts'
import type { Evictions } from './evictions.ts'
import { RecentHosts } from './recent-hosts.ts'
import { type NetworkOf, sourceNetworks } from './source-networks.ts'

export interface OffenderOptions {
  /** Maximum number of exposed addresses of one signal. */
  readonly k: number
  /** How far back events count, milliseconds. */
  readonly window: number
  /** How long an address stays exposed after it left the first k, milliseconds. */
  readonly linger: number
  /** Hosts of a network that must offend within the window for the network to be exposed in place of them. */
  readonly network_hosts?: number
}

export interface Offender {
  readonly gateway: string
  readonly trustZone: string
  readonly address: string
  /** The IPv4 address that is embedded in the address. */
  readonly embedded?: string
  readonly signal: SignalName
  readonly events: number
  readonly facts: AddressFacts
}

/** Parts into which the window is cut: the count falls in steps of a fifteenth of it. */
const SLOTS = 15

/**
 * Maximum number of counted networks; beyond it, those with the fewest events are forgotten, half of them at a time.
 */
const CAPACITY = 10_000

/**
 * How long after it happened an event of a derived signal is usually known, at most: its minute must end and waiting
 * partners be decided. It counts from then, or a short window would never hold it.
 */
const DERIVED_AFTER = 2 * MINUTE_MS

/** Hosts of a network that offended in any signal: as many of the latest as make it named whole. */
interface SharedHosts {
  readonly hosts: RecentHosts
  /** Entries that share them. */
  entries: number
}

interface Entry {
  readonly labels: readonly [gateway: string, trustZone: string, network: string, signal: SignalName]
  /** Hosts that offended, the latest first: those of the window are exposed while the network is not. */
  readonly hosts: RecentHosts
  /** Of all signals of the network. */
  readonly allHosts: SharedHosts
  /** Label values that are exposed. */
  exposed: readonly string[]
  /** Events of each slot of the window: a list of few numbers, which takes half the memory of a typed array. */
  readonly slots: number[]
  total: number
  /** When it was last among the first k; undefined while it never was. */
  seenAmongFirst: EpochMs | undefined
}

/** An attacker who comes from this many hosts of a network is taken to have all of it. */
const NETWORK_HOSTS = 3

/**
 * Maximum number of hosts that are exposed of a network that must not be named whole: as many as remediation blocks of
 * one network in an hour.
 */
const HOSTS_BESIDE = 16

/**
 * Whether `source_ip` may be this network. False where remediation would refuse to block it whole, because one of its
 * addresses is protected or because it is too wide: its hosts would be immune.
 */
export type MayBeNamedWhole = (network: string) => boolean

/** What offenders are grouped, named and described by. */
export interface OffenderNetworks {
  /** Default: an IPv6 /64, an IPv4 /32. */
  readonly networkOf?: NetworkOf
  /** NAT64 prefixes beside the well-known one; default: none. */
  readonly nat64Prefixes?: readonly string[]
  /** Default: every network may. */
  readonly mayBeNamedWhole?: MayBeNamedWhole
  /** Default: nothing is known of addresses. */
  readonly enrichment?: AddressEnrichment
}

/**
 * The sources with most refusals of the last window: counted by network, and exposed as the hosts that offended until
 * `network_hosts` of them did so within the window, then as the network. A network that must not be named whole is exposed
 * as its latest hosts of the window. Each host has the count of its network. Only those that may be trusted: a block of one of them must not be led
 * to a victim's address by a forged header. Memory is bounded however many addresses an attacker has.
 */
export class Offenders {
  readonly #options: OffenderOptions
  readonly #clock: Clock
  readonly #metric: Metric
  readonly #evictions: Evictions
  readonly #networkOf: NetworkOf
  readonly #translations: readonly Translation[]
  readonly #mayBeNamedWhole: MayBeNamedWhole
  readonly #networkHosts: number
  readonly #facts: OffenderFacts
  /** By what `treeKey` and `hostsKey` give: networks are the last to be looked up, in one map for each gateway and signal. */
  readonly #entries = new LabelTree<Entry>(4)
  readonly #hosts = new LabelTree<SharedHosts>(3)
  #all: Entry[] = []
  #shown = new Set<Entry>()
  #slot = 0

  constructor(
    options: OffenderOptions,
    clock: Clock,
    store: SeriesStore,
    evictions: Evictions,
    {
      networkOf = sourceNetworks(),
      nat64Prefixes = [],
      mayBeNamedWhole = () => true,
      enrichment = noEnrichment,
    }: OffenderNetworks = {},
  ) {
    this.#options = options
    this.#translations = translationsWith(nat64Prefixes)
    this.#networkOf = networkOf
    this.#mayBeNamedWhole = mayBeNamedWhole
    this.#networkHosts = options.network_hosts ?? NETWORK_HOSTS
    this.#facts = new OffenderFacts(enrichment, store)
    this.#clock = clock
    this.#evictions = evictions
    this.#metric = store.define({
      name: 'clawtrust_offender_events',
      help: 'Refused attempts in the last window, of the sources with the most; trusted addresses only. Counted by network: source_ip is the host, or the network in CIDR form once several hosts of it offended (exporter.offenders.network_hosts).',
      type: 'gauge',
      labels: ['gateway', 'trust_zone', 'source_ip', 'signal'],
      durable: false,
      limit: 100_000,
    })
  }

  count({ gateway, trustZone, signal, outcome, eventTime, count, actor }: SecurityEvent): void {
    if (!actor.addressTrusted || actor.address === undefined) return
    if (outcome !== 'failure' && outcome !== 'denied') return
    this.#turn(this.#clock.now())
    const known = eventTime + ('derivedFrom' in signals[signal] ? DERIVED_AFTER : 0)
    const slot = Math.min(this.#slotOf(known), this.#slot)
    if (this.#slot - slot >= SLOTS) return
    const entry = this.#entry([gateway, trustZone, this.#networkOf(actor.address), signal])
    entry.hosts.add(actor.address, slot)
    entry.allHosts.hosts.add(actor.address, slot)
    entry.slots[slot % SLOTS] = (entry.slots[slot % SLOTS] ?? 0) + count
    entry.total += count
  }

  /** Sets the gauges to the present content of the window. */
  expose(): void {
    const now = this.#clock.now()
    this.#turn(now)
    for (const entry of this.#first()) {
      entry.seenAmongFirst = now
      this.#shown.add(entry)
    }
    const lingering = [...this.#shown].sort((a, b) => (b.seenAmongFirst ?? 0) - (a.seenAmongFirst ?? 0))
    const most = this.#options.k * 3 * new Set(lingering.map(entry => entry.labels[3])).size
    lingering.forEach((entry, index) => {
      if (index < most && now - (entry.seenAmongFirst ?? 0) <= this.#options.linger) {
        this.#exposeAs(this.#sourcesOf(entry), entry)
      } else {
        this.#shown.delete(entry)
        this.#exposeAs([], entry)
      }
    })
    if (this.#shown.size < lingering.length) this.#keepInUse()
    this.#facts.expose(new Set([...this.#shown].flatMap(({ exposed }) => exposed)))
  }

  #exposeAs(sources: readonly string[], entry: Entry): void {
    const [gateway, trustZone, , signal] = entry.labels
    for (const source of entry.exposed) {
      if (!sources.includes(source)) this.#metric.remove(gateway, trustZone, source, signal)
    }
    for (const source of sources) this.#metric.series(gateway, trustZone, source, signal).value = entry.total
    entry.exposed = sources
  }

  /** What is to be blocked: the hosts that offended within the window, or the whole network. */
  #sourcesOf({ labels: [, , network], hosts, allHosts, total, exposed }: Entry): readonly string[] {
    // Lingering: of its window nothing is left, and its series stay what they are.
    if (total <= 0) return exposed
    const begin = this.#slot - SLOTS + 1
    const isWhole = allHosts.hosts.since(begin).length >= this.#networkHosts && this.#mayBeNamedWhole(network)
    return isWhole ? [network] : hosts.since(begin)
  }

  /** Most events first; the offenders of one IPv4 address, however it is written, follow each other. */
  list(): readonly Offender[] {
    this.#turn(this.#clock.now())
    const offenders = this.#first()
      .sort((a, b) => b.total - a.total)
      .map(entry => {
        const { labels, total } = entry
        const [gateway, trustZone, network, signal] = labels
        const [address = network, ...others] = this.#sourcesOf(entry)
        return { gateway, trustZone, address: others.length === 0 ? address : network, signal, total }
      })
      .map(({ gateway, trustZone, address, signal, total }) => {
        const embedded = embeddedAddress(address, this.#translations)
        const facts = this.#facts.of(address)
        return {
          gateway,
          trustZone,
          address,
          ...(embedded !== undefined && { embedded }),
          signal,
          events: total,
          facts,
        }
      })
    const together = Map.groupBy(offenders, ({ address, embedded = address }) => embedded)
    const eventsOf = (group: readonly Offender[]) => group.reduce((sum, { events }) => sum + events, 0)
    return [...together.values()].sort((a, b) => eventsOf(b) - eventsOf(a)).flat()
  }

  /** The first k of every signal. */
  #first(): Entry[] {
    const bySignal = new Map<SignalName, Top<Entry>>()
    for (const entry of this.#all) {
      if (entry.total <= 0) continue
      const signal = entry.labels[3]
      const top = bySignal.get(signal) ?? new Top(this.#options.k, byEvents)
      bySignal.set(signal, top)
      top.add(entry)
    }
    return [...bySignal.values()].flatMap(top => top.list())
  }

  #entry(labels: Entry['labels']): Entry {
    const key = treeKey(labels)
    const known = this.#entries.get(key)
    if (known !== undefined) return known
    if (this.#all.length >= CAPACITY) this.#forgetHalf()
    const allHosts = this.#hosts.get(hostsKey(labels)) ?? { hosts: new RecentHosts(this.#networkHosts), entries: 0 }
    allHosts.entries += 1
    this.#hosts.set(hostsKey(labels), allHosts)
    const slots = Array<number>(SLOTS).fill(0)
    const hosts = new RecentHosts(Math.max(this.#networkHosts, HOSTS_BESIDE))
    const entry: Entry = { labels, hosts, allHosts, exposed: [], slots, total: 0, seenAmongFirst: undefined }
    this.#entries.set(key, entry)
    this.#all.push(entry)
    return entry
  }

  #forgetHalf(): void {
    this.#all.sort((a, b) => b.total - a.total)
    this.#evictions.count('offenders', this.#all.length - CAPACITY / 2)
    this.#keep(this.#all.slice(0, CAPACITY / 2))
  }

  #keep(kept: Entry[]): void {
    const staying = new Set(kept)
    for (const entry of this.#all) if (!staying.has(entry)) this.#forget(entry)
    this.#all = kept
  }

  /** Its series goes too: the entry that it may have later would have the same. */
  #forget(entry: Entry): void {
    const { labels, allHosts } = entry
    if (this.#shown.delete(entry)) this.#exposeAs([], entry)
    this.#entries.delete(treeKey(labels))
    allHosts.entries -= 1
    if (allHosts.entries === 0) this.#hosts.delete(hostsKey(labels))
  }

  /** Empties the slots that have become too old. */
  #turn(now: EpochMs): void {
    const slot = this.#slotOf(now)
    // One slot back is no more than a clock that is slewed over its beginning.
    if (slot < this.#slot - 1) this.#turnBack(now, slot)
    const passed = Math.min(slot - this.#slot, SLOTS)
    if (passed <= 0) return
    for (const entry of this.#all) {
      for (let ago = 0; ago < passed; ago++) {
        const index = (slot - ago) % SLOTS
        entry.total -= entry.slots[index] ?? 0
        entry.slots[index] = 0
      }
    }
    this.#slot = slot
    this.#keepInUse()
  }

  /** The clock was set back: what is counted keeps its age, or nothing would count until the clock is there again. */
  #turnBack(now: EpochMs, slot: number): void {
    for (const { slots } of this.#all) {
      const byAge = Array.from(slots, (_, ago) => slots[(this.#slot - ago + SLOTS) % SLOTS] ?? 0)
      for (const [ago, events] of byAge.entries()) slots[(slot - ago + SLOTS) % SLOTS] = events
    }
    const allHosts = this.#all.flatMap(entry => [entry.hosts, entry.allHosts.hosts])
    for (const hosts of new Set(allHosts)) hosts.shift(slot - this.#slot)
    for (const entry of this.#shown) entry.seenAmongFirst = Math.min(entry.seenAmongFirst ?? now, now)
    this.#slot = slot
  }

  #keepInUse(): void {
    this.#keep(this.#all.filter(entry => entry.total > 0 || this.#shown.has(entry)))
  }

  #slotOf(time: EpochMs): number {
    return Math.floor((time * SLOTS) / this.#options.window)
  }
}

const treeKey = ([gateway, trustZone, network, signal]: Entry['labels']) => [network, gateway, trustZone, signal]
const hostsKey = ([gateway, trustZone, network]: Entry['labels']) => [network, gateway, trustZone]

function byEvents(a: Entry, b: Entry): number {
  return b.total - a.total || (a.labels[2] < b.labels[2] ? -1 : 1)
}
