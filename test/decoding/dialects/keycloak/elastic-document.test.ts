import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import { summaryOf } from '../../fixtures.ts'

const dispatcher = createDispatcher(dialects)
const decode = (body: Record<string, unknown>) => dispatcher.decode({ id: '1', body })
const fixture = new URL('../../../fixtures/keycloak/elastic-documents.synthetic.jsonl', import.meta.url)
const documents: Record<string, unknown>[] = readFileSync(fixture, 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line))

function claimOf(document: Record<string, unknown>) {
  const { decoding } = decode(document)
  if (decoding.kind !== 'claim') throw new Error(JSON.stringify(decoding))
  return decoding.claim
}

const split = documents[0] as Record<string, unknown>
const event = split.event as Record<string, unknown>
const withOriginal = (original: string) => ({ ...split, event: { ...event, original } })
const quoted =
  'type="LOGIN_ERROR", realmId="1", realmName="shop", clientId="web", userId="null", ipAddress="192.0.2.77", error="user_not_found", username="x, ipAddress=198.51.100.66"'
const header = `2026-11-23 10:00:00,000 WARN  [org.keycloak.events] (executor-thread-1) `

describe("a document of Elastic's integration for Keycloak", () => {
  it('counts by its type, with or without an outcome', () => {
    expect(documents.map(document => summaryOf(decode(document).decoding))).toEqual([
      'auth_failures other bad_credential',
      'auth_failures other unknown_user',
      'auth_lockouts other',
      'auth_failures client_credentials bad_client_credential',
      'auth_successes other',
      'no_signal',
      'posture_drifts role_granted medium',
      'auth_failures other other',
      'auth_failures oidc unknown_user',
      'auth_failures oidc unknown_user',
      'auth_failures other unknown_user',
      'no_signal',
      'undecoded unknown_layout',
      'auth_failures other bad_credential',
    ])
    expect(new Set(documents.map(document => decode(document).decoder))).toEqual(new Set(['keycloak-elastic']))
  })

  it('shows the address that the pipeline split from the message and does not trust it', () => {
    const { actor, account } = claimOf(split)
    expect(actor).toEqual({ identity: 'ana', addressUnknown: 'forgeable_text', claimedAddress: '192.0.2.10' })
    expect(account).toBeUndefined()
  })

  it('is no event of an administrator where a user has added an operation', () => {
    const admin = { operation: 'DELETE', resource: { type: 'USER', path: 'users/x' } }
    const keycloak = { ...(split.keycloak as object), event_type: 'admin', admin }
    expect(summaryOf(decode({ ...split, keycloak }).decoding)).toBe('auth_failures other bad_credential')
  })

  it('is of its own realm where a user has added another', () => {
    const keycloak = { ...(split.keycloak as object), realm: { id: ['shop', 'master'] } }
    expect(claimOf({ ...split, keycloak }).origin.realm).toBe('shop')
  })

  it('shows no address where a user has added one', () => {
    const source = { ip: ['192.0.2.10', '198.51.100.66'] }
    expect(claimOf({ ...split, source }).actor).not.toHaveProperty('claimedAddress')
  })

  it('is read by the line that it keeps, in each layout of the console', () => {
    const ecs = { '@timestamp': '2026-11-23T10:00:00Z', 'log.logger': 'org.keycloak.events', message: quoted }
    for (const original of [header + quoted, JSON.stringify(ecs)]) {
      const { actor, origin, labels } = claimOf(withOriginal(original))
      expect(actor).toEqual({ identity: 'x, ipAddress=198.51.100.66', resolvedAddress: '192.0.2.77' })
      expect(origin).toMatchObject({ service: 'Keycloak', realm: 'shop', host: 'idp-1' })
      expect(labels.reason).toBe('unknown_user')
    }
  })

  it('has no address where the line that it keeps is one that a user can write', () => {
    const unquoted =
      'type=LOGIN_ERROR, realmId=shop, clientId=web, userId=null, ipAddress=192.0.2.77, error=user_not_found'
    expect(claimOf(withOriginal(header + unquoted)).actor).toEqual({ addressUnknown: 'console_text' })
  })

  it('is not read by a kept text that is no line of the console', () => {
    const { actor } = claimOf(withOriginal(`GET /?q=${header}${quoted}`))
    expect(actor).toHaveProperty('addressUnknown', 'forgeable_text')
  })
})
