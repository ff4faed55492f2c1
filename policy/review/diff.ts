import { textOrder } from '../../core/text-order.ts'
import { isExpired } from '../decide/evaluator.ts'
import type { ResolvedPolicy } from '../language/resolved.ts'
import { conditionText } from '../language/write.ts'
import { portsWords, selectorWords } from './words.ts'
import { type ZonePair, zoneAccess } from './zone-access.ts'

/** What changed between two versions of a policy. */
export interface PolicyDiff {
  readonly rules: readonly Change[]
  readonly zones: readonly Change[]
  /** The order of the zones changed: an end that is among the members of two may be in another one. */
  readonly isZoneOrderChanged: boolean
  /** Each pair of zones of which anything changed. */
  readonly matrix: readonly PairChange[]
}

export interface Change {
  readonly name: string
  readonly kind: 'added' | 'removed' | 'changed'
  /** What it is, of one that is added or removed; what changed in it. */
  readonly words: readonly string[]
}

/** Zones by name; null: ends that are in no zone. */
export interface PairChange {
  readonly from: string | null
  readonly to: string | null
  readonly gained: readonly string[]
  readonly lost: readonly string[]
}

/** @param today `2026-11-30`: a rule that expired before is none */
export function diffPolicies(before: ResolvedPolicy, after: ResolvedPolicy, today: string): PolicyDiff {
  const rulesOf = (policy: ResolvedPolicy) =>
    policy.rules.filter(rule => !isExpired(rule, today)).map(rule => [rule.name, ruleParts(rule, policy)] as const)
  const zonesOf = (policy: ResolvedPolicy) =>
    policy.zones.map(({ name, members }) => [name, { members: selectorWords(members, policy) }] as const)
  return {
    rules: changes(new Map(rulesOf(before)), new Map(rulesOf(after))),
    zones: changes(new Map(zonesOf(before)), new Map(zonesOf(after))),
    isZoneOrderChanged: isOrderChanged(before.zones, after.zones),
    matrix: matrixOf(before, after, today),
  }
}

type Parts = Readonly<Record<string, string>>

function ruleParts({ from, to, conditions, expires }: ResolvedPolicy['rules'][number], policy: ResolvedPolicy): Parts {
  return {
    from: selectorWords(from, policy),
    to: to.map(({ terms, ports }) => `${selectorWords([terms], policy)} ${portsWords(ports)}`).join(', '),
    condition: conditions.map(conditionText).join(' and '),
    expires: expires ?? '',
  }
}

function changes(before: ReadonlyMap<string, Parts>, after: ReadonlyMap<string, Parts>): readonly Change[] {
  const whole = (parts: Parts) =>
    Object.entries(parts).flatMap(([key, value]) => (value === '' ? [] : [`${key}: ${value}`]))
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name): readonly Change[] => {
    const [old, fresh] = [before.get(name), after.get(name)]
    if (old === undefined) return fresh === undefined ? [] : [{ name, kind: 'added', words: whole(fresh) }]
    if (fresh === undefined) return [{ name, kind: 'removed', words: whole(old) }]
    const words = Object.keys(fresh)
      .filter(key => old[key] !== fresh[key])
      .map(key => `${key}: ${old[key] || 'none'} -> ${fresh[key] || 'none'}`)
    return words.length === 0 ? [] : [{ name, kind: 'changed', words }]
  })
}

function isOrderChanged(before: readonly { name: string }[], after: readonly { name: string }[]): boolean {
  const common = (of: typeof before, others: typeof before) =>
    of.map(({ name }) => name).filter(name => others.some(other => other.name === name))
  return common(before, after).join('\n') !== common(after, before).join('\n')
}

function matrixOf(before: ResolvedPolicy, after: ResolvedPolicy, today: string): readonly PairChange[] {
  const [old, fresh] = [zoneAccess(before, today), zoneAccess(after, today)]
  const missingIn = (pair: ZonePair | undefined, other: ZonePair | undefined) =>
    [...(pair?.accesses ?? [])].filter(access => other?.accesses.has(access) !== true).sort(textOrder)
  const zones = [...new Set([...after.zones, ...before.zones].map(({ name }) => name))]
  // Ends that are in no zone are the last.
  const place = (zone: string | null) => (zone === null ? zones.length : zones.indexOf(zone))
  return [...new Map([...old, ...fresh]).values()]
    .toSorted((a, b) => place(a.from) - place(b.from) || place(a.to) - place(b.to))
    .flatMap(({ key, from, to }) => {
      const gained = missingIn(fresh.get(key), old.get(key))
      const lost = missingIn(old.get(key), fresh.get(key))
      return gained.length + lost.length === 0 ? [] : [{ from, to, gained, lost }]
    })
}
