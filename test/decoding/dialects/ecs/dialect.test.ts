import { describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import { summaryOf } from '../../fixtures.ts'

const dispatcher = createDispatcher(dialects)
const decode = (body: string | Record<string, unknown>) => dispatcher.decode({ id: '1', body })

const signIn = {
  '@timestamp': '2026-11-23T10:00:00.000Z',
  event: { category: ['authentication'], type: ['start'], outcome: 'failure', reason: 'invalid_user_credentials' },
  user: { name: 'mallory' },
  source: { ip: '203.0.113.9' },
  host: { name: 'idp-1' },
  service: { name: 'keycloak' },
}

const withEvent = (event: object) => ({ ...signIn, event: { ...signIn.event, ...event } })

describe('an authentication event in ECS', () => {
  it.each([
    ['a failure with a reason of its own', withEvent({ reason: 'the moon' }), 'auth_failures other other'],
    ['a failure with a word for a reason', signIn, 'auth_failures other bad_credential'],
    [
      'a failure with the same word, as another product writes it',
      withEvent({ reason: 'User not found' }),
      'auth_failures other unknown_user',
    ],
    [
      'a failure with a reason in capitals',
      withEvent({ reason: 'INVALID-PASSWORD' }),
      'auth_failures other bad_credential',
    ],
    ['a failure without a reason', withEvent({ reason: undefined }), 'auth_failures other other'],
    ['a failure because of a lockout', withEvent({ reason: 'Account locked' }), 'auth_lockouts other'],
    ['a failure because of a rate limit', withEvent({ reason: 'rate_limited' }), 'auth_lockouts other'],
    ['an alert about a failure', withEvent({ kind: 'signal' }), 'no_signal'],
    ['a failure whose kind is an event', withEvent({ kind: 'event' }), 'auth_failures other bad_credential'],
    ['a document whose pipeline failed', withEvent({ kind: 'pipeline_error' }), 'undecoded unknown_layout'],
    [
      'a failure with a reason of the closed set',
      withEvent({ reason: 'unauthorized' }),
      'auth_failures other unauthorized',
    ],
    ['a failure over HTTP', { ...signIn, http: { request: { method: 'POST' } } }, 'auth_failures http bad_credential'],
    ['a success', withEvent({ outcome: 'success' }), 'auth_successes other'],
    ['a session that ended', withEvent({ outcome: 'success', type: ['end'] }), 'no_signal'],
    ['an outcome that is not known', withEvent({ outcome: 'unknown' }), 'no_signal'],
    ['no outcome', withEvent({ outcome: undefined }), 'no_signal'],
    ['no time', { ...signIn, '@timestamp': 'yesterday' }, 'undecoded bad_time'],
    ['a category that is not of authentication', withEvent({ category: ['process'] }), 'undecoded unknown_envelope'],
  ])('is read: %s', (_title, document, expected) => {
    expect(summaryOf(decode(document).decoding)).toBe(expected)
  })

  it('is read with dotted keys too', () => {
    const dotted = {
      '@timestamp': signIn['@timestamp'],
      'event.category': 'authentication',
      'event.outcome': 'failure',
    }
    expect(summaryOf(decode(dotted).decoding)).toBe('auth_failures other other')
  })

  it('names who, from where, and at which host and service', () => {
    const { decoder, decoding } = decode(signIn)
    expect(decoder).toBe('ecs')
    expect(decoding).toMatchObject({
      claim: {
        stream: 'other',
        actor: { identity: 'mallory', resolvedAddress: '203.0.113.9' },
        origin: { host: 'idp-1', service: 'keycloak' },
      },
    })
  })

  it('has the name of its product as its service, where no service is named', () => {
    const serviceOf = (document: Record<string, unknown>) => {
      const { decoding } = decode(document)
      return decoding.kind === 'claim' && decoding.claim.origin.service
    }
    expect(serviceOf({ ...withEvent({ module: 'okta' }), service: undefined })).toBe('okta')
    expect(serviceOf(withEvent({ module: 'okta' }))).toBe('keycloak')
  })

  it('takes no list for an address or a name, as a pipeline makes of what a user added to a text', () => {
    const document = { ...signIn, source: { ip: ['203.0.113.9', '198.51.100.66'] }, user: { name: ['a', 'b'] } }
    expect(decode(document).decoding).toMatchObject({ claim: { actor: {} } })
  })

  it('keeps the code of a failure whose reason is not known', () => {
    expect(decode(withEvent({ reason: undefined, code: '4625' })).decoding).toMatchObject({ claim: { code: '4625' } })
    expect(decode(withEvent({ code: '4625' })).decoding).not.toHaveProperty('claim.code')
  })

  it('is not read from a line: a file may be skipped by its wanted texts', () => {
    expect(summaryOf(decode(JSON.stringify(signIn)).decoding)).toBe('undecoded unknown_layout')
  })
})
