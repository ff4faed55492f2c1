import { type EntityKind, entityKinds } from '../../../core/vocabulary.ts'
import { FirstSeen } from '../entity/first-seen.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import type { MinuteKeys } from './minute-input.ts'
import type { FirstSeenExplanation } from './score-result.ts'

const NOBODY = new Map<string, number>()

/** First sightings of a series, one scope for each kind of key; a scope begins with the first minute that brings its kind. */
export class EntityViews {
  readonly #seed: number
  readonly #scopes = new Map<EntityKind, FirstSeen>()

  constructor(seed: number) {
    this.#seed = seed
  }

  /** Largest surprise of all kinds. */
  get surprise(): number {
    let largest = 0
    for (const scope of this.#scopes.values()) largest = Math.max(largest, scope.surprise)
    return largest
  }

  step(time: number, keys: MinuteKeys): void {
    for (const kind of entityKinds) {
      const counts = keys[kind]
      if (counts !== undefined) this.#scope(kind).step(time, counts)
      else this.#scopes.get(kind)?.step(time, NOBODY)
    }
  }

  learnLate(keys: MinuteKeys): void {
    for (const kind of entityKinds) {
      const counts = keys[kind]
      if (counts !== undefined) this.#scope(kind).learnLate(counts)
    }
  }

  explain(): FirstSeenExplanation[] {
    return [...this.#scopes].map(([kind, scope]) => ({
      kind,
      newKeys: scope.newKeys,
      minutes: scope.window,
      surprise: scope.surprise,
      oneEventIn: Math.round(1 / scope.chance),
      newest: scope.newest,
    }))
  }

  save(to: StateWriter): void {
    to.u32(this.#scopes.size)
    for (const [kind, scope] of this.#scopes) {
      to.u32(entityKinds.indexOf(kind))
      scope.save(to)
    }
  }

  load(from: StateReader): void {
    this.#scopes.clear()
    for (let left = from.u32(); left > 0; left--) this.#scope(entityKinds[from.u32()] as EntityKind).load(from)
  }

  #scope(kind: EntityKind): FirstSeen {
    let scope = this.#scopes.get(kind)
    if (scope === undefined) {
      scope = new FirstSeen(this.#seed)
      this.#scopes.set(kind, scope)
    }
    return scope
  }
}
