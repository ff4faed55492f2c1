import type { EpochMs } from '../../../core/clock.ts'
import { type IdentitiesConfig, type IdentityRole, identitiesSchema } from '../../../core/config/identities.ts'
import type { Severity } from '../../../core/labels/event.ts'
import type { IdentityUsage } from '../../../core/labels/identities.ts'
import type { PostureCheck } from '../../../core/labels/posture-checks.ts'
import { formatDuration } from '../../../core/time/duration.ts'
import type { TextMatcher } from '../../../core/trust-zones.ts'
import type { Finding } from '../../../decoding/toolkit/posture.ts'
import type { Identity } from './identity.ts'
import type { Observed } from './observation.ts'

/** What identities are compared with. */
export interface IdentityRules extends IdentitiesConfig {
  readonly roles: readonly IdentityRole[]
}

export interface IdentityAssessment {
  readonly usage: IdentityUsage
  readonly findings: readonly Finding[]
}

/**
 * Scopes of OpenID Connect and of Keycloak's default client scopes: they put names of the account into its token, and
 * grant nothing.
 */
const CLAIM_SCOPES: ReadonlySet<string> = new Set([
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'roles',
  'web-origins',
  'microprofile-jwt',
  'acr',
  'basic',
  'service_account',
])

const severities: Readonly<Record<string, Severity>> = {
  'identity.unused': 'medium',
  'identity.secret_old': 'medium',
  'identity.scope_wide': 'high',
  'identity.unknown_role': 'medium',
} satisfies Partial<Record<PostureCheck, Severity>>

/** By the configuration by default. */
export const defaultIdentityRules: IdentityRules = { ...identitiesSchema.parse({}), roles: [] }

/** Scopes that a summary names, and characters of each. */
const MAX_NAMED = 5
const MAX_SCOPE = 64

/**
 * What is wrong with an identity, by what its records prove; what they leave open is no finding.
 *
 * @param observed the time in which its sign-ins would have been logged
 */
export function assessIdentity(
  identity: Identity,
  observed: Observed | undefined,
  rules: IdentityRules,
  now: EpochMs,
): IdentityAssessment {
  const usage = usageOf(identity, observed, rules.unused_after, now)
  const names = namesOf(identity)
  if (isAmong(rules.ignore ?? [], names) || isDisabled(identity)) return { usage, findings: [] }
  const findings: Finding[] = []
  const add = (check: PostureCheck, summary: string) => {
    findings.push({ check, target: targetOf(identity), severity: severities[check] ?? 'medium', summary })
  }
  if (usage === 'unused') {
    const last = identity.used === undefined ? 'It was never used' : `It was used last on ${dayOf(identity.used)}`
    add('identity.unused', `${last}, as far as is known; ${formatDuration(rules.unused_after)} are allowed.`)
  }
  const { secretSet } = identity
  if (secretSet !== undefined && now - secretSet > rules.secret_max_age) {
    const allowed = formatDuration(rules.secret_max_age)
    add('identity.secret_old', `Its secret is of ${dayOf(secretSet)}; ${allowed} are allowed.`)
  }
  const held = scopesOf(identity)
  const role = rules.roles.find(({ identities }) => isAmong(identities, names))
  if (role !== undefined) {
    const wide = held.filter(scope => !isAmong(role.scopes, [scope]))
    if (wide.length > 0) add('identity.scope_wide', `The role ${role.role} does not allow ${listed(wide)}.`)
  } else if (rules.roles.length > 0 && identity.kind !== 'user' && held.length > 0) {
    add('identity.unknown_role', `It holds ${listed(held)} and has no role in identity_roles.`)
  }
  return { usage, findings }
}

/**
 * A list says when a token was used, up to its own time. Otherwise no sign-in proves something only within the time in
 * which sign-ins were logged.
 */
function usageOf(identity: Identity, observed: Observed | undefined, limit: number, now: EpochMs): IdentityUsage {
  const { used, listed, secretSet, since } = identity
  if (used !== undefined && now - used <= limit) return 'used'
  if (listed !== undefined) {
    const idleSince = used ?? secretSet
    return idleSince !== undefined && listed - idleSince > limit ? 'unused' : 'unknown'
  }
  if (observed === undefined) return 'unknown'
  const idleSince = Math.max(used ?? since, observed.since)
  return observed.until - idleSince > limit ? 'unused' : 'unknown'
}

/** By an administrator, and not used since. */
const isDisabled = ({ disabled, used }: Identity): boolean =>
  disabled?.isHeld === true && (used === undefined || used <= disabled.time)

/** What it holds by its newest token and by what administrators have granted, sorted. */
export function scopesOf({ token, granted }: Identity): readonly string[] {
  const held = Object.entries(granted).flatMap(([right, { isHeld }]) => (isHeld ? [right] : []))
  return [...new Set([...(token?.scopes ?? []), ...held])].filter(scope => !CLAIM_SCOPES.has(scope)).sort()
}

/** The texts by which the configuration can name it. */
function namesOf({ id, name, role }: Identity): readonly string[] {
  const own = [name, id].filter(text => text !== undefined)
  return role === undefined ? own : own.map(text => `${text}/${role}`)
}

/** The identity as a finding names it: stable, and distinct from those of other realms. */
export function targetOf({ kind, realm, id, userId, name, role }: Identity): string {
  const own = name ?? id ?? userId ?? ''
  const place = realm === undefined ? '' : `${realm}/`
  return `${kind} ${place}${own}${role === undefined ? '' : `/${role}`}`
}

const isAmong = (matchers: readonly TextMatcher[], texts: readonly string[]): boolean =>
  texts.some(text => matchers.some(one => (typeof one === 'string' ? one === text : one.test(text))))

const listed = (scopes: readonly string[]): string => {
  const more = scopes.length - MAX_NAMED
  const named = scopes.slice(0, MAX_NAMED).map(scope => scope.slice(0, MAX_SCOPE))
  return named.join(', ') + (more > 0 ? ` and ${more} more` : '')
}

const dayOf = (time: EpochMs): string => new Date(time).toISOString().slice(0, 10)
