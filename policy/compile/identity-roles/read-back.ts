import type { IdentityRole } from '../../../core/config/identities.ts'
import { Problems } from '../../language/problems.ts'
import { patternWord } from '../../language/terms.ts'
import { POLICY_NAME, type Role } from '../../model/policy.ts'
import { patternsOf } from './matchers.ts'

/** Roles of clawtrust.yml in the words of a policy. */
export interface RolesRead {
  readonly roles: readonly Role[]
  /** Sentences: what the language cannot express, and is left out. */
  readonly losses: readonly string[]
}

const at = { from: 0, to: 0 }

/** Reads section `identity_roles`. */
export function rolesOfConfig(entries: readonly IdentityRole[]): RolesRead {
  const losses: string[] = []
  const names = new Set<string>()
  const roles = entries.flatMap(({ role, identities, scopes }, index): readonly Role[] => {
    const key = `identity_roles[${index}]`
    const name = nameOf(role, names)
    if (name !== role)
      losses.push(
        `${key}: the role ${JSON.stringify(role)} is named ${name}, because its name is none in a policy, or is taken`,
      )
    const [named, held] = [read(identities, `${key}.identities`, losses), read(scopes, `${key}.scopes`, losses)]
    if (named.length === 0 || held.length === 0) {
      const what = named.length === 0 ? 'identities' : 'scopes'
      losses.push(
        `${key}: the role ${name} is left out, because it would have no ${what}; an identity that it names has a later role then, or none`,
      )
      return []
    }
    names.add(name)
    return [{ name, at, identities: named, scopes: held, conditions: [] }]
  })
  return { roles, losses }
}

function read(matchers: IdentityRole['identities'], key: string, losses: string[]): readonly string[] {
  const found = matchers.flatMap((matcher, index): readonly string[] => {
    const place = `${key}[${index}]`
    if (typeof matcher === 'string')
      return writable(matcher, true)
        ? [matcher]
        : lost(`${place}: ${JSON.stringify(matcher)} cannot be written in a policy`)
    const expression = /^\^\(\?:([\s\S]*)\)\$$/.exec(matcher.source)?.[1] ?? matcher.source
    const patterns = patternsOf(expression)
    if (patterns === undefined) {
      return lost(
        `${place}: the expression ~${expression} is not the beginning of names, which is all that a policy has`,
      )
    }
    return patterns.every(pattern => writable(pattern, false))
      ? patterns
      : lost(`${place}: ~${expression} cannot be written in a policy`)
  })
  return [...new Set(found)]

  function lost(sentence: string): readonly string[] {
    losses.push(sentence)
    return []
  }
}

/** Whether the language reads a word as what it is. */
function writable(word: string, isExact: boolean): boolean {
  if (isExact && word.endsWith('*')) return false
  if (/[[\]\r\n]/.test(word) || word !== word.trim()) return false
  const problems = new Problems()
  const found = patternWord({ text: word, ...at }, '', problems)
  return found === word && problems.found.length === 0
}

function nameOf(role: string, taken: ReadonlySet<string>): string {
  const plain = role
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 58)
    .replace(/[^A-Za-z0-9]+$/, '')
  const wanted = POLICY_NAME.test(role) ? role : plain || 'role'
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted.slice(0, 58).replace(/[^A-Za-z0-9]+$/, '')}-${count}`
    if (!taken.has(name)) return name
  }
}
