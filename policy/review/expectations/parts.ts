import type { ResolvedPolicy, ResolvedTerm } from '../../language/resolved.ts'
import type { Coverage } from '../coverage.ts'

type Conjunction = readonly ResolvedTerm[]

/** Alternatives that the zones of one conjunction are followed to. */
const MAX_MEMBERS = 1_000

/** What a policy names of the ends of one side, to find the parts of what an expectation names. */
export class NamedParts {
  readonly #policy: ResolvedPolicy
  readonly #coverage: Coverage
  readonly #named: readonly Conjunction[]

  /** @param named conjunctions of the rules for this side */
  constructor(policy: ResolvedPolicy, named: Iterable<Conjunction>, coverage: Coverage) {
    this.#policy = policy
    this.#coverage = coverage
    const members = policy.zones.map((_, zone): Conjunction => [{ kind: 'zone', zone }])
    const distinct = new Map<string, Conjunction>()
    for (const terms of [...named, ...members]) {
      for (const one of withMembers(terms, policy)) distinct.set(JSON.stringify(one), one)
    }
    this.#named = [...distinct.values()]
  }

  /** The terms themselves with the members of their zones, and all narrower ones that the policy names. */
  of(terms: Conjunction): readonly Conjunction[] {
    const own = withMembers(terms, this.#policy)
    const known = new Set(own.map(one => JSON.stringify(one)))
    const narrower = this.#named.filter(
      one => !known.has(JSON.stringify(one)) && this.#coverage.conjunction(terms, one),
    )
    return [...own, ...narrower]
  }
}

/** A conjunction with the members of its zones, for each of them. */
function withMembers(terms: Conjunction, { zones }: ResolvedPolicy): readonly Conjunction[] {
  let found: readonly Conjunction[] = [terms]
  for (const term of terms) {
    if (term.kind !== 'zone') continue
    const members = zones[term.zone]?.members ?? []
    found = found.flatMap(one => members.slice(0, MAX_MEMBERS).map(more => [...one, ...more])).slice(0, MAX_MEMBERS)
  }
  return found
}
