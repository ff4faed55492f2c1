import { type EpochMs, MINUTE_MS } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import { signals } from '../../core/signals.ts'
import type { DocumentValue } from '../../service/state/state.ts'
import { ExpiringKeys } from './expiring-keys.ts'

/** Identities that one address must try within the window; the help of the signal says the same. */
export const SPRAY_IDENTITIES = 10
export const SPRAY_WINDOW_MS = 15 * MINUTE_MS

/** Most attempts (an identity tried from an address) that are remembered. */
const CAPACITY = 20_000

/**
 * Tells of an address that tries many identities, once: again only after it had fallen below the number. Only trusted
 * addresses, because whoever acts on them must not be led to a victim's. Time is that of the newest event.
 */
export class Spray {
  readonly #attempts = new ExpiringKeys<string>('sprays', CAPACITY)
  /** Identities that are remembered, by address. */
  readonly #identities = new Map<string, number>()
  readonly #spraying = new Set<string>()
  #newest = Number.NEGATIVE_INFINITY

  derive(event: SecurityEvent, now: EpochMs): SecurityEvent | undefined {
    const { signal, actor, gateway, trustZone, eventTime } = event
    if (signal !== 'auth_failures' && signal !== 'auth_lockouts') return undefined
    const { address, addressTrusted, identity } = actor
    if (address === undefined || !addressTrusted || identity === undefined) return undefined
    this.#advance(Math.min(eventTime, now))
    const until = eventTime + SPRAY_WINDOW_MS
    if (until <= this.#newest) return undefined
    const from = JSON.stringify([gateway, trustZone, address])
    if (!this.#remember(JSON.stringify([from, identity]), from, until) || this.#spraying.has(from)) return undefined
    if ((this.#identities.get(from) ?? 0) < SPRAY_IDENTITIES) return undefined
    this.#spraying.add(from)
    return {
      ...event,
      signal: 'auth_sprays',
      labels: {},
      outcome: 'denied',
      severity: signals.auth_sprays.severity,
      count: 1,
    }
  }

  changes(): DocumentValue[] {
    return this.#attempts.changes()
  }

  /** Who had tried enough at the last commit has been told of. */
  restore(documents: readonly DocumentValue[]): void {
    this.#attempts.restore(documents)
    for (const [, from] of this.#attempts.entries()) this.#add(from)
    for (const [from, identities] of this.#identities) if (identities >= SPRAY_IDENTITIES) this.#spraying.add(from)
  }

  /** @returns true where the identity is new to the address */
  #remember(attempt: string, from: string, until: EpochMs): boolean {
    const isNew = this.#attempts.get(attempt) === undefined
    for (const [, evicted] of this.#attempts.set(attempt, from, until)) this.#remove(evicted)
    if (isNew) this.#add(from)
    return isNew
  }

  #advance(time: EpochMs): void {
    if (time <= this.#newest) return
    this.#newest = time
    for (const [, from] of this.#attempts.expire(time)) this.#remove(from)
  }

  #add(from: string): void {
    this.#identities.set(from, (this.#identities.get(from) ?? 0) + 1)
  }

  #remove(from: string): void {
    const left = (this.#identities.get(from) ?? 0) - 1
    if (left < SPRAY_IDENTITIES) this.#spraying.delete(from)
    if (left > 0) this.#identities.set(from, left)
    else this.#identities.delete(from)
  }
}
