import { textOrder } from '../../core/text-order.ts'
import { isExpired } from '../decide/evaluator.ts'
import type { ResolvedPolicy } from '../language/resolved.ts'
import { conditionText } from '../language/write.ts'
import { portsWords, selectorWords } from './words.ts'
import { type ZonePair, zoneAccess } from './zone-access.ts'

/** What changed between two versions of a policy. */
export interface PolicyDiff {
  /** Time zone and identity label. */
  readonly settings: readonly Change[]
  readonly rules: readonly Change[]
  readonly zones: readonly Change[]
  readonly roles: readonly Change[]
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

/** Whether both versions mean the same. */
export const isEmptyDiff = ({ settings, rules, zones, isZoneOrderChanged, roles, matrix }: PolicyDiff): boolean =>
  settings.length + rules.length + zones.length + roles.length + matrix.length === 0 && !isZoneOrderChanged

/** @param today `2026-11-30`: a rule that expired before is none */
export function diffPolicies(before: ResolvedPolicy, after: ResolvedPolicy, today: string): PolicyDiff {
  const rulesOf = (policy: ResolvedPolicy) =>
    policy.rules.filter(rule => !isExpired(rule, today)).map(rule => [rule.name, ruleParts(rule, policy)] as const)
  const zonesOf = (policy: ResolvedPolicy) =>
    policy.zones.map(({ name, members }) => [name, { members: selectorWords(members, policy) }] as const)
  const between = (of: (policy: ResolvedPolicy) => readonly (readonly [name: string, parts: Parts])[]) =>
    changes(new Map(of(before)), new Map(of(after)))
  return {
    settings: between(settingsOf),
    rules: between(rulesOf),
    zones: between(zonesOf),
    roles: between(({ roles }) => roles.map(role => [role.name, roleParts(role)])),
    isZoneOrderChanged: isOrderChanged(before.zones, after.zones),
    matrix: matrixOf(before, after, today),
  }
}

type Parts = Readonly<Record<string, string>>

/** A setting that a policy does not have is left out. */
function settingsOf({ timeZone, identityLabel }: ResolvedPolicy): readonly (readonly [name: string, parts: Parts])[] {
  return [
    ['time-zone', { value: timeZone }],
    ...(identityLabel === undefined ? [] : [['identity-label', { value: identityLabel }] as const]),
  ]
}

function ruleParts(rule: ResolvedPolicy['rules'][number], policy: ResolvedPolicy): Parts {
  const { from, to, conditions, isTls, expires, owner, reason } = rule
  return {
    from: selectorWords(from, policy),
    to: to.map(({ terms, ports }) => `${selectorWords([terms], policy)} ${portsWords(ports)}`).join(', '),
    // Of a host, some targets compare the name that the handshake asks for.
    tls: isTls ? 'only' : '',
    condition: conditions.map(conditionText).join(' and '),
    expires: expires ?? '',
    owner: owner ?? '',
    reason: reason ?? '',
  }
}

const roleParts = ({ identities, scopes, conditions }: ResolvedPolicy['roles'][number]): Parts => ({
  identities: identities.join(', '),
  may: scopes.join(', '),
  condition: conditions.map(conditionText).join(' and '),
})

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
  const common = (of: typeof before, others: typeof before) => {
    const names = new Set(others.map(({ name }) => name))
    return of.map(({ name }) => name).filter(name => names.has(name))
  }
  return common(before, after).join('\n') !== common(after, before).join('\n')
}

function matrixOf(before: ResolvedPolicy, after: ResolvedPolicy, today: string): readonly PairChange[] {
  const [old, fresh] = [zoneAccess(before, today), zoneAccess(after, today)]
  const missingIn = (pair: ZonePair | undefined, other: ZonePair | undefined) =>
    [...(pair?.accesses ?? [])].filter(access => other?.accesses.has(access) !== true).sort(textOrder)
  const zones = [...new Set([...after.zones, ...before.zones].map(({ name }) => name))]
  const places = new Map(zones.map((name, place) => [name, place]))
  // Ends that are in no zone are the last.
  const place = (zone: string | null) => (zone === null ? zones.length : (places.get(zone) ?? zones.length))
  return [...new Map([...old, ...fresh]).values()]
    .toSorted((a, b) => place(a.from) - place(b.from) || place(a.to) - place(b.to))
    .flatMap(({ key, from, to }) => {
      const gained = missingIn(fresh.get(key), old.get(key))
      const lost = missingIn(old.get(key), fresh.get(key))
      return gained.length + lost.length === 0 ? [] : [{ from, to, gained, lost }]
    })
}
