import { embeddedClient, wellKnownTranslations } from '../../core/net/spellings.ts'
import { parseTarget, type Target } from '../../core/net/target.ts'
import type { GeoIp } from '../../service/geoip/geoip.ts'
import type { AutonomousSystem } from '../../service/geoip/records.ts'
import type { ThreatList } from '../../service/threat-lists/threat-list.ts'

/** A threat list on which an address is. */
export interface ListMatch {
  readonly list: string
  readonly verdict: ThreatList['verdict']
}

/** What files of others say about an address: shown to people, and trusted with nothing. */
export interface AddressFacts {
  /** ISO 3166-1 alpha-2. */
  readonly country?: string
  readonly system?: AutonomousSystem
  readonly lists: readonly ListMatch[]
}

export interface AddressEnrichment {
  /**
   * Of an address, or of a network in CIDR form. A network has the country and the autonomous system of its first address,
   * and is on a list that has all of it.
   */
  factsOf(address: string): AddressFacts
  /** What is looked up in, one for each file: another object once the file was read again, or may no longer be used. */
  inUse(): readonly unknown[]
}

/** Nothing is known of any address. */
export const noEnrichment: AddressEnrichment = { factsOf: () => ({ lists: [] }), inUse: () => [] }

export interface EnrichmentFiles {
  readonly geoIp?: Pick<GeoIp, 'placeOf' | 'database'>
  readonly systems?: Pick<GeoIp, 'systemOf' | 'database'>
  readonly lists: readonly Pick<ThreatList, 'name' | 'verdict' | 'networks'>[]
}

/**
 * Looks addresses up in files.
 *
 * @param translations ways to write an IPv4 address by which an address is known too
 */
export function addressEnrichment(
  { geoIp, systems, lists }: EnrichmentFiles,
  translations = wellKnownTranslations,
): AddressEnrichment {
  const databases = [geoIp, systems].filter(one => one !== undefined)
  return {
    factsOf(address) {
      const target = parseTarget(address)
      const client = target && embeddedClient(target, translations)
      const targets = [target, client].filter(one => one !== undefined)
      const country = firstKnown(targets, target => geoIp?.placeOf(target)?.country)
      const system = firstKnown(targets, target => systems?.systemOf(target))
      const matches = lists.filter(list => spellingsFor(list, targets).some(target => isOn(list, target)))
      return {
        ...(country === undefined ? {} : { country }),
        ...(system === undefined ? {} : { system }),
        lists: matches.map(({ name, verdict }) => ({ list: name, verdict })),
      }
    },
    inUse: () => [...databases.map(({ database }) => database), ...lists.map(({ networks }) => networks)],
  }
}

/** An address and, after it, that of the client that it embeds: it is suspected by that one, and not trusted. */
const spellingsFor = ({ verdict }: EnrichmentFiles['lists'][number], targets: readonly Target[]) =>
  verdict === 'malicious' ? targets : targets.slice(0, 1)

const isOn = ({ networks }: EnrichmentFiles['lists'][number], target: Target): boolean =>
  networks?.covering(target) !== undefined

function firstKnown<T>(targets: readonly Target[], ask: (target: Target) => T | undefined): T | undefined {
  for (const target of targets) {
    const known = ask(target)
    if (known !== undefined) return known
  }
  return undefined
}
