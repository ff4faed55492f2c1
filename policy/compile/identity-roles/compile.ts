import { stringify } from 'yaml'
import { conditionText } from '../../language/write.ts'
import type { Role } from '../../model/policy.ts'
import type { Loss } from '../contract/target.ts'
import { matcherText } from './matchers.ts'

/** Section `identity_roles` of clawtrust.yml, and what it cannot express. */
export interface CompiledRoles {
  readonly text: string
  readonly losses: readonly Loss[]
}

interface WrittenRole {
  readonly role: string
  readonly identities: readonly string[]
  readonly scopes: readonly string[]
}

/** Deterministic: the same roles give the same text. Both sides give an identity the first role that names it. */
export function compileRoles(roles: readonly Role[]): CompiledRoles {
  const losses: Loss[] = []
  const written = roles.flatMap((role): readonly WrittenRole[] => {
    const own = lossesOf(role)
    losses.push(...own)
    const { name, identities, scopes } = role
    const named = identities.flatMap(identity => matcherText(identity) ?? [])
    // The configuration has no role without identities; its loss says so.
    if (named.length === 0) return []
    return [{ role: name, identities: named, scopes: scopes.flatMap(scope => matcherText(scope) ?? []) }]
  })
  return { text: stringify({ identity_roles: written }, { lineWidth: 0 }), losses }
}

function lossesOf({ name: rule, identities, scopes, conditions }: Role): readonly Loss[] {
  const held = conditions.map(
    (condition): Loss => ({
      rule,
      part: condition.kind,
      direction: 'wider',
      message: `identity_roles has no conditions: the scopes count as allowed without ${conditionText(condition)}; enforce it at the identity provider`,
    }),
  )
  const long = (pattern: string, what: string): readonly Loss[] =>
    matcherText(pattern) !== undefined
      ? []
      : [
          {
            rule,
            part: 'source.identity',
            direction: 'narrower',
            message: `the ${what} ${pattern} is too long for an expression of clawtrust.yml and is left out; use a shorter beginning`,
          },
        ]
  return [
    ...held,
    ...identities.flatMap(identity => long(identity, 'identity')),
    ...scopes.flatMap(scope => long(scope, 'scope')),
  ]
}
