import type { Target } from '../../core/net/target.ts'
import type { ThreatList } from '../../service/threat-lists/threat-list.ts'
import type { Finding } from '../domain/evidence.ts'
import type { IntelligenceSource, SourceState } from './source.ts'

/** A list as a source of verdicts: an address that is not on it is unknown. */
export class ListSource implements IntelligenceSource {
  readonly name: string
  readonly #list: ThreatList

  constructor(list: ThreatList) {
    this.name = list.name
    this.#list = list
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
    const found = networks.covering(target)
    if (found !== undefined) return { ...finding, verdict, detail: `listed as ${found.text}` }
    // Lists name hosts. An attacker must not leave a list by offending from more hosts of one network.
    const part = networks.within(target)
    if (part !== undefined) return { ...finding, verdict, detail: `${part.text} in it is listed` }
    return { ...finding, verdict: 'unknown', detail: 'not on the list' }
  }

  refresh(): Promise<void> {
    return this.#list.refresh()
  }

  state(): SourceState {
    return this.#list.state()
  }
}
