import type { ResolvedDestination, ResolvedRule, ResolvedTerm } from '../language/resolved.ts'
import type { Rule } from '../model/policy.ts'
import type { LintRule, LintSubject } from './lint-rule.ts'

const MOST_PORTS = 1_000
/** A network with a shorter prefix is more than one site of an organization usually has. */
const SHORTEST_PREFIX = { 4: 16, 6: 48 } as const

export const breadthRules = {
  'default-allow': {
    level: 'error',
    help: 'A rule allows every source to reach every destination on every port: with it, the policy denies nothing.',
    *find({ policy, resolved, coverage }) {
      for (const [index, rule] of policy.rules.entries()) {
        const meaning = resolved.rules[index]
        if (meaning === undefined || !isDefaultAllow(meaning, coverage)) continue
        const message = `${rule.name} allows everything to everyone; name who may reach what`
        yield { at: rule.at, message }
      }
    },
  },
  'any-source': {
    level: 'warning',
    help: 'A rule allows every source: any compromised workload may use it.',
    *find(subject) {
      for (const [rule, meaning] of narrower(subject)) {
        if (!meaning.from.some(terms => isEverything(terms, subject.coverage))) continue
        yield {
          at: rule.from[0]?.at ?? rule.at,
          message: `${rule.name} allows every source; name the service identities or zones that need it`,
        }
      }
    },
  },
  'any-destination': {
    level: 'warning',
    help: 'A rule allows every destination: what it allows may carry data anywhere.',
    *find(subject) {
      for (const [rule, meaning] of narrower(subject)) {
        if (!meaning.to.some(({ terms }) => isEverything(terms, subject.coverage))) continue
        yield {
          at: rule.to[0]?.at ?? rule.at,
          message: `${rule.name} allows every destination; name the hosts, zones or lists that are needed`,
        }
      }
    },
  },
  'wide-network': {
    level: 'warning',
    help: `A rule or list has a network with a prefix shorter than /${SHORTEST_PREFIX[4]} (IPv4) or /${SHORTEST_PREFIX[6]} (IPv6).`,
    *find({ policy, coverage }) {
      const selectors = [
        ...policy.rules.flatMap(({ from, to }) => [...from, ...to]),
        ...policy.lists.flatMap(({ members }) => members),
      ]
      for (const { terms } of selectors) {
        // Beside another term, a network only narrows it.
        const [only, ...more] = terms
        if (only?.kind !== 'network' || more.length > 0) continue
        const { family, prefix } = coverage.target(only.cidr)
        if (prefix === 0 || prefix >= SHORTEST_PREFIX[family]) continue
        yield { at: only.at, message: `${only.cidr} is a wide network; name the networks in it that are needed` }
      }
    },
  },
  'wide-ports': {
    level: 'warning',
    help: `A rule allows every port, or more than ${MOST_PORTS} of them.`,
    *find(subject) {
      for (const [rule, meaning] of narrower(subject)) {
        const wide = meaning.to.find(hasManyPorts)
        if (wide === undefined) continue
        const at = rule.to.find(
          ({ ports }) => ports.length === 0 || ports.some(({ first, last }) => last - first >= MOST_PORTS),
        )?.at
        const what =
          wide.ports.length === 0 || wide.ports.some(({ first, last }) => last - first >= 65_534)
            ? 'every port'
            : `more than ${MOST_PORTS} ports`
        yield {
          at: at ?? rule.at,
          message: `${rule.name} allows ${what}; write the ports behind the destination, or a protocol that has a port`,
        }
      }
    },
  },
} as const satisfies Record<string, LintRule>

type Coverage = LintSubject['coverage']

/** Rules but for those that are named as default-allow. */
function* narrower({ policy, resolved, coverage }: LintSubject): Iterable<readonly [Rule, ResolvedRule]> {
  for (const [index, rule] of policy.rules.entries()) {
    const meaning = resolved.rules[index]
    if (meaning !== undefined && !isDefaultAllow(meaning, coverage)) yield [rule, meaning]
  }
}

const isDefaultAllow = ({ from, to, conditions }: ResolvedRule, coverage: Coverage): boolean =>
  conditions.length === 0 &&
  from.some(terms => isEverything(terms, coverage)) &&
  to.some(({ terms, ports }) => ports.length === 0 && isEverything(terms, coverage))

const isEverything = (terms: readonly ResolvedTerm[], coverage: Coverage): boolean =>
  terms.every(term => term.kind === 'any' || (term.kind === 'network' && coverage.target(term.cidr).prefix === 0))

const hasManyPorts = ({ ports }: ResolvedDestination): boolean =>
  ports.length === 0 || ports.some(({ transport, first, last }) => transport !== 'icmp' && last - first >= MOST_PORTS)
