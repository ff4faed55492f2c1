import type { EpochMs } from '../../../core/clock.ts'
import type { Json } from '../../../service/state/state.ts'
import type { ChangedRow, JsonPersistent, SavedRow } from '../../contracts/persistent.ts'
import { type Observed, type ObservedRealm, observedInAll, withSignIn } from './observation.ts'

/** Realms that are held; the one whose last sign-in is the oldest goes first, and what it proved is unknown then. */
const CAPACITY = 2_000

/**
 * Of each realm and kind of account the time in which sign-ins were logged; of the tokens of devices the time of the lists
 * of a gateway.
 */
export class Observations implements JsonPersistent {
  readonly key = 'identity-observations/'
  readonly format = 'json'
  readonly #gap: number
  readonly #held = new Map<string, Observed>()
  readonly #changed = new Set<string>()

  /** @param gap longest time without a sign-in that is no gap, milliseconds */
  constructor(gap: number) {
    this.#gap = gap
  }

  see({ gateway, kind, realm }: ObservedRealm, time: EpochMs): void {
    const name = JSON.stringify([gateway, kind, realm])
    const before = this.#held.get(name)
    const after = withSignIn(before, time, this.#gap)
    if (before?.since === after.since && before.until === after.until) return
    this.#held.set(name, after)
    this.#changed.add(name)
    this.#bound()
  }

  /** Of an identity whose realm is not known: what is observed in all realms of its gateway. */
  of({
    gateway,
    kind,
    realm,
  }: Pick<ObservedRealm, 'gateway' | 'kind'> & { readonly realm?: string }): Observed | undefined {
    if (realm !== undefined) return this.#held.get(JSON.stringify([gateway, kind, realm]))
    const beginning = `${JSON.stringify([gateway, kind]).slice(0, -1)},`
    const ofGateway = [...this.#held].flatMap(([name, observed]) => (name.startsWith(beginning) ? [observed] : []))
    return observedInAll(ofGateway)
  }

  changes(): readonly ChangedRow<Json>[] {
    const rows = [...this.#changed].map(name => {
      const observed = this.#held.get(name)
      return { name, value: observed === undefined ? null : { since: observed.since, until: observed.until } }
    })
    this.#changed.clear()
    return rows
  }

  restore(rows: readonly SavedRow<Json>[]): void {
    for (const { name, value } of rows) this.#held.set(name, value as unknown as Observed)
  }

  #bound(): void {
    if (this.#held.size <= CAPACITY) return
    const [oldest] = [...this.#held].sort(([, a], [, b]) => a.until - b.until)
    if (oldest === undefined) return
    this.#held.delete(oldest[0])
    this.#changed.add(oldest[0])
  }
}
