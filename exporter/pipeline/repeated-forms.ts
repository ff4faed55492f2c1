import { ExpiringKeyTable } from '../../core/collections/expiring-key-table.ts'
import { type Hash128, TextHasher } from '../../core/collections/text-hash.ts'
import type { SecurityEvent } from '../../core/event.ts'
import { UNKNOWN_GATEWAY } from './attribution.ts'

/**
 * Dialects that read the same events of one program in several forms: where two of them are read, each event counts in
 * both. An event has no id in them, so neither is left out; that both are read is noticed.
 */
const formsOf: ReadonlyMap<string, string> = new Map([
  ['keycloak-json', 'keycloak'],
  ['keycloak-text', 'keycloak'],
  ['keycloak-unquoted-text', 'keycloak'],
  ['keycloak-elastic', 'keycloak'],
  ['nginx-access', 'nginx'],
  ['nginx-combined', 'nginx'],
])

/** Dialects by the number that stands for them in the tables. */
const decoders = [...formsOf.keys()]

/**
 * Keys after which those that came before as many others are forgotten, two of each event: those of two forms are read
 * within seconds of each other, or one after the other.
 */
const GENERATION = 100_000
/** The resolution of the time in the coarsest form. */
const SECOND_MS = 1_000

/**
 * Recognises events that another form of the same program's log has reported, by gateway, signal, time and who did it. One
 * attacker fails at several gateways within a second: what two of them report is no repetition. A form that names no
 * gateway may be that of any.
 *
 * Of each event only hashes are kept, about 60 bytes: the texts of the keys were several times that.
 */
export class RepeatedForms {
  readonly #generation: number
  readonly #hasher = new TextHasher()
  #young = new ExpiringKeyTable()
  #old = new ExpiringKeyTable()
  #size = 0
  readonly #keys: Readonly<Record<'own' | 'unknown' | 'any', Hash128>> = {
    own: new Int32Array(4),
    unknown: new Int32Array(4),
    any: new Int32Array(4),
  }

  constructor(generation = GENERATION) {
    this.#generation = generation
  }

  /** True where an event was reported in another form before. Without an address or identity nothing is known. */
  isRepeated(decoder: string, { signal, eventTime, actor, gateway }: SecurityEvent): boolean {
    const program = formsOf.get(decoder)
    const { address, identity } = actor
    if (program === undefined || (address === undefined && identity === undefined)) return false
    const second = Math.floor(eventTime / SECOND_MS)
    const event = JSON.stringify([program, signal, second, address, identity])
    const { own, unknown, any } = this.#keys
    this.#hasher.hash(event, any)
    this.#hasher.hash(event + JSON.stringify(gateway), own)
    const form = -1 - decoders.indexOf(decoder)
    const isOther = (key: Hash128) => (this.#formOf(key) ?? form) !== form
    let isRepeated: boolean
    if (gateway === UNKNOWN_GATEWAY) isRepeated = isOther(any)
    else {
      this.#hasher.hash(event + JSON.stringify(UNKNOWN_GATEWAY), unknown)
      isRepeated = isOther(own) || isOther(unknown)
    }
    this.#remember(own, form)
    this.#remember(any, form)
    return isRepeated
  }

  #formOf(key: Hash128): number | undefined {
    return this.#young.get(key) ?? this.#old.get(key)
  }

  /** The form that reported it first. */
  #remember(key: Hash128, form: number): void {
    if (this.#formOf(key) !== undefined) return
    if (this.#size >= this.#generation) {
      this.#old = this.#young
      this.#young = new ExpiringKeyTable()
      this.#size = 0
    }
    this.#young.set(key, form)
    this.#size += 1
  }
}
