import type { NetworkSet } from '../../core/net/network-set.ts'
import { embeddedClient, type Translation, wellKnownTranslations } from '../../core/net/spellings.ts'
import type { Target } from '../../core/net/target.ts'
import type { ThreatList } from '../../service/threat-lists/threat-list.ts'
import type { Finding } from '../domain/evidence.ts'
import type { IntelligenceSource, SourceState } from './source.ts'

/** A list as a source of verdicts: an address that is not on it is unknown. */
export class ListSource implements IntelligenceSource {
  readonly name: string
  readonly #list: ThreatList
  readonly #translations: readonly Translation[]

  /** @param translations ways to write an IPv4 address by which an address is suspected too */
  constructor(list: ThreatList, translations = wellKnownTranslations) {
    this.name = list.name
    this.#list = list
    this.#translations = translations
  }

  async ask(target: Target): Promise<Finding> {
    return this.lookUp(target)
  }

  lookUp(target: Target): Finding {
    const { ageSeconds: age, networks, verdict } = this.#list
    const finding = { source: this.name, ...(age === undefined ? {} : { ageSeconds: age }) }
    if (networks === undefined) {
      return { ...finding, verdict: 'unknown', detail: this.state().trouble ?? 'the list was not read yet' }
    }
    const entry = entryOf(networks, target)
    if (entry !== undefined) return { ...finding, verdict, detail: entry }
    // An embedded address says where packets may come from: it is suspected by it, and not trusted.
    const client = verdict === 'malicious' ? embeddedClient(target, this.#translations) : undefined
    const embedded = client && entryOf(networks, client)
    if (embedded !== undefined) return { ...finding, verdict, detail: `it embeds ${client?.text}, ${embedded}` }
    return { ...finding, verdict: 'unknown', detail: 'not on the list' }
  }

  refresh(): Promise<void> {
    return this.#list.refresh()
  }

  state(): SourceState {
    return this.#list.state()
  }
}

/** How a target is listed, in a few words; undefined where it is not. */
function entryOf(networks: NetworkSet, target: Target): string | undefined {
  const covering = networks.covering(target)
  if (covering !== undefined) return `listed as ${covering.text}`
  // Lists name hosts. An attacker must not leave a list by offending from more hosts of one network.
  const part = networks.within(target)
  return part && `${part.text} in it is listed`
}
