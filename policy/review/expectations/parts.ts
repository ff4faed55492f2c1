import type { ResolvedPolicy, ResolvedTerm } from '../../language/resolved.ts'
import { Coverage } from '../coverage.ts'

type Conjunction = readonly ResolvedTerm[]

/** Alternatives that the zones of one conjunction are followed to, and all that are named together. */
const MAX_MEMBERS = 10_000
const MAX_NAMED = 500_000

/** What a policy names of the ends of one side, to find the parts of what an expectation names. */
export class NamedParts {
  readonly #policy: ResolvedPolicy
  /** Undefined where there are too many. */
  readonly #named: readonly (readonly [key: string, terms: Conjunction])[] | undefined

  /** @param named conjunctions of the rules for this side */
  constructor(policy: ResolvedPolicy, named: Iterable<Conjunction>) {
    this.#policy = policy
    this.#named = distinct(policy, named)
  }

  get size(): number {
    return this.#named?.length ?? Number.POSITIVE_INFINITY
  }

  /**
   * The terms themselves with the members of their zones, and all narrower ones that the policy names.
   *
   * @returns undefined where they are too many: a part that is not looked at could have another answer
   */
  of(terms: Conjunction): readonly Conjunction[] | undefined {
    const own = withMembers(terms, this.#policy)
    if (own === undefined || this.#named === undefined) return undefined
    const known = new Set(own.map(one => JSON.stringify(one)))
    // Its number of comparisons is limited.
    const coverage = new Coverage()
    const narrower = this.#named.filter(([key, one]) => !known.has(key) && coverage.conjunction(terms, one))
    return [...own, ...narrower.map(([, one]) => one)]
  }
}

function distinct(policy: ResolvedPolicy, named: Iterable<Conjunction>): [string, Conjunction][] | undefined {
  const zones = policy.zones.map((_, zone): Conjunction => [{ kind: 'zone', zone }])
  const found = new Map<string, Conjunction>()
  for (const terms of [...named, ...zones]) {
    const all = withMembers(terms, policy)
    if (all === undefined) return undefined
    for (const one of all) found.set(JSON.stringify(one), one)
    if (found.size > MAX_NAMED) return undefined
  }
  return [...found]
}

/** A conjunction with the members of its zones, for each of them; undefined where they are too many. */
function withMembers(terms: Conjunction, { zones }: ResolvedPolicy): readonly Conjunction[] | undefined {
  let found: readonly Conjunction[] = [terms]
  for (const term of terms) {
    if (term.kind !== 'zone') continue
    const members = zones[term.zone]?.members ?? []
    if (found.length * members.length > MAX_MEMBERS) return undefined
    found = found.flatMap(one => members.map(more => [...one, ...more]))
  }
  return found
}
