import { type EntityKind, entityKinds } from '../../../../core/labels/event.ts'
import { FirstSeen } from '../entity/first-seen.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import type { MinuteKeys } from './minute-input.ts'
import type { FirstSeenExplanation } from './score-result.ts'

const NO_KEYS = new Map<string, number>()

/**
 * First-seen keys of a series, one scope for each kind of key. A scope begins with the first minute that brings its
 * kind; only then the state makes room for it.
 */
export class EntityViews {
  /** Number of the kind of each scope that has begun, and how many have. */
  readonly #kinds: number
  readonly #begun: number
  readonly #scopes: readonly FirstSeen[]

  /** The last part of a layout: it ends the room that every state has, and adds a piece for each scope. */
  constructor(layout: Layout) {
    this.#kinds = layout.wholes(entityKinds.length)
    this.#begun = layout.wholes()
    layout.endRoom()
    this.#scopes = entityKinds.map((_, scope) => {
      const firstSeen = new FirstSeen(layout, scope)
      layout.endRoom()
      return firstSeen
    })
  }

  /** Largest surprise of all kinds. */
  surprise(state: ScorerState): number {
    let largest = 0
    for (let scope = 0; scope < this.#count(state); scope++) {
      largest = Math.max(largest, this.#at(scope).surprise(state))
    }
    return largest
  }

  /** @param seed of the keys' hash, for scopes that begin now */
  step(state: ScorerState, time: number, keys: MinuteKeys, seed: number): void {
    for (const [number, kind] of entityKinds.entries()) {
      const counts = keys[kind]
      const scope = counts === undefined ? this.#find(state, number) : this.#scope(state, number, seed)
      scope?.step(state, time, counts ?? NO_KEYS)
    }
  }

  learnLate(state: ScorerState, keys: MinuteKeys, seed: number): void {
    for (const [number, kind] of entityKinds.entries()) {
      const counts = keys[kind]
      if (counts !== undefined) this.#scope(state, number, seed).learnLate(state, counts)
    }
  }

  explain(state: ScorerState): FirstSeenExplanation[] {
    return Array.from({ length: this.#count(state) }, (_, index) => {
      const scope = this.#at(index)
      return {
        kind: entityKinds[this.#kind(state, index)] as EntityKind,
        ...scope.found(state),
        surprise: scope.surprise(state),
        oneEventIn: Math.round(1 / scope.chance(state)),
        newest: scope.newest(state),
      }
    })
  }

  save(state: ScorerState, to: StateWriter): void {
    to.u32(this.#count(state))
    for (let index = 0; index < this.#count(state); index++) {
      to.u32(this.#kind(state, index))
      this.#at(index).save(state, to)
    }
  }

  /** Into a state without scopes. */
  load(state: ScorerState, from: StateReader): void {
    for (let left = from.u32(); left > 0; left--)
      this.#begin(state, from.below(entityKinds.length), 0).load(state, from)
  }

  #scope(state: ScorerState, kind: number, seed: number): FirstSeen {
    return this.#find(state, kind) ?? this.#begin(state, kind, seed)
  }

  #find(state: ScorerState, kind: number): FirstSeen | undefined {
    for (let index = 0; index < this.#count(state); index++) {
      if (this.#kind(state, index) === kind) return this.#at(index)
    }
    return undefined
  }

  #begin(state: ScorerState, kind: number, seed: number): FirstSeen {
    const index = this.#count(state)
    state.addPiece()
    state.wholes[this.#kinds + index] = kind
    state.wholes[this.#begun] = index + 1
    const scope = this.#at(index)
    scope.begin(state, seed)
    return scope
  }

  #count({ wholes }: ScorerState): number {
    return wholes[this.#begun] as number
  }

  #kind({ wholes }: ScorerState, index: number): number {
    return wholes[this.#kinds + index] as number
  }

  #at(index: number): FirstSeen {
    return this.#scopes[index] as FirstSeen
  }
}
