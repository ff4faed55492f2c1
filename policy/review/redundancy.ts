import type { ResolvedPolicy, ResolvedRule, ResolvedTerm } from '../language/resolved.ts'
import { conjunctionText, destinationText } from '../language/write.ts'
import type { Condition, Policy, Span } from '../model/policy.ts'
import type { Coverage } from './coverage.ts'
import type { LintFinding, LintRule } from './lint-rule.ts'
import { shadowedRules } from './shadowed.ts'

export const redundancyRules = {
  'rule-duplicate': {
    level: 'warning',
    help: 'Two rules allow the same: to change one of them changes nothing.',
    *find({ policy, resolved, coverage }) {
      for (const { rule, by, isSame } of shadowedRules(resolved.rules, coverage)) {
        if (isSame) yield shadowFinding(policy, rule, `allows the same as ${policy.rules[by]?.name}`)
      }
    },
  },
  'rule-shadowed': {
    level: 'warning',
    help: 'Another rule allows all that a rule allows: to remove that rule, or to let it expire, changes nothing.',
    *find({ policy, resolved, coverage }) {
      for (const { rule, by, isSame } of shadowedRules(resolved.rules, coverage)) {
        if (!isSame) yield shadowFinding(policy, rule, `allows nothing that ${policy.rules[by]?.name} does not allow`)
      }
    },
  },
  'duplicate-alternative': {
    level: 'warning',
    help: 'An alternative is written twice in one place.',
    *find({ policy }) {
      const selectors = [...policy.zones, ...policy.lists].map(({ members }) => members)
      for (const selector of [...selectors, ...policy.rules.map(({ from }) => from)]) {
        yield* repeated(selector, conjunctionText)
      }
      for (const { to } of policy.rules) yield* repeated(to, one => destinationText(one, one.ports[0]))
    },
  },
  unreachable: {
    level: 'warning',
    help: 'A part of the policy can never hold: its terms or conditions contradict each other, or an earlier zone has all of its members.',
    *find({ policy, resolved, coverage }) {
      yield* unreachableZones(policy, resolved, coverage)
      for (const [index, rule] of policy.rules.entries()) {
        const meaning = resolved.rules[index]
        if (meaning !== undefined) yield* unreachableParts(rule, meaning, resolved, coverage)
      }
      for (const { name, conditions } of policy.roles) yield* conditionsApart(name, conditions, coverage)
    },
  },
  'role-shadowed': {
    level: 'warning',
    help: 'An identity has the first role that names it, and a later role names it too.',
    *find({ policy, coverage }) {
      const named: { readonly role: string; readonly identity: string }[] = []
      for (const { name: role, at, identities } of policy.roles) {
        for (const identity of identities) {
          const first = named.find(one =>
            coverage.term(
              { kind: 'service-identity', name: one.identity },
              { kind: 'service-identity', name: identity },
            ),
          )
          if (first !== undefined) {
            yield {
              at,
              message: `${identity} already has the role ${first.role}, and an identity has the first role that names it; remove it here or there`,
            }
          }
        }
        named.push(...identities.map(identity => ({ role, identity })))
      }
    },
  },
} as const satisfies Record<string, LintRule>

function shadowFinding(policy: Policy, rule: number, what: string): LintFinding {
  const { name = '', at = { from: 0, to: 0 } } = policy.rules[rule] ?? {}
  return { at, message: `${name} ${what}; remove one of the two, or narrow the wider one` }
}

function* repeated<T extends { readonly at: Span }>(
  parts: readonly T[],
  text: (part: T) => string,
): Iterable<LintFinding> {
  const known = new Set<string>()
  for (const part of parts) {
    const written = text(part)
    if (known.has(written))
      yield { at: part.at, message: `${written} is already written above in the same place; remove it here` }
    known.add(written)
  }
}

function* unreachableZones(policy: Policy, { zones }: ResolvedPolicy, coverage: Coverage): Iterable<LintFinding> {
  for (const [index, { members }] of zones.entries()) {
    const { name = '', at = { from: 0, to: 0 } } = policy.zones[index] ?? {}
    const covering = zones.slice(0, index).find(earlier => coverage.selector(earlier.members, members))
    if (covering !== undefined) {
      yield {
        at,
        message: `zone ${name} has no end: an end is in the first zone whose members it is among, and ${covering.name} above has all of these; write the narrower zone first`,
      }
    } else if (members.every(terms => isContradictory(terms, coverage))) {
      yield { at, message: `zone ${name} has no end: its members contradict each other` }
    }
  }
}

function* unreachableParts(
  rule: Policy['rules'][number],
  { from, to, conditions }: ResolvedRule,
  resolved: ResolvedPolicy,
  coverage: Coverage,
): Iterable<LintFinding> {
  const { name, at } = rule
  const never = (terms: readonly ResolvedTerm[]) =>
    isContradictory(terms, coverage) || isOutsideItsZone(terms, resolved, coverage)
  for (const [what, alternatives] of [
    ['source', from],
    ['destination', to.map(({ terms }) => terms)],
  ] as const) {
    const impossible = alternatives.filter(never).length
    if (impossible === 0) continue
    const place = what === 'source' ? rule.from : rule.to
    const isAll = impossible === alternatives.length
    const at = place.length === 1 ? place[0]?.at : undefined
    yield {
      at: at ?? rule.at,
      message: isAll
        ? `${name} allows nothing: no ${what} is all of what its terms ask for`
        : `${name} has alternatives for its ${what} that nothing can be, because their terms contradict each other (${impossible} of ${alternatives.length})`,
    }
  }
  yield* conditionsApart(name, conditions, coverage)
  for (const condition of conditions) {
    if (condition.kind !== 'network') continue
    const apart = from.every(terms =>
      terms.some(term => term.kind === 'network' && coverage.areApart([term.cidr], condition.networks)),
    )
    if (apart) yield { at: condition.at, message: `${name} allows nothing: none of its sources is in these networks` }
  }
  if (from.length === 0 || to.length === 0)
    yield { at, message: `${name} allows nothing: a list that it names has no members` }
}

function* conditionsApart(name: string, conditions: readonly Condition[], coverage: Coverage): Iterable<LintFinding> {
  for (const [index, condition] of conditions.entries()) {
    const other = conditions.slice(0, index).find(earlier => coverage.areConditionsApart(earlier, condition))
    if (other === undefined) continue
    yield {
      at: condition.at,
      message: `${name} allows nothing: it has two conditions on ${condition.kind} that never hold together`,
    }
  }
}

const isContradictory = (terms: readonly ResolvedTerm[], coverage: Coverage): boolean =>
  terms.some((term, index) => terms.slice(0, index).some(earlier => coverage.isContradiction(earlier, term)))

/** Whether terms beside a zone contradict everything that is in it. */
function isOutsideItsZone(terms: readonly ResolvedTerm[], { zones }: ResolvedPolicy, coverage: Coverage): boolean {
  return terms.some(term => {
    const members = term.kind === 'zone' ? zones[term.zone]?.members : undefined
    const others = terms.filter(other => other !== term)
    return (
      others.length > 0 &&
      (members?.every(alternative => isContradictory([...alternative, ...others], coverage)) ?? false)
    )
  })
}
