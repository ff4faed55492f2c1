import type { Json } from '../../service/state/state.ts'
import type { ChangedRow, JsonPersistent, Persistent, SavedRow } from '../contracts/persistent.ts'
import type { Beginnings } from './first-seen-entities.ts'
import { Levels } from './levels.ts'
import { sourceSetName } from './source-sets.ts'

/** Contributing sources of a gateway that was never derived. */
const NONE = sourceSetName([])

/** How far the derivation of one gateway has come. All times are starts of minutes. */
export interface DerivedGateway {
  readonly name: string
  /** The first minute that is not derived. */
  next: number
  /** Name of the sources that must have delivered everything up to `next`. */
  contributingSources: string
  /** The newest minute with an observation. */
  lastObserved: number
  readonly began: Beginnings
  /** Of a backfill that is still being read; it counts for `began` when the backfill is complete. */
  readonly learned: Beginnings
}

/** An earlier version wrote neither contributing sources nor the number of levels. */
type Saved = readonly [
  next: number | null,
  lastObserved: number | null,
  began: Beginnings,
  learned: Beginnings,
  contributingSources?: string,
  levels?: number,
]

/** The gateways that were observed; bounded, because their names come from records. */
export class DerivedGateways implements JsonPersistent {
  readonly key = 'derivation/'
  readonly format = 'json'
  readonly #byName = new Map<string, DerivedGateway>()
  readonly #changed = new Set<string>()
  /** Those that have moved on since all were last level. */
  readonly #advanced = new Set<string>()
  readonly #levels = new Levels('level-derivation')
  /** The position of a gateway depends on the levels too, so that these come first. */
  readonly persistents: readonly Persistent[] = [this.#levels, this]

  get(name: string): DerivedGateway | undefined {
    return this.#byName.get(name)
  }

  /** The gateway of this name, begun where it is new. */
  of(name: string): DerivedGateway {
    return this.#byName.get(name) ?? this.#add(name, [null, null, {}, {}])
  }

  all(): Iterable<DerivedGateway> {
    return this.#byName.values()
  }

  /** To be saved with the next commit. */
  touch({ name }: DerivedGateway): void {
    this.#changed.add(name)
  }

  /** All minutes of the gateway that begin before `end` are derived, or have no observation. */
  advance(gateway: DerivedGateway, contributingSources: string, end: number): void {
    if (gateway.contributingSources !== contributingSources) {
      gateway.contributingSources = contributingSources
      this.touch(gateway)
    }
    if (end <= gateway.next) return
    gateway.next = end
    this.#advanced.add(gateway.name)
  }

  /**
   * Nothing is left to derive.
   *
   * @param ends by the name of the contributing sources
   */
  level(ends: Iterable<readonly [contributingSources: string, end: number]>): void {
    if (this.#advanced.size > 0 && this.#levels.reach(ends)) this.#advanced.clear()
  }

  /** Where there are more than `capacity`: removes and returns about an eighth, those that were silent longest. */
  shrink(capacity: number): DerivedGateway[] {
    if (this.#byName.size <= capacity) return []
    const byAge = [...this.#byName.values()].sort(
      (a, b) => a.lastObserved - b.lastObserved || (a.name < b.name ? -1 : 1),
    )
    const removed = byAge.slice(0, this.#byName.size - Math.floor((capacity * 7) / 8))
    for (const { name } of removed) {
      this.#byName.delete(name)
      this.#changed.add(name)
    }
    return removed
  }

  changes(): readonly ChangedRow<Json>[] {
    const names = new Set([...this.#changed, ...this.#advanced])
    const rows = [...names].map(name => ({ name, value: this.#savedOf(this.#byName.get(name)) }))
    this.#changed.clear()
    this.#advanced.clear()
    return rows
  }

  restore(rows: readonly SavedRow<Json>[]): void {
    for (const { name, value } of rows) this.#add(name, value as unknown as Saved)
  }

  #add(
    name: string,
    [next, lastObserved, began, learned, contributingSources = NONE, levels = 0]: Saved,
  ): DerivedGateway {
    const gateway = {
      name,
      next: this.#levels.since(levels, contributingSources, next ?? Number.NEGATIVE_INFINITY),
      contributingSources,
      lastObserved: lastObserved ?? Number.NEGATIVE_INFINITY,
      began: { ...began },
      learned: { ...learned },
    }
    this.#byName.set(name, gateway)
    return gateway
  }

  /** JSON has no infinity. */
  #savedOf(gateway: DerivedGateway | undefined): Json {
    if (gateway === undefined) return null
    const { next, lastObserved, began, learned, contributingSources } = gateway
    const finite = [next, lastObserved].map(time => (Number.isFinite(time) ? time : null))
    return [...finite, { ...began }, { ...learned }, contributingSources, this.#levels.count]
  }
}
