import { BoundedMap } from '../../core/collections/bounded-map.ts'
import type { SecurityEvent } from '../../core/event.ts'

/**
 * Dialects that read the same events of one program in several forms: where two of them are read, each event counts in
 * both. An event has no id in them, so neither is left out; that both are read is noticed.
 */
const formsOf: Readonly<Record<string, string>> = {
  'keycloak-json': 'keycloak',
  'keycloak-text': 'keycloak',
  'keycloak-unquoted-text': 'keycloak',
  'keycloak-elastic': 'keycloak',
  'nginx-access': 'nginx',
  'nginx-combined': 'nginx',
}

/** Events of the last ones that are remembered: those of two forms are read within seconds of each other, or one after the other. */
const CAPACITY = 50_000
/** The resolution of the time in the coarsest form. */
const SECOND_MS = 1_000

/** Recognises events that another form of the same program's log has reported, by signal, time and who did it. */
export class RepeatedForms {
  readonly #seen = new BoundedMap<string, string>(CAPACITY)

  /** True where an event was reported in another form before. Without an address or identity nothing is known. */
  isRepeated(decoder: string, { signal, eventTime, actor }: SecurityEvent): boolean {
    const program = formsOf[decoder]
    const { address, identity } = actor
    if (program === undefined || (address === undefined && identity === undefined)) return false
    const key = JSON.stringify([program, signal, Math.floor(eventTime / SECOND_MS), address, identity])
    const form = this.#seen.get(key)
    if (form === undefined) this.#seen.set(key, decoder)
    return form !== undefined && form !== decoder
  }
}
