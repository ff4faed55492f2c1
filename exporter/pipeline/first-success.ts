import type { EpochMs } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import { signals } from '../../core/signals.ts'
import type { DocumentValue } from '../../service/state/state.ts'
import { FirstSeen } from './first-seen.ts'

/** Only who succeeds is remembered: failing attempts, however many, cannot push anybody out. */
const CAPACITY = 50_000

/** Tells of a success from an address that had none at this gateway in the 30 days before. */
export class FirstSuccess {
  readonly #memory = new FirstSeen('first-success', CAPACITY)

  derive(event: SecurityEvent, now: EpochMs): SecurityEvent | undefined {
    const { signal, actor, gateway, eventTime } = event
    if (signal !== 'auth_successes' || !actor.addressTrusted || actor.address === undefined) return undefined
    if (!this.#memory.see(JSON.stringify([gateway, actor.address]), eventTime, now)) return undefined
    const { severity } = signals.first_seen_successes
    return { ...event, signal: 'first_seen_successes', labels: {}, severity, count: 1 }
  }

  changes(): DocumentValue[] {
    return this.#memory.changes()
  }

  restore(documents: readonly DocumentValue[]): void {
    this.#memory.restore(documents)
  }
}
