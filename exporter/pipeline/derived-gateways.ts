import type { DocumentValue, Json } from '../../service/state/state.ts'
import type { Beginnings } from './sightings.ts'

const PREFIX = 'derivation/'

/** How far the derivation of one gateway has come. All times are starts of minutes. */
export interface DerivedGateway {
  readonly name: string
  /** The first minute that is not derived. */
  next: number
  /** The newest minute with an observation. */
  heard: number
  readonly began: Beginnings
  /** Of a past that is still being read; it counts for `began` when all of it is known. */
  readonly learned: Beginnings
}

type Saved = readonly [next: number | null, heard: number | null, began: Beginnings, learned: Beginnings]

/** The gateways that were observed; bounded, because their names come from records. */
export class DerivedGateways {
  readonly #byName = new Map<string, DerivedGateway>()
  readonly #changed = new Set<string>()

  get(name: string): DerivedGateway | undefined {
    return this.#byName.get(name)
  }

  /** The gateway of this name, begun where it is new. */
  of(name: string): DerivedGateway {
    return this.#byName.get(name) ?? this.#add(name, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, {}, {})
  }

  all(): Iterable<DerivedGateway> {
    return this.#byName.values()
  }

  /** To be saved with the next commit. */
  touch({ name }: DerivedGateway): void {
    this.#changed.add(name)
  }

  /** Where there are more than `capacity`: removes and returns about an eighth, those that were silent longest. */
  shrink(capacity: number): DerivedGateway[] {
    if (this.#byName.size <= capacity) return []
    const byAge = [...this.#byName.values()].sort((a, b) => a.heard - b.heard || (a.name < b.name ? -1 : 1))
    const removed = byAge.slice(0, this.#byName.size - Math.floor((capacity * 7) / 8))
    for (const { name } of removed) {
      this.#byName.delete(name)
      this.#changed.add(name)
    }
    return removed
  }

  changes(): DocumentValue[] {
    const documents = [...this.#changed].map(name => ({ name: PREFIX + name, value: savedOf(this.#byName.get(name)) }))
    this.#changed.clear()
    return documents
  }

  restore(documents: readonly DocumentValue[]): void {
    for (const { name, value } of documents) {
      if (!name.startsWith(PREFIX)) continue
      const [next, heard, began, learned] = value as unknown as Saved
      this.#add(name.slice(PREFIX.length), next ?? -Infinity, heard ?? -Infinity, began, learned)
    }
  }

  #add(name: string, next: number, heard: number, began: Beginnings, learned: Beginnings): DerivedGateway {
    const gateway = { name, next, heard, began: { ...began }, learned: { ...learned } }
    this.#byName.set(name, gateway)
    return gateway
  }
}

/** JSON has no infinity. */
function savedOf(gateway: DerivedGateway | undefined): Json {
  if (gateway === undefined) return null
  const { next, heard, began, learned } = gateway
  return [Number.isFinite(next) ? next : null, Number.isFinite(heard) ? heard : null, { ...began }, { ...learned }]
}
