import { BoundedMap } from '../../core/collections/bounded-map.ts'
import type { SecurityEvent } from '../../core/event.ts'
import { UNKNOWN_GATEWAY } from './attribution.ts'

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

/** Keys of the last events, two of each: those of two forms are read within seconds of each other, or one after the other. */
const CAPACITY = 100_000
/** The resolution of the time in the coarsest form. */
const SECOND_MS = 1_000

/** In the key of an event without its gateway. */
const ANY_GATEWAY = undefined

/**
 * Recognises events that another form of the same program's log has reported, by gateway, signal, time and who did it. One
 * attacker fails at several gateways within a second: what two of them report is no repetition. A form that names no
 * gateway may be that of any.
 */
export class RepeatedForms {
  readonly #seen = new BoundedMap<string, string>(CAPACITY)

  /** True where an event was reported in another form before. Without an address or identity nothing is known. */
  isRepeated(decoder: string, { signal, eventTime, actor, gateway }: SecurityEvent): boolean {
    const program = formsOf[decoder]
    const { address, identity } = actor
    if (program === undefined || (address === undefined && identity === undefined)) return false
    const second = Math.floor(eventTime / SECOND_MS)
    const keyAt = (at: string | undefined) => JSON.stringify([program, signal, second, address, identity, at])
    const [own, any] = [keyAt(gateway), keyAt(ANY_GATEWAY)]
    const others = gateway === UNKNOWN_GATEWAY ? [any] : [own, keyAt(UNKNOWN_GATEWAY)]
    const isRepeated = others.some(key => (this.#seen.get(key) ?? decoder) !== decoder)
    for (const key of [own, any]) if (this.#seen.get(key) === undefined) this.#seen.set(key, decoder)
    return isRepeated
  }
}
