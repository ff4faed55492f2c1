import { nearest } from '../../core/config/sentence.ts'
import type { Expectation, List, Policy, Rule, Selector, Span, Term } from '../model/policy.ts'
import { inOrder } from './parse.ts'
import type { LanguageProblem } from './problem-kinds.ts'
import { didYouMean, Problems, shown } from './problems.ts'
import { isOnlyTls, portsOf } from './resolve-ports.ts'
import type {
  ResolvedDestination,
  ResolvedExpectation,
  ResolvedPolicy,
  ResolvedRule,
  ResolvedSelector,
  ResolvedTerm,
} from './resolved.ts'

/** A policy with its names resolved, as far as that could be done. It has its meaning only if no problem is an error. */
export interface Resolution {
  readonly policy: ResolvedPolicy
  /** In the order of `Policy.expectations`. */
  readonly expectations: readonly ResolvedExpectation[]
  readonly problems: readonly LanguageProblem[]
}

/** Links zones, expands lists, and finds names that mean nothing or two things. */
export function resolvePolicy(policy: Policy): Resolution {
  const problems = new Problems()
  for (const [what, named] of [
    ['zone', policy.zones],
    ['list', policy.lists],
    ['rule', policy.rules],
    ['role', policy.roles],
  ] as const) {
    refuseDuplicates(what, named, problems)
  }
  const names = new Names(policy, problems)
  const zones = policy.zones.map(({ name, at, members }) => {
    refuseZones(members, names)
    return { name, at, members: names.selector(members).filter(terms => terms.every(({ kind }) => kind !== 'zone')) }
  })
  const { name, timeZone, identityLabel, roles } = policy
  const resolved: ResolvedPolicy = {
    name,
    timeZone,
    ...(identityLabel === undefined ? {} : { identityLabel }),
    zones,
    rules: policy.rules.map(rule => resolvedRule(rule, names, problems)),
    roles,
  }
  const expectations = policy.expectations.map(one => resolvedExpectation(one, names, problems))
  for (const list of policy.lists) names.members(list)
  return { policy: resolved, expectations, problems: inOrder(problems.found) }
}

function refuseDuplicates(what: string, named: readonly { name: string; at: Span }[], problems: Problems): void {
  const known = new Set<string>()
  for (const { name, at } of named) {
    if (known.has(name)) {
      const message = `there is already a ${what} ${shown(name)} above; give this one another name, or remove one of the two`
      problems.error('duplicate-name', at, message)
    }
    known.add(name)
  }
}

/** The zone of an end is decided by what it is; a zone that asked for another zone could ask for itself. */
function refuseZones(members: Selector, names: Names): void {
  for (const { terms } of members) {
    for (const term of terms) {
      const isZone = term.kind === 'zone' || (term.kind === 'list' && names.holdsZone(term.list))
      if (!isZone) continue
      const what = term.kind === 'zone' ? 'another zone' : `the list ${shown(term.list)}, which has zones`
      names.problems.error(
        'zone-in-zone',
        term.at,
        `the members of a zone cannot be ${what}; write its members into a list, and name that in both zones`,
      )
    }
  }
}

/** Alternatives that lists may be expanded to, over all rules: a few lists of lists can otherwise fill any memory. */
const MAX_ALTERNATIVES = 1_000_000

type Alternative = readonly ResolvedTerm[]

/** What names mean. Each list is expanded once. */
class Names {
  readonly problems: Problems
  readonly #zones = new Map<string, number>()
  readonly #lists = new Map<string, List>()
  readonly #expanded = new Map<string, ResolvedSelector>()
  /** Lists that are being expanded, outermost first. */
  readonly #within: string[] = []
  #alternatives = 0

  constructor({ zones, lists }: Policy, problems: Problems) {
    this.problems = problems
    for (const [index, { name }] of zones.entries()) if (!this.#zones.has(name)) this.#zones.set(name, index)
    for (const list of lists) if (!this.#lists.has(list.name)) this.#lists.set(list.name, list)
  }

  selector(selector: Selector): ResolvedSelector {
    const alternatives: Alternative[] = []
    for (const { terms, at } of selector) {
      for (const one of this.conjunction(terms, at)) alternatives.push(one)
    }
    return alternatives
  }

  /** The alternatives that terms expand to: more than one where a term is a list. */
  conjunction(terms: readonly Term[], at: Span): ResolvedSelector {
    let found: readonly Alternative[] = [[]]
    for (const term of terms) {
      const [first, ...more] = this.#term(term)
      if (first === undefined) return []
      if (more.length === 0) {
        // One term of any number is the rule: no copy of the list of a list.
        found = found.length === 1 && found[0]?.length === 0 ? [first] : found.map(one => [...one, ...first])
        continue
      }
      const options = [first, ...more]
      if (!this.#mayAdd(found.length * options.length, at)) return []
      found =
        found.length === 1 && found[0]?.length === 0
          ? options
          : found.flatMap(one => options.map(other => [...one, ...other]))
    }
    return found
  }

  #mayAdd(alternatives: number, at: Span): boolean {
    const had = this.#alternatives
    this.#alternatives += alternatives
    if (this.#alternatives <= MAX_ALTERNATIVES) return true
    if (had <= MAX_ALTERNATIVES) {
      const message = `from here on, the lists expand to more than ${MAX_ALTERNATIVES.toLocaleString('en')} alternatives; use a zone or a network in place of a long list`
      this.problems.error('too-many-alternatives', at, message)
    }
    return false
  }

  #term(term: Term): ResolvedSelector {
    const { problems } = this
    if (term.kind === 'zone') {
      const zone = this.#zones.get(term.zone)
      if (zone !== undefined) return [[{ kind: 'zone', zone }]]
      problems.error('unknown-zone', term.at, this.#unknown('zone', term.zone, [...this.#zones.keys()]))
      return []
    }
    if (term.kind === 'list') {
      const list = this.#lists.get(term.list)
      if (list === undefined) {
        problems.error('unknown-list', term.at, this.#unknown('list', term.list, [...this.#lists.keys()]))
        return []
      }
      if (this.#within.includes(term.list)) {
        const circle = [...this.#within.slice(this.#within.indexOf(term.list)), term.list].join(' > ')
        problems.error(
          'recursive-list',
          term.at,
          `this list is a member of itself (${circle}); remove one of these members`,
        )
        return []
      }
      return this.members(list)
    }
    if (term.kind === 'host' && (this.#zones.has(term.name) || this.#lists.has(term.name))) {
      const what = this.#zones.has(term.name) ? 'zone' : 'list'
      const message = `${shown(term.name)} is read as a host name, and there is a ${what} of that name; did you mean "${what}=${term.name}"?`
      problems.warning('host-like-name', term.at, message, `${what}=${term.name}`)
    }
    return [[resolvedTerm(term)]]
  }

  members(list: List): ResolvedSelector {
    const known = this.#expanded.get(list.name)
    if (known !== undefined) return known
    if (this.#within.length >= MAX_NESTING) {
      this.problems.error(
        'too-deep',
        list.at,
        `lists hold each other over more than ${MAX_NESTING} levels; write their members in fewer lists`,
      )
      return []
    }
    this.#within.push(list.name)
    const members = this.selector(list.members)
    this.#within.pop()
    this.#expanded.set(list.name, members)
    return members
  }

  holdsZone(name: string): boolean {
    const list = this.#lists.get(name)
    return list !== undefined && this.members(list).some(terms => terms.some(({ kind }) => kind === 'zone'))
  }

  #unknown(what: string, name: string, known: readonly string[]): string {
    if (this.problems.isFull) return ''
    const meant = didYouMean(nearest(name, known))
    const others = known.length === 0 || known.length > MAX_NAMED ? '' : `; there are ${known.join(', ')}`
    return `there is no ${what} ${shown(name)}${meant || others}`
  }
}

const MAX_NAMED = 8
const MAX_NESTING = 32

function resolvedTerm(term: Exclude<Term, { kind: 'zone' | 'list' }>): ResolvedTerm {
  const { at: _, ...meaning } = term
  return meaning
}

function resolvedRule(rule: Rule, names: Names, problems: Problems): ResolvedRule {
  const { name, at, conditions, owner, expires, reason, protocols } = rule
  const to = rule.to.flatMap((destination): readonly ResolvedDestination[] => {
    const ports = portsOf(destination, protocols, problems)
    return names.conjunction(destination.terms, destination.at).map(terms => ({ terms, ports }))
  })
  return {
    name,
    at,
    from: names.selector(rule.from),
    to,
    isTls: isOnlyTls(protocols),
    conditions,
    ...(owner === undefined ? {} : { owner }),
    ...(expires === undefined ? {} : { expires }),
    ...(reason === undefined ? {} : { reason }),
  }
}

function resolvedExpectation(expectation: Expectation, names: Names, problems: Problems): ResolvedExpectation {
  const { at, decision, from, to, protocols, conditions } = expectation
  const ports = portsOf(to, protocols, problems)
  return {
    at,
    decision,
    from: names.selector([from]),
    to: names.selector([to]).map(terms => ({ terms, ports })),
    conditions,
  }
}
