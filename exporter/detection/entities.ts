import { scoreSeverities } from '../../core/score-severity.ts'
import type { KeyCounts } from './model/entity/first-seen.ts'
import { createLiteScorer, type EntityScore, type LiteScorer } from './model/series/lite-scorer.ts'
import { type EntityKind, entityKinds, type MinuteKeys } from './model/series/minute-input.ts'

export interface EntityLimits {
  /** Maximum number of entities in one table. */
  readonly capacity: number
  /** Tables that may still be begun, over all series. */
  tablesLeft: number
  /** Tables that were not begun because the budget was used up. */
  overflowed: number
}

/** Entities of a series that did more than theirs in the last block of 20 minutes, by kind. */
export interface AnomalousEntity extends EntityScore {
  readonly kind: EntityKind
  /** Start of the block's last minute, seconds since 1970. */
  readonly minute: number
}

const NO_KEYS: KeyCounts = new Map()
/** Most series have no table and share this empty one. */
const NO_TABLES: ReadonlyMap<EntityKind, LiteScorer> = new Map()
const NO_KINDS: readonly EntityKind[] = []
const NO_ENTITIES: readonly AnomalousEntity[] = []
/** Maximum number of entities that are reported for one series. */
const MAX_ENTITIES = 5

/** The lite tier of one series: a bounded table for each kind of entity that its events bring. */
export class Entities {
  readonly #series: string
  readonly #limits: EntityLimits
  readonly #seed: number
  #tables = NO_TABLES
  #refused: readonly EntityKind[] = NO_KINDS
  #anomalous: readonly AnomalousEntity[] = NO_ENTITIES

  constructor(series: string, limits: EntityLimits, seed: number) {
    this.#series = series
    this.#limits = limits
    this.#seed = seed
  }

  /** Those of the last block, most surprising first. */
  get anomalous(): readonly AnomalousEntity[] {
    return this.#anomalous
  }

  /** @param expected events of the minute that the full tier expected */
  step(minute: number, keys: MinuteKeys, expected: number): void {
    const found: AnomalousEntity[] = []
    let ended = false
    for (const kind of entityKinds) {
      const counts = keys[kind]
      const table = this.#tables.get(kind) ?? (counts === undefined ? undefined : this.#begin(kind))
      const block = table?.step(minute, counts ?? NO_KEYS, expected)
      if (block === undefined) continue
      ended = true
      for (const entity of block.top)
        if (entity.score >= scoreSeverities.medium) found.push({ ...entity, kind, minute })
    }
    if (ended) this.#anomalous = found.sort((a, b) => b.score - a.score).slice(0, MAX_ENTITIES)
  }

  snapshots(): [EntityKind, Uint8Array][] {
    return [...this.#tables].map(([kind, table]) => [kind, table.snapshot()])
  }

  /** A table that cannot be restored begins empty. */
  restore(kind: EntityKind, snapshot: Uint8Array): void {
    this.#begin(kind)?.restore(snapshot)
  }

  /** Gives its tables back. */
  clear(): void {
    this.#limits.tablesLeft += this.#tables.size
    this.#tables = NO_TABLES
    this.#anomalous = NO_ENTITIES
  }

  #begin(kind: EntityKind): LiteScorer | undefined {
    if (this.#limits.tablesLeft <= 0) {
      if (this.#refused.includes(kind)) return undefined
      this.#limits.overflowed++
      this.#refused = [...this.#refused, kind]
      return undefined
    }
    this.#limits.tablesLeft--
    const table = createLiteScorer({
      series: `${this.#series} ${kind}`,
      capacity: this.#limits.capacity,
      topK: MAX_ENTITIES,
      seed: this.#seed,
    })
    this.#tables = new Map([...this.#tables, [kind, table]])
    return table
  }
}
