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
    ['a failure with a reason of its own', signIn, 'auth_failures other other'],
    [
      'a failure with a reason of the closed set',
      withEvent({ reason: 'unauthorized' }),
      'auth_failures other unauthorized',
    ],
    ['a failure over HTTP', { ...signIn, http: { request: { method: 'POST' } } }, 'auth_failures http other'],
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

  it('is not read from a line: a file may be skipped by its wanted texts', () => {
    expect(summaryOf(decode(JSON.stringify(signIn)).decoding)).toBe('undecoded unknown_layout')
  })
})
