import { widen } from '../../core/net/target.ts'
import { networkOf } from '../decide/network-classes.ts'
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
    if (coverage.isExhausted) break
    const [from] = rule.from
    const [to] = rule.to
    if (from === undefined || to === undefined) continue
    const terms = [sources.covering(from), destinations.covering(to.terms)] as const
    const candidates = countOf(terms[0]) < countOf(terms[1]) ? terms[0] : terms[1]
    for (const by of inOrder(candidates)) {
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

type Positions = readonly number[]

const countOf = (groups: readonly Positions[]): number => groups.reduce((sum, { length }) => sum + length, 0)

/** The earliest first. One group is in order, and is not copied. */
function inOrder(groups: readonly Positions[]): Positions {
  const [only = [], ...more] = groups
  return more.length === 0 ? only : [...new Set(groups.flat())].sort((a, b) => a - b)
}

/**
 * Rules by the first term of each of their alternatives. What may cover a term is looked up, also networks, beginnings of
 * identities and patterns of hosts: their number is that of the lengths that the policy has, not that of its rules.
 */
class RuleIndex {
  readonly #exact = new Map<string, number[]>()
  /** Those that hold for every end. */
  readonly #open: number[] = []
  readonly #prefixes = { 4: new Set<number>(), 6: new Set<number>() }
  readonly #beginnings = new Set<number>()

  constructor(alternatives: readonly (readonly (readonly ResolvedTerm[])[])[]) {
    for (const [rule, of] of alternatives.entries()) for (const [term] of of) this.#add(term, rule)
  }

  /** Groups of rules with an alternative that may hold for all that these terms hold for, each in its order. */
  covering(terms: readonly ResolvedTerm[]): readonly Positions[] {
    const keys = new Set(terms.flatMap(term => [...this.#keysCovering(term)]))
    const groups = [this.#open, ...[...keys].map(key => this.#exact.get(key) ?? [])]
    return groups.filter(({ length }) => length > 0)
  }

  #add(term: ResolvedTerm | undefined, rule: number): void {
    const key = term === undefined || term.kind === 'any' ? undefined : keyOf(term)
    const known = key === undefined ? this.#open : (this.#exact.get(key) ?? [])
    if (known.at(-1) !== rule) known.push(rule)
    if (key === undefined) return
    this.#exact.set(key, known)
    if (term?.kind === 'network') {
      const { family, prefix } = networkOf(term.cidr)
      this.#prefixes[family].add(prefix)
    }
    if (term?.kind === 'service-identity' && term.name.endsWith('*')) this.#beginnings.add(term.name.length - 1)
  }

  *#keysCovering(term: ResolvedTerm): Iterable<string> {
    if (term.kind === 'any') return
    yield keyOf(term)
    if (term.kind === 'network') {
      const target = networkOf(term.cidr)
      for (const prefix of this.#prefixes[target.family]) {
        if (prefix < target.prefix) yield `network ${widen(target, prefix).text}`
      }
    } else if (term.kind === 'service-identity') {
      const stem = term.name.endsWith('*') ? term.name.slice(0, -1) : term.name
      for (const length of this.#beginnings) {
        if (length <= stem.length) yield `identity ${stem.slice(0, length)}*`
      }
    } else if (term.kind === 'host') yield `host *${term.name.slice(term.name.indexOf('.'))}`
  }
}

function keyOf(term: Exclude<ResolvedTerm, { kind: 'any' }>): string {
  switch (term.kind) {
    case 'network':
      return `network ${networkOf(term.cidr).text}`
    case 'service-identity':
      return `identity ${term.name}`
    case 'host':
      return `host ${term.name}`
    case 'zone':
      return `zone ${term.zone}`
    case 'namespace':
      return `namespace ${term.name}`
    case 'label':
      return `label ${term.label}=${term.value}`
  }
}
