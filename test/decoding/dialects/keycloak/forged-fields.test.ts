import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import { asJson, asText, type EventFields, hostileText, quotedMessage, unquotedMessage } from './messages.ts'

const dispatcher = createDispatcher(dialects)

function claimOf(body: string) {
  const { decoding } = dispatcher.decode({ id: '1', body })
  if (decoding.kind !== 'claim') throw new Error(`${JSON.stringify(decoding)} of ${body}`)
  return decoding.claim
}

const TRUE_ADDRESS = '192.0.2.10'

/** A failed sign-in with these texts of an outsider, who also decides the order in which the details are written. */
const attempts = fc.record({
  clientId: hostileText,
  details: fc.shuffledSubarray(
    [
      ['auth_method', 'openid-connect'],
      ['grant_type', 'password'],
      ['redirect_uri', undefined],
      ['username', undefined],
      ['state', undefined],
      ['user_agent', undefined],
    ] as const,
    { minLength: 1 },
  ),
  texts: fc.array(hostileText, { minLength: 6, maxLength: 6 }),
  userId: fc.constantFrom('null', 'cc74404c-de7e-482a-98f7-b271ff3c49be'),
  error: fc.constantFrom('user_not_found', 'invalid_user_credentials', 'something_new'),
})
type Attempt = typeof attempts extends fc.Arbitrary<infer T> ? T : never

function fieldsOf({ clientId, details, texts, userId, error }: Attempt, withRealmName = true): EventFields {
  const realm = ['realmName', 'shop'] as const
  return [
    ['type', 'LOGIN_ERROR'],
    ['realmId', 'shop-id'],
    ...(withRealmName ? [realm] : []),
    ['clientId', clientId],
    ['userId', userId],
    ['ipAddress', TRUE_ADDRESS],
    ['error', error],
    ...details.map(([key, value], index) => [key, value ?? texts[index] ?? ''] as const),
  ]
}

const reasons = { user_not_found: 'unknown_user', invalid_user_credentials: 'bad_credential', something_new: 'other' }

function mechanismOf({ details }: Attempt): string {
  const keys = details.map(([key]) => key)
  return keys.includes('grant_type') ? 'password' : keys.includes('auth_method') ? 'oidc' : 'other'
}

describe('what an outsider writes into an event of Keycloak', () => {
  it.each([
    ['the console as JSON', asJson],
    ['the console in plain text', asText],
  ])('changes no other field, label or address, in %s', (_layout, write) => {
    fc.assert(
      fc.property(attempts, attempt => {
        const { signal, labels, origin, actor, account } = claimOf(write(quotedMessage(fieldsOf(attempt))))
        expect([signal, labels]).toEqual([
          'auth_failures',
          { mechanism: mechanismOf(attempt), reason: reasons[attempt.error] },
        ])
        expect(origin).toMatchObject({ service: 'Keycloak', realm: 'shop' })
        expect([actor.resolvedAddress, actor.addressUnknown, account]).toEqual([TRUE_ADDRESS, undefined, undefined])
      }),
      { numRuns: 2_000 },
    )
  })

  it('is the name that was tried, as it was before it was escaped', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (username, redirect) => {
        // Keycloak writes blanks for line breaks and tabs. Of a name that then begins like a separator, none is read.
        const written = username.replace(/[\n\r\t]/g, ' ')
        fc.pre(username.length < 256 && username !== '' && username !== 'null' && !written.startsWith(', '))
        const message = quotedMessage([
          ['type', 'LOGIN_ERROR'],
          ['realmId', 'shop-id'],
          ['clientId', 'web'],
          ['userId', 'null'],
          ['ipAddress', TRUE_ADDRESS],
          ['error', 'user_not_found'],
          ['redirect_uri', redirect],
          ['auth_type', 'code'],
          ['username', username],
          ['authSessionTabId', 'oJpF-WjDC04'],
        ])
        expect(claimOf(asJson(message)).actor.identity).toBe(written)
      }),
      { numRuns: 2_000 },
    )
  })

  it('never gives an address of its choice, a mechanism or an account in the format of Keycloak 22', () => {
    fc.assert(
      fc.property(attempts, attempt => {
        const { signal, labels, origin, actor, account } = claimOf(
          asJson(unquotedMessage(fieldsOf(attempt, false)).replace(/[\n\r]/g, ' ')),
        )
        expect([signal, labels.mechanism, origin.realm]).toEqual(['auth_failures', 'other', 'shop-id'])
        expect([TRUE_ADDRESS, undefined]).toContain(actor.resolvedAddress)
        expect(actor.addressUnknown).toBe(actor.resolvedAddress === undefined ? 'forgeable_text' : undefined)
        expect([reasons[attempt.error], 'other']).toContain(labels.reason)
        expect(account).toBeUndefined()
      }),
      { numRuns: 2_000 },
    )
  })
})
