import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { disjointInCluster } from '../../../policy/compile/ends/cluster-ends.ts'
import {
  type Disjointness,
  disjointByKind,
  isWithin,
  type Literals,
  type Property,
  positiveOf,
  propertiesOf,
} from '../../../policy/decide/literals.ts'
import { ZoneExpansion } from '../../../policy/decide/zone-expansion.ts'
import { ZoneMembers } from '../../../policy/decide/zone-members.ts'
import type { ResolvedSelector, ResolvedZone } from '../../../policy/language/resolved.ts'
import { any, host, identity, label, namespace, network, policy, zone, zoneOf } from '../fixtures.ts'

const terms = fc.constantFrom(
  any,
  ...['a', 'b'].flatMap(name => [namespace(name), label('app', name), label('tier', name)]),
  ...['a', 'ab', 'a*', 'b'].map(identity),
  ...['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '10.1.0.7/32', '192.0.2.0/24', '::/0', '2001:db8::/32'].map(network),
  ...['x.test', 'y.test', '*.test', '*.y.test'].map(host),
)
const conjunctions = fc.array(terms, { minLength: 1, maxLength: 2 })
const zones: fc.Arbitrary<readonly ResolvedZone[]> = fc
  .array(fc.array(conjunctions, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 6 })
  .map(all => all.map((members, position) => zoneOf(`z${position}`, ...members)))

/** What selectors mean without zones, by a look at every member of every earlier zone. */
function expandedOneByOne(selector: ResolvedSelector, all: readonly ResolvedZone[], { areDisjoint }: Disjointness) {
  const without = (one: Literals, members: readonly Property[]): readonly Literals[] => {
    const positive = positiveOf(one)
    if (members.some(member => positive.some(other => areDisjoint(other, member)))) return [one]
    return members
      .filter(member => !positive.some(other => isWithin(other, member)))
      .map(property => [...one, { property, isNegated: true }])
  }
  const found = selector.flatMap(conjunction => {
    let alternatives: readonly Literals[] = [[]]
    for (const term of conjunction) {
      const options = term.kind === 'zone' ? (all[term.zone]?.members ?? []) : [[term]]
      alternatives = alternatives.flatMap(one =>
        options.map(more => [...one, ...propertiesOf(more).map(property => ({ property, isNegated: false }))]),
      )
      if (term.kind !== 'zone') continue
      const earlier = all.slice(0, term.zone).flatMap(({ members }) => members.map(propertiesOf))
      for (const members of earlier) alternatives = alternatives.flatMap(one => without(one, members))
    }
    return alternatives.filter(
      one =>
        !one.some(({ property, isNegated }) =>
          positiveOf(one).some(other => (isNegated ? isWithin(other, property) : areDisjoint(other, property))),
        ),
    )
  })
  return [...new Map(found.map(one => [JSON.stringify(one), one])).values()]
}

describe.each([
  ['by kind', disjointByKind],
  ['in a cluster', disjointInCluster],
])('zones whose properties are disjoint %s', (_name, disjointness) => {
  it('are expanded as by a look at every member', () => {
    const selectors = fc.array(
      fc.tuple(fc.nat(5), fc.array(terms, { maxLength: 1 }), fc.array(terms, { maxLength: 1 })),
      { minLength: 1, maxLength: 2 },
    )
    fc.assert(
      fc.property(zones, selectors, (all, written) => {
        const selector = written.map(([position, before, after]) => [...before, zone(position % all.length), ...after])
        const expanded = new ZoneExpansion(policy({ zones: all }), disjointness).expand(selector)
        const expected = expandedOneByOne(selector, all, disjointness)
        if (expanded === undefined) expect(expected.length).toBeGreaterThan(100)
        else expect(expanded).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })
})

it('zones of five thousand are looked up and not gone through', () => {
  const all = Array.from({ length: 5_000 }, (_, at) =>
    zoneOf(`z${at}`, [network(`10.${at >> 8}.${at & 255}.0/24`)], [namespace(`n${at}`), label('app', 'a')]),
  )
  const members = new ZoneMembers(all, disjointInCluster)
  expect(members.before(4_999, [{ kind: 'network', cidr: '10.0.0.0/16' }]).map(one => one.zone)).toEqual(
    Array.from({ length: 256 }, (_, at) => at),
  )
  expect(members.before(4_999, [{ kind: 'namespace', name: 'n7' }]).map(one => one.zone)).toEqual([7])
  expect(members.isWithinAny([{ kind: 'network', cidr: '10.0.9.8/32' }])).toBe(true)
  expect(members.isWithinAny([{ kind: 'network', cidr: '10.0.9.8/32' }], 9)).toBe(false)
})
