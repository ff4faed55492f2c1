import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { consoleTextIn } from '../../../../decoding/console-text.ts'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import { summaryOf } from '../../fixtures.ts'
import { asJson, asText, quotedMessage, unquotedMessage } from './messages.ts'

const dispatcher = createDispatcher(dialects)
const decode = (body: string) => dispatcher.decode({ id: '1', body })
const linesOf = (name: string) =>
  readFileSync(new URL(`../../../fixtures/keycloak/${name}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')

/** How often each summary is among the decodings of some lines. */
function tallyOf(lines: readonly string[]): Record<string, number> {
  const tally: Record<string, number> = {}
  for (const line of lines) {
    const summary = summaryOf(decode(line).decoding)
    tally[summary] = (tally[summary] ?? 0) + 1
  }
  return tally
}

const signIns = {
  'auth_successes password': 2,
  'auth_successes client_credentials': 1,
  'auth_failures password bad_credential': 3,
  'auth_failures password unknown_user': 17,
  'auth_failures password user_disabled': 1,
  'auth_failures password bad_client_credential': 1,
  'auth_failures password unknown_client': 1,
  'auth_failures client_credentials bad_client_credential': 1,
  'auth_failures refresh_token invalid_token': 1,
  'auth_failures other client_misconfigured': 1,
  'auth_lockouts other': 1,
  'auth_lockouts password': 5,
}
const changes = {
  'posture_drifts role_granted medium': 1,
  'posture_drifts role_revoked low': 1,
  'posture_drifts user_changed low': 2,
  'posture_drifts lockout_cleared low': 1,
  no_signal: 1,
}

describe('the captured console of Keycloak 26.4', () => {
  it.each([
    ['in plain text', 'keycloak-26.4-console-text.real.log', { ...signIns, ...changes }],
    ['as JSON in the layout of ECS', 'keycloak-26.4-console-ecs.real.jsonl', { ...signIns, ...changes }],
    [
      'as JSON',
      'keycloak-26.4-console-json.real.jsonl',
      {
        ...signIns,
        'auth_failures password bad_credential': 2,
        'auth_failures password unknown_client': 6,
        'auth_failures other client_misconfigured': 2,
        'auth_lockouts password': 6,
        ...changes,
        'posture_drifts user_changed low': 1,
        'posture_drifts user_created low': 2,
        'posture_drifts client_created medium': 1,
        'posture_drifts scope_changed medium': 1,
        'posture_drifts realm_changed medium': 1,
      },
    ],
  ])('%s counts each event once, and all are from the one address that sent requests', (_layout, name, expected) => {
    const lines = linesOf(name)
    expect(tallyOf(lines)).toEqual(expected)
    const claims = lines.flatMap(line => {
      const { decoding } = decode(line)
      return decoding.kind === 'claim' ? [decoding.claim] : []
    })
    expect(new Set(claims.map(({ actor }) => actor.resolvedAddress))).toEqual(new Set(['127.0.0.1']))
    expect(new Set(claims.map(({ origin }) => origin.service))).toEqual(new Set(['Keycloak']))
    expect(new Set(claims.map(({ origin }) => origin.realm))).toEqual(new Set(['master', 'openclaw']))
  })

  it('names who signed in, and whose rights were changed', () => {
    const accounts = linesOf('keycloak-26.4-console-ecs.real.jsonl').flatMap(line => {
      const { decoding } = decode(line)
      if (decoding.kind !== 'claim' || decoding.claim.account === undefined) return []
      return [[summaryOf(decoding), decoding.claim.actor.identity, decoding.claim.account]]
    })
    const ana = 'ad1aecaf-a453-429c-b377-5dbabb480772'
    expect(accounts).toContainEqual([
      'auth_successes password',
      'ana',
      { kind: 'user', realm: 'openclaw', id: ana, name: 'ana', rights: ['email', 'profile'] },
    ])
    expect(accounts).toContainEqual([
      'auth_successes client_credentials',
      'agent-controller',
      {
        kind: 'client',
        realm: 'openclaw',
        name: 'agent-controller',
        userId: '777f9100-6c7a-4163-bece-b9b056076706',
        rights: ['email', 'profile'],
      },
    ])
    const administrator = '59f01361-1cb7-43c8-b394-a6750d91bda7'
    expect(accounts).toContainEqual(['posture_drifts role_granted medium', administrator, { kind: 'user', id: ana }])
    expect(accounts).toContainEqual(['auth_lockouts other', undefined, { kind: 'user', realm: 'openclaw', id: ana }])
  })
})

const fields = [
  ['type', 'LOGIN_ERROR'],
  ['realmId', 'shop'],
  ['clientId', 'web'],
  ['userId', 'null'],
  ['ipAddress', '192.0.2.10'],
  ['error', 'user_not_found'],
  ['auth_method', 'openid-connect'],
] as const

/** The same event with other values; a value that is undefined leaves its field out. */
function event(
  values: Readonly<Record<string, string | undefined>>,
  more: readonly (readonly [string, string])[] = [],
) {
  const changed = fields.map(([key, value]) => [key, key in values ? values[key] : value] as const)
  return [...changed, ...more].flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]))
}

const admin = (
  operationType: string,
  resourceType: string,
  resourcePath: string,
  more: readonly (readonly [string, string])[] = [],
) => [
  ['operationType', operationType] as const,
  ['realmId', 'm'] as const,
  ['realmName', 'master'] as const,
  ['clientId', 'c'] as const,
  ['userId', 'u'] as const,
  ['ipAddress', '192.0.2.20'] as const,
  ['resourceType', resourceType] as const,
  ['resourcePath', resourcePath] as const,
  ...more,
]

const USER = 'users/cc74404c'
const representation = (value: unknown) => [['representation', JSON.stringify(value)] as const]

describe('an event of Keycloak', () => {
  it.each([
    ['a sign-in by OpenID Connect', event({ type: 'LOGIN', error: undefined }), 'auth_successes oidc'],
    ['a sign-in by SAML', event({ type: 'LOGIN', error: undefined, auth_method: 'saml' }), 'auth_successes saml'],
    ['an error that is in no table', event({ error: 'something_new' }), 'auth_failures oidc other'],
    ['a failure without its error', event({ error: undefined }), 'auth_failures oidc other'],
    ['a refreshed token', event({ type: 'REFRESH_TOKEN', error: undefined }), 'no_signal'],
    [
      'a permanent lockout',
      event({ type: 'USER_DISABLED_BY_PERMANENT_LOCKOUT', error: undefined }),
      'auth_lockouts other',
    ],
    ['a registration', event({ type: 'REGISTER', error: undefined }), 'posture_drifts user_created low'],
    ['a registration that failed', event({ type: 'REGISTER_ERROR' }), 'no_signal'],
    [
      'a client that registered itself',
      event({ type: 'CLIENT_REGISTER', error: undefined }),
      'posture_drifts client_created medium',
    ],
    ['a type that is not known', event({ type: 'SOMETHING_NEW' }), 'undecoded unknown_template'],
    [
      'a group that a user joined',
      admin('CREATE', 'GROUP_MEMBERSHIP', `${USER}/groups/g`),
      'posture_drifts role_granted medium',
    ],
    [
      'a scope that a client got',
      admin('CREATE', 'CLIENT_SCOPE_CLIENT_MAPPING', 'clients/c/default-client-scopes/s'),
      'posture_drifts scope_granted medium',
    ],
    [
      'a secret that was generated',
      admin('ACTION', 'CLIENT', 'clients/c/client-secret'),
      'posture_drifts secret_rotated low',
    ],
    [
      'a password that was reset',
      admin('ACTION', 'USER', `${USER}/reset-password`),
      'posture_drifts credential_reset medium',
    ],
    [
      'an impersonation',
      event({ type: 'IMPERSONATE', error: undefined }, [['impersonator', 'admin']]),
      'posture_drifts impersonation high',
    ],
    ['a changed realm', admin('UPDATE', 'REALM', 'shop'), 'posture_drifts realm_changed medium'],
    ['a resource that is not known', admin('CREATE', 'SOMETHING_NEW', 'x'), 'posture_drifts realm_changed medium'],
    ['a test of a connection', admin('ACTION', 'REALM', 'testLDAPConnection'), 'no_signal'],
    ['an operation that failed', admin('CREATE', 'USER', 'users', [['error', 'conflict']]), 'no_signal'],
    ['an operation that is not known', admin('SOMETHING', 'USER', USER), 'undecoded unknown_template'],
    [
      'a user who was disabled',
      admin('UPDATE', 'USER', USER, representation({ enabled: false })),
      'posture_drifts user_disabled medium',
    ],
    [
      'a user who was changed',
      admin('UPDATE', 'USER', USER, representation({ enabled: true })),
      'posture_drifts user_changed low',
    ],
    [
      'a representation that was cut',
      admin('UPDATE', 'USER', USER, [['representation', '{"enabled":fal']]),
      'posture_drifts user_changed low',
    ],
  ])('is read: %s', (_title, message, expected) => {
    expect(summaryOf(decode(asJson(quotedMessage(message))).decoding)).toBe(expected)
    expect(summaryOf(decode(asText(quotedMessage(message))).decoding)).toBe(expected)
  })

  it('keeps the word of an error that is in no table, where it is one', () => {
    const codeOf = (error: string) => {
      const { decoding } = decode(asJson(quotedMessage(event({ error }))))
      return decoding.kind === 'claim' ? decoding.claim.code : undefined
    }
    expect(codeOf('something_new')).toBe('something_new')
    expect(codeOf('user_not_found')).toBeUndefined()
    expect(codeOf('<script>')).toBeUndefined()
    expect(codeOf('x'.repeat(65))).toBeUndefined()
  })

  it('names the roles that were granted, and the account, where it contains what the administrator sent', () => {
    const roles = [{ id: '1', name: 'execute:playbooks' }, { id: '2', name: 'a"b\\c' }, 7]
    const { decoding } = decode(
      asJson(
        quotedMessage(admin('CREATE', 'CLIENT_ROLE_MAPPING', `${USER}/role-mappings/clients/c`, representation(roles))),
      ),
    )
    expect(decoding).toMatchObject({
      claim: { account: { kind: 'user', id: 'cc74404c', rights: ['execute:playbooks', 'a"b\\c'] } },
    })
    const created = decode(
      asJson(quotedMessage(admin('CREATE', 'CLIENT', 'clients/c-1', representation({ clientId: 'agent' })))),
    )
    expect(created.decoding).toMatchObject({ claim: { account: { kind: 'client', id: 'c-1', name: 'agent' } } })
  })

  it.each([
    ['before its address', 'type="LOGIN_ERROR", realmId="shop", clientId="we', 'undecoded truncated_message'],
    [
      'after its error',
      'type="LOGIN_ERROR", realmId="shop", clientId="web", userId="null", ipAddress="192.0.2.10", error="user_not_found", username="x',
      'auth_failures other unknown_user',
    ],
    [
      'at a field that a user imitates',
      'type="LOGIN_ERROR", realmId="shop", clientId="x\\", ipAddress="',
      'undecoded truncated_message',
    ],
    ['without quotes', 'type=LOGIN_ERROR, realmId=shop, clientId=we', 'undecoded truncated_message'],
    ['that is none', 'KC-SERVICES0009: a message of the same logger', 'undecoded unknown_template'],
    [
      'in quotes that are not known',
      "type='LOGIN_ERROR', realmId='shop', ipAddress='192.0.2.10'",
      'undecoded unknown_template',
    ],
  ])('that was cut %s is counted by reason', (_where, message, expected) => {
    expect(summaryOf(decode(asJson(message)).decoding)).toBe(expected)
  })

  it('without a time is not dated', () => {
    const line = asJson(quotedMessage(fields)).replace('2026-11-22T11', '2026-11-22 11')
    expect(summaryOf(decode(line).decoding)).toBe('undecoded bad_time')
    const text = asText(quotedMessage(fields))
    expect(summaryOf(decode(text.slice('2026-11-22 '.length)).decoding)).toBe('undecoded bad_time')
    expect(summaryOf(decode(text.replace('11-22', '13-22')).decoding)).toBe('undecoded bad_time')
  })
})

describe('the console of Keycloak 22 in plain text', () => {
  const line = (type: string) =>
    asText(unquotedMessage(event({ type, ...(!type.endsWith('_ERROR') && { error: undefined }) })))

  it('counts refusals without an address, and nothing else', () => {
    expect(tallyOf(linesOf('unquoted.synthetic.log'))).toEqual({
      'auth_failures client_credentials bad_client_credential': 1,
      'auth_failures other bad_credential': 1,
      'auth_failures other other': 2,
      'auth_failures other unknown_client': 1,
      'auth_failures other unknown_user': 1,
      'auth_failures refresh_token invalid_token': 1,
      'auth_lockouts other': 1,
      no_signal: 1,
      'undecoded forgeable_line': 2,
      'undecoded truncated_message': 1,
    })
    const { decoding } = decode(line('LOGIN_ERROR'))
    expect(decoding).toMatchObject({ claim: { actor: { addressUnknown: 'console_text' } } })
    expect(decode(line('LOGIN')).decoding).toMatchObject({ kind: 'undecoded', reason: 'forgeable_line' })
  })

  it('has the time of its envelope where it has no date, as WildFly writes it', () => {
    const undated = line('LOGIN_ERROR').replace(/^\S+ /, '')
    const written = '2026-11-28T15:48:11.007Z'
    for (const wrapped of [`keycloak-1  | ${written} ${undated}`, `${written} stdout F ${undated}`]) {
      const { decoding } = decode(wrapped)
      expect(decoding).toMatchObject({ kind: 'claim', claim: { signal: 'auth_failures', time: Date.parse(written) } })
    }
  })

  it('is text after which no other record of the file is believed', () => {
    const bytes = (text: string) => Buffer.from(`${text}\n`)
    const textIn = (text: string) => consoleTextIn(bytes(text), 0, bytes(text).length, undefined)
    expect(textIn(line('LOGIN_ERROR'))).toBe('bare')
    expect(textIn(asText(quotedMessage(fields)))).toBeUndefined()
    const forged = { id: '2', body: asText(quotedMessage(fields)), forgeable: 'bare' } as const
    expect(dispatcher.decode(forged).decoding).toEqual({ kind: 'undecoded', reason: 'forgeable_line' })
  })
})
