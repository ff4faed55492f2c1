import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parse } from 'yaml'
import { identityRolesSchema } from '../../../core/config/identities.ts'
import { compileRoles } from '../../../policy/compile/identity-roles/compile.ts'
import { patternsOf } from '../../../policy/compile/identity-roles/matchers.ts'
import { rolesOfConfig } from '../../../policy/compile/identity-roles/read-back.ts'
import { createRoleEvaluator } from '../../../policy/decide/roles.ts'
import { printPolicy } from '../../../policy/language/print.ts'
import { readPolicy } from '../../../policy/language/read.ts'
import type { Role } from '../../../policy/model/policy.ts'
import { policyArbitrary } from '../language/arbitrary.ts'

const rolesOf = (text: string): readonly Role[] => {
  const { policy, problems } = readPolicy(text, 'test', 'text')
  expect(problems).toEqual([])
  return policy.roles
}

const configOf = (text: string) => identityRolesSchema.parse(parse(text).identity_roles)

const bare = (roles: readonly Role[]) => roles.map(({ name, identities, scopes }) => ({ name, identities, scopes }))

describe('roles', () => {
  it('are section identity_roles, with what it cannot express', () => {
    expect(
      compileRoles(
        rolesOf(`role threat-hunt
  identities: service-account-threat-hunt, hunter-*, ~odd, a.b*
  may: read:logs, read:*
  condition: device-posture=trusted and time=08:00-18:00
`),
      ),
    ).toEqual({
      text: `identity_roles:
  - role: threat-hunt
    identities:
      - service-account-threat-hunt
      - ~hunter-.*
      - ~~odd
      - ~a\\.b.*
    scopes:
      - read:logs
      - ~read:.*
`,
      losses: [
        {
          rule: 'threat-hunt',
          part: 'device-posture',
          direction: 'wider',
          message:
            'identity_roles has no conditions: the scopes count as allowed without device-posture=trusted; enforce it at the identity provider',
        },
        {
          rule: 'threat-hunt',
          part: 'time',
          direction: 'wider',
          message:
            'identity_roles has no conditions: the scopes count as allowed without time=08:00-18:00; enforce it at the identity provider',
        },
      ],
    })
  })

  it('whose names are too long for an expression are a loss', () => {
    const long = `${'.'.repeat(251)}*`
    const { text, losses } = compileRoles([
      { name: 'a', at: { from: 0, to: 0 }, identities: [long], scopes: ['x'], conditions: [] },
    ])
    expect(text).toBe('identity_roles: []\n')
    expect(losses).toMatchObject([{ direction: 'narrower', message: expect.stringContaining('is too long') }])
  })

  it('of a configuration are roles of a policy, with what the language cannot express', () => {
    const { roles, losses } = rolesOfConfig(
      configOf(`identity_roles:
  - {role: threat-hunt, identities: ['~hunt-.*|lead', scout], scopes: [read:logs]}
  - {role: Who may respond, identities: ['~.*/node', responder], scopes: ['~read:.*', '~(a|b)', 'x*']}
  - {role: node, identities: ['~.*/node'], scopes: [a]}
  - {role: none, identities: [x], scopes: []}
  - {role: threat-hunt, identities: ['~.*'], scopes: ["a, b"]}
`),
    )
    expect(bare(roles)).toEqual([
      { name: 'threat-hunt', identities: ['hunt-*', 'lead', 'scout'], scopes: ['read:logs'] },
      { name: 'Who-may-respond', identities: ['responder'], scopes: ['read:*'] },
      { name: 'threat-hunt-2', identities: ['*'], scopes: ['a, b'] },
    ])
    expect(losses).toEqual([
      'identity_roles[1]: the role "Who may respond" is named Who-may-respond, because its name is none in a policy, or is taken',
      'identity_roles[1].identities[0]: the expression ~.*\\/node is not the beginning of names, which is all that a policy has',
      'identity_roles[1].scopes[1]: the expression ~(a|b) is not the beginning of names, which is all that a policy has',
      'identity_roles[1].scopes[2]: "x*" cannot be written in a policy',
      'identity_roles[2].identities[0]: the expression ~.*\\/node is not the beginning of names, which is all that a policy has',
      'identity_roles[2]: the role node is left out, because it would have no identities; an identity that it names has a later role then, or none',
      'identity_roles[3]: the role none is left out, because it would have no scopes; an identity that it names has a later role then, or none',
      'identity_roles[4]: the role "threat-hunt" is named threat-hunt-2, because its name is none in a policy, or is taken',
    ])
    const text = printPolicy({ name: 'a', timeZone: 'UTC', zones: [], lists: [], rules: [], roles, expectations: [] })
    expect(bare(rolesOf(text))).toEqual(bare(roles))
  })

  it.each([
    ['a', ['a']],
    ['a|b.*', ['a', 'b*']],
    ['a\\.b', ['a.b']],
    ['a\\|b', ['a|b']],
    ['a\\\\.*', ['a\\*']],
    ['a\\.*', undefined],
    ['a\\d', undefined],
    ['a.b', undefined],
    ['a|', undefined],
    ['', undefined],
    ['(a|b)', undefined],
    ['[a|b]', undefined],
    ['a\\*', undefined],
  ])('with the expression %j name %j', (expression, patterns) => expect(patternsOf(expression)).toEqual(patterns))

  it('are the same after they were compiled and read back', () => {
    fc.assert(
      fc.property(policyArbitrary, ({ roles }) => {
        const distinct = roles.filter(({ name }, index) => roles.findIndex(one => one.name === name) === index)
        const { text, losses } = compileRoles(distinct)
        const back = rolesOfConfig(configOf(text))
        expect(back.losses).toEqual([])
        const unique = distinct.map(one => ({
          ...one,
          identities: [...new Set(one.identities)],
          scopes: [...new Set(one.scopes)],
        }))
        expect(bare(back.roles)).toEqual(bare(unique))
        expect(losses).toHaveLength(distinct.reduce((sum, one) => sum + one.conditions.length, 0))
      }),
    )
  })

  it('without conditions allow what the section allows', () => {
    const word = fc.stringMatching(/^[ab.~*|+-]{0,2}[ab]\*?$/).filter(one => !/\*./.test(one))
    const words = fc.array(word, { minLength: 1, maxLength: 3 })
    const role = fc.tuple(words, words)
    fc.assert(
      fc.property(fc.array(role, { maxLength: 3 }), word, word, (given, identity, scope) => {
        const roles = given.map(
          ([identities, scopes], index): Role => ({
            name: `r${index}`,
            at: { from: 0, to: 0 },
            identities,
            scopes,
            conditions: [],
          }),
        )
        const { answer } = createRoleEvaluator({ roles, timeZone: 'UTC' })({ identity, scope })
        const isAmong = (matchers: readonly (string | RegExp)[], text: string) =>
          matchers.some(one => (typeof one === 'string' ? one === text : one.test(text)))
        // As exporter/pipeline/identities/assess.ts finds the role of an identity.
        const entry = configOf(compileRoles(roles).text).find(({ identities }) => isAmong(identities, identity))
        expect(answer === 'allow').toBe(entry !== undefined && isAmong(entry.scopes, scope))
      }),
    )
  })
})
