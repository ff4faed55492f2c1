import { textOrder } from '../../core/text-order.ts'
import { type Conjunction, POLICY_NAME, type Policy, type Rule, type Term } from '../model/policy.ts'
import type { RuleDraft } from './draft-rules.ts'
import { type NamedEnd, textOf } from './end-terms.ts'

export interface PolicySettings {
  readonly name: string
  readonly identityLabel?: string
}

const at = { from: 0, to: 0 }

/** A policy whose zones are namespaces. Rules and zones are in the order of their traffic, the most first. */
export function draftPolicy(drafts: readonly RuleDraft[], { name, identityLabel }: PolicySettings): Policy {
  const zones = zoneNames(drafts)
  const ruleNames = new UniqueNames()
  return {
    name,
    timeZone: 'UTC',
    ...(identityLabel !== undefined && { identityLabel }),
    zones: [...zones].map(([namespace, zone]) => ({
      name: zone,
      at,
      members: [{ at, terms: [{ kind: 'namespace', name: namespace, at }] }],
    })),
    lists: [],
    rules: drafts.map((draft): Rule => {
      const { sources, destinations, transport, ports, conditions } = draft
      const [from, to] = [partName(sources, zones), partName(destinations, zones)]
      return {
        name: ruleNames.take(`${from}-to-${to}`),
        at,
        from: sources.map(end => conjunctionOf(end, zones)),
        to: destinations.map(end => ({ ...conjunctionOf(end, zones), ports })),
        protocols: [transport],
        conditions,
      }
    }),
    roles: [],
    expectations: [],
  }
}

/** The most traffic first; then the order of their texts. */
export const byTraffic = (drafts: readonly RuleDraft[]): readonly RuleDraft[] =>
  drafts
    .map(draft => ({ draft, text: JSON.stringify([draft.sources, draft.destinations, draft.transport, draft.ports]) }))
    .sort((a, b) => b.draft.events - a.draft.events || textOrder(a.text, b.text))
    .map(({ draft }) => draft)

/** Zones by namespace, in the order of their traffic. */
function zoneNames(drafts: readonly RuleDraft[]): ReadonlyMap<string, string> {
  const used = new Set(
    drafts.flatMap(({ sources, destinations }) => [...sources, ...destinations]).map(end => end.namespace),
  )
  const events = new Map<string, number>()
  for (const { source, destination, events: more } of drafts.flatMap(({ accesses }) => accesses)) {
    for (const namespace of new Set([source.namespace, destination.namespace])) {
      if (namespace !== undefined && used.has(namespace)) events.set(namespace, (events.get(namespace) ?? 0) + more)
    }
  }
  const names = new UniqueNames()
  return new Map(
    [...events]
      .sort(([a, many], [b, more]) => more - many || textOrder(a, b))
      .map(([namespace]) => [namespace, names.take(POLICY_NAME.test(namespace) ? namespace : nameOf(namespace))]),
  )
}

function conjunctionOf({ namespace, own }: NamedEnd, zones: ReadonlyMap<string, string>): Conjunction {
  const terms: Term[] = []
  if (namespace !== undefined) terms.push({ kind: 'zone', zone: zones.get(namespace) ?? '', at })
  if (own !== undefined) terms.push(own)
  return { at, terms }
}

/** What ends are called in the name of a rule. */
function partName(ends: readonly NamedEnd[], zones: ReadonlyMap<string, string>): string {
  const [first, ...more] = ends
  if (first === undefined) return 'none'
  const namespaces = new Set(ends.map(({ namespace }) => namespace))
  const zone = namespaces.size === 1 && first.namespace !== undefined ? zones.get(first.namespace) : undefined
  if (more.length > 0 && zone !== undefined) return nameOf(zone)
  return nameOf(first.own === undefined ? (zone ?? '') : textOf(first.own))
}

const MAX_PART = 26

/** Letters, digits and hyphens of any text. */
function nameOf(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9._]+/g, '-').slice(0, MAX_PART)
  return plain.replace(/^[^A-Za-z0-9]+/, '').replace(/[^A-Za-z0-9]+$/, '') || 'unnamed'
}

/** Names that were not taken before. */
class UniqueNames {
  readonly #taken = new Map<string, number>()

  take(wanted: string): string {
    for (let count = this.#taken.get(wanted) ?? 1; ; count++) {
      const name = count === 1 ? wanted : `${wanted}-${count}`
      if (count > 1 && this.#taken.has(name)) continue
      this.#taken.set(wanted, count + 1)
      if (name !== wanted) this.#taken.set(name, 2)
      return name
    }
  }
}
