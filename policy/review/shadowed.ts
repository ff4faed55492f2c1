import type { ResolvedRule, ResolvedTerm } from '../language/resolved.ts'
import type { Coverage } from './coverage.ts'

export interface ShadowedRule {
  /** Position of the rule, and of one that allows all that it allows. */
  readonly rule: number
  readonly by: number
  /** Whether each allows what the other one does; the later one is named then. */
  readonly isSame: boolean
}

/** Rules that another rule makes superfluous, in their order. */
export function shadowedRules(rules: readonly ResolvedRule[], coverage: Coverage): readonly ShadowedRule[] {
  const sources = new RuleIndex(rules.map(({ from }) => from))
  const destinations = new RuleIndex(rules.map(({ to }) => to.map(({ terms }) => terms)))
  const found: ShadowedRule[] = []
  const superfluous = new Set<number>()
  for (const [index, rule] of rules.entries()) {
    const [from] = rule.from
    const [to] = rule.to
    if (from === undefined || to === undefined) continue
    const [bySource, byDestination] = [sources.mayCover(from), destinations.mayCover(to.terms)]
    const candidates = bySource.length < byDestination.length ? bySource : byDestination
    for (const by of candidates) {
      const other = rules[by]
      // Of two that make each other superfluous, one must stay.
      if (by === index || superfluous.has(by) || other === undefined || !coverage.rule(other, rule)) continue
      const isSame = coverage.rule(rule, other)
      if (isSame && by > index) continue
      superfluous.add(index)
      found.push({ rule: index, by, isSame })
      break
    }
  }
  return found
}

/** Rules by a term that each of their alternatives has. */
class RuleIndex {
  readonly #exact = new Map<string, Set<number>>()
  /** Those with a term that may hold for others than itself: a network, the beginning of an identity. */
  readonly #open = new Set<number>()

  constructor(alternatives: readonly (readonly (readonly ResolvedTerm[])[])[]) {
    for (const [rule, of] of alternatives.entries()) {
      for (const [term] of of) {
        const key = term === undefined ? undefined : exactKey(term)
        if (key === undefined) {
          this.#open.add(rule)
          continue
        }
        const known = this.#exact.get(key) ?? new Set()
        known.add(rule)
        this.#exact.set(key, known)
      }
    }
  }

  /** Rules with an alternative that may hold for all that these terms hold for, the earliest first. */
  mayCover(terms: readonly ResolvedTerm[]): readonly number[] {
    const found = new Set(this.#open)
    for (const term of terms) {
      const key = exactKey(term)
      for (const rule of (key === undefined ? undefined : this.#exact.get(key)) ?? []) found.add(rule)
    }
    return [...found].sort((a, b) => a - b)
  }
}

function exactKey(term: ResolvedTerm): string | undefined {
  switch (term.kind) {
    case 'any':
    case 'network':
      return undefined
    case 'service-identity':
      return term.name.endsWith('*') ? undefined : `identity ${term.name}`
    case 'host':
      return term.name.startsWith('*.') ? undefined : `host ${term.name}`
    case 'zone':
      return `zone ${term.zone}`
    case 'namespace':
      return `namespace ${term.name}`
    case 'label':
      return `label ${term.label}=${term.value}`
  }
}
