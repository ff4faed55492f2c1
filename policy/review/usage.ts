import type { Policy, Selector } from '../model/policy.ts'
import type { LintRule } from './lint-rule.ts'

export const usageRules = {
  'unused-zone': {
    level: 'warning',
    help: 'No rule and no expectation names a zone.',
    *find({ policy }) {
      const used = namesIn(policy, 'zone', [...selectorsOfRules(policy), ...selectorsOfExpectations(policy)])
      for (const { name, at } of policy.zones) {
        if (!used.has(name))
          yield { at, message: `zone ${name} is in no rule; remove it, or name it where it is meant` }
      }
    },
  },
  'zone-without-rule': {
    level: 'note',
    help: 'Only expectations name a zone: no rule is about it, so it reaches nothing and nothing reaches it by its name.',
    *find({ policy }) {
      const ruled = namesIn(policy, 'zone', selectorsOfRules(policy))
      const expected = namesIn(policy, 'zone', selectorsOfExpectations(policy))
      for (const { name, at } of policy.zones) {
        if (ruled.has(name) || !expected.has(name)) continue
        yield { at, message: `no rule names zone ${name}: what is not allowed otherwise is denied to it` }
      }
    },
  },
  'unused-list': {
    level: 'warning',
    help: 'Nothing names a list.',
    *find({ policy }) {
      const zones = policy.zones.map(({ members }) => members)
      const used = namesIn(policy, 'list', [...selectorsOfRules(policy), ...selectorsOfExpectations(policy), ...zones])
      for (const { name, at } of policy.lists) {
        if (!used.has(name))
          yield { at, message: `list ${name} is used nowhere; remove it, or name it where it is meant` }
      }
    },
  },
  'missing-owner': {
    level: 'note',
    help: 'A rule has no owner who can say whether it is still needed.',
    *find({ policy }) {
      for (const { name, at, owner } of policy.rules) {
        if (owner === undefined)
          yield { at, message: `${name} has no owner; add who can say whether it is needed: owner: TEAM` }
      }
    },
  },
} as const satisfies Record<string, LintRule>

const selectorsOfRules = ({ rules }: Policy): readonly Selector[] => rules.flatMap(({ from, to }) => [from, to])

const selectorsOfExpectations = ({ expectations }: Policy): readonly Selector[] =>
  expectations.flatMap(({ from, to }) => [[from], [to]])

/** Names of zones or lists that selectors have, also by the lists that they name. */
function namesIn(policy: Policy, kind: 'zone' | 'list', selectors: readonly Selector[]): ReadonlySet<string> {
  const lists = new Map(policy.lists.map(({ name, members }) => [name, members]))
  const found = new Set<string>()
  const visited = new Set<string>()
  const open = [...selectors]
  for (let selector = open.pop(); selector !== undefined; selector = open.pop()) {
    for (const term of selector.flatMap(({ terms }) => terms)) {
      if (term.kind === 'zone' && kind === 'zone') found.add(term.zone)
      if (term.kind !== 'list') continue
      if (kind === 'list') found.add(term.list)
      const members = visited.has(term.list) ? undefined : lists.get(term.list)
      visited.add(term.list)
      if (members !== undefined) open.push(members)
    }
  }
  return found
}
