import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import type { Claim } from '../../../decoding/toolkit/record.ts'
import { hostileText } from '../../decoding/dialects/keycloak/messages.ts'
import { summaryOf } from '../../decoding/fixtures.ts'
import { batchOf, bench, source } from '../../exporter/pipeline/fixtures.ts'
import { eventually } from '../servers/eventually.ts'
import { lackOfKeycloak } from './installation.ts'
import { type Keycloak, startKeycloak } from './server.ts'
import { Visitor } from './visitor.ts'

const dispatcher = createDispatcher(dialects)

/** What the lines of a log decode to, without those that the prefilter of a source skips. */
const decoded = (log: string) =>
  log
    .split('\n')
    .filter(line => (dispatcher.prefilter as readonly string[]).some(text => line.includes(text)))
    .map(line => dispatcher.decode({ id: '1', body: line }).decoding)

function tallyOf(summaries: readonly string[]): Record<string, number> {
  const tally: Record<string, number> = {}
  for (const summary of summaries) tally[summary] = (tally[summary] ?? 0) + 1
  return tally
}

/** Texts that a form can send and that Keycloak takes for a value: it refuses a request with a NUL. */
const hostile = (seed: number, count: number): string[] =>
  fc
    .sample(hostileText, { seed, numRuns: 10 * count })
    .filter(text => text.trim() !== '' && text !== 'ana' && !text.includes('\u0000'))
    .slice(0, count)

const HOSTILE = 25

/** The role of an agent, as the article of zero trust names one. */
const ROLE = 'execute:playbooks'

function tests(): void {
  let keycloak: Keycloak
  /** What every request was, in the order of the requests. */
  const truth: string[] = []

  beforeAll(async () => {
    keycloak = await startKeycloak()
    await visit(keycloak, truth)
  }, 600_000)

  afterAll(async () => {
    await keycloak?.stop()
  })

  it.each(['json', 'text'] as const)(
    'counts every sign-in and every change exactly once, in its log in %s',
    async layout => {
      const decodings = decoded(await keycloak.log(layout))
      expect(tallyOf(decodings.map(summaryOf))).toEqual(tallyOf(truth))
    },
  )

  it.each(['json', 'text'] as const)('gives no client an address of its choice, in its log in %s', async layout => {
    const claims = claimsIn(await keycloak.log(layout))
    expect(new Set(claims.map(({ actor }) => actor.resolvedAddress))).toEqual(new Set(['127.0.0.1']))
    expect(new Set(claims.map(({ origin }) => origin.realm))).toEqual(new Set(['master', 'shop']))
  })

  it('writes no line that a client has begun', async () => {
    const lines = (await keycloak.log('text')).trimEnd().split('\n')
    expect(
      lines.filter(line => !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (?:INFO|WARN) {1,2}\[org\./.test(line)),
    ).toEqual([])
  })

  it('names the service account and its roles wherever its life is recorded', async () => {
    const accounts = claimsIn(await keycloak.log('json')).flatMap(({ labels, account }) =>
      account?.kind === 'client' ? [[labels.kind ?? labels.mechanism, account.name, account.id, account.userId]] : [],
    )
    const created = accounts.find(([what]) => what === 'client_created')
    const used = accounts.find(([what]) => what === 'client_credentials')
    const rotated = accounts.find(([what]) => what === 'secret_rotated')
    expect([created?.[1], used?.[1]]).toEqual(['agent-controller', 'agent-controller'])
    expect(rotated?.[2]).toBe(created?.[2])
    const granted = claimsIn(await keycloak.log('json')).flatMap(({ labels, account }) =>
      labels.kind === 'role_granted' && account?.id === used?.[3] ? [account?.rights] : [],
    )
    expect(granted).toEqual([[ROLE]])
  })

  it('holds the service account as one identity, with its last use, its secret and its role', async () => {
    const lines = (await keycloak.log('json')).split('\n').filter(line => line.includes('org.keycloak.events'))
    const deleted = lines.findIndex(line => line.includes('DELETE') && line.includes('\\"CLIENT\\"'))
    const { pipeline, clock } = bench({ dispatcher, sources: [source('log')] })
    clock.time = Date.now()
    const read = (some: readonly string[]) =>
      pipeline.ingest('log', batchOf(some.map((body, index) => ({ id: `${index}`, body, gateway: 'keycloak' }))))
    const identities = () =>
      pipeline.changes().documents.flatMap(({ name, value }) => (name.startsWith('identities/') ? [value] : []))
    read(lines.slice(0, deleted))
    const ofAgent = identities().filter(value => JSON.stringify(value).includes('"agent-controller"'))
    expect(ofAgent).toEqual([
      expect.objectContaining({
        kind: 'client',
        realm: 'shop',
        id: expect.any(String),
        userId: expect.any(String),
        used: expect.any(Number),
        secretSet: expect.any(Number),
        granted: { [ROLE]: { time: expect.any(Number), isHeld: true } },
      }),
    ])
    read(lines.slice(deleted))
    expect(identities()).toContain(null)
  })
}

function claimsIn(log: string): Claim[] {
  return decoded(log).flatMap(decoding => (decoding.kind === 'claim' ? [decoding.claim] : []))
}

/** Signs in, fails, is locked out, administers, and forges; notes each request by what it has to be counted as. */
async function visit(keycloak: Keycloak, truth: string[]): Promise<void> {
  const visitor = new Visitor(keycloak)
  const note = async (expected: string, request: Promise<unknown>) => {
    await request
    truth.push(expected)
  }
  const logged = (text: string) =>
    eventually(`Keycloak has logged ${text}`, async () => (await keycloak.log('json')).includes(text) || undefined)

  await note('auth_successes password', visitor.signInAsAdministrator())
  // Its token would be too short-lived for a machine with much to do.
  await note('posture_drifts realm_changed medium', visitor.administer('PUT', '/master', { accessTokenLifespan: 3600 }))
  await note('auth_successes password', visitor.signInAsAdministrator())
  await note(
    'posture_drifts realm_changed medium',
    visitor.administer('POST', '', {
      realm: 'shop',
      enabled: true,
      adminEventsEnabled: true,
      adminEventsDetailsEnabled: true,
      bruteForceProtected: true,
      failureFactor: 3,
      quickLoginCheckMilliSeconds: 0,
      passwordPolicy: 'hashAlgorithm(pbkdf2-sha512) and hashIterations(1)',
    }),
  )
  const administer = async (expected: string, method: string, path: string, body?: unknown) => {
    truth.push(expected)
    return visitor.administer(method, `/shop${path}`, body)
  }
  const client = await administer('posture_drifts client_created medium', 'POST', '/clients', {
    clientId: 'agent-controller',
    secret: 'first secret',
    serviceAccountsEnabled: true,
    directAccessGrantsEnabled: true,
    redirectUris: ['https://shop.example/*'],
  })
  const user = (username: string, enabled: boolean) =>
    administer('posture_drifts user_created low', 'POST', '/users', {
      username,
      enabled,
      firstName: 'a',
      lastName: 'b',
      email: `${username}@shop.example`,
      credentials: [{ type: 'password', value: 'right' }],
    })
  const [ana, bob] = [await user('ana', true), await user('bob', false)]

  await note('auth_successes password', visitor.signIn('ana', 'right'))
  await note('auth_failures password unknown_user', visitor.signIn('nobody', 'right'))
  await note('auth_failures password user_disabled', visitor.signIn('bob', 'right'))
  const wrong = { client_id: 'agent-controller', client_secret: 'wrong' }
  await note('auth_failures password bad_client_credential', visitor.signIn('ana', 'right', wrong))
  await note('auth_failures password unknown_client', visitor.signIn('ana', 'right', { client_id: 'unknown' }))
  await note('auth_successes client_credentials', visitor.signInAsClient('first secret'))
  await note('auth_failures client_credentials bad_client_credential', visitor.signInAsClient('wrong'))
  await note('auth_failures refresh_token invalid_token', visitor.refresh('no token'))
  const elsewhere = { redirect_uri: 'https://evil.example/' }
  await note('auth_failures other client_misconfigured', visitor.openPage(elsewhere))

  for (let attempt = 0; attempt < 3; attempt++) {
    await note('auth_failures password bad_credential', visitor.signIn('ana', 'wrong'))
  }
  truth.push('auth_lockouts other')
  await logged('USER_DISABLED_BY_TEMPORARY_LOCKOUT')
  await note('auth_lockouts password', visitor.signIn('ana', 'wrong'))
  await note('auth_lockouts password', visitor.signIn('ana', 'right'))

  for (const text of hostile(1, HOSTILE)) {
    await note('auth_failures password unknown_user', visitor.signIn(text, 'x'))
  }
  for (const text of hostile(2, HOSTILE)) {
    await note('auth_failures password unknown_client', visitor.signIn('ana', 'x', { client_id: text }))
  }
  for (const text of hostile(3, HOSTILE)) {
    const parameters = { redirect_uri: `https://evil.example/${text}`, state: text, nonce: text, scope: text }
    await note('auth_failures other client_misconfigured', visitor.openPage(parameters))
  }

  await administer('posture_drifts role_changed medium', 'POST', '/roles', { name: ROLE })
  const role = await visitor.administeredObject(`/shop/roles/${ROLE}`)
  const service = (await visitor.administeredObject(`/shop/clients/${client}/service-account-user`)) as { id: string }
  await administer('posture_drifts role_granted medium', 'POST', `/users/${service.id}/role-mappings/realm`, [role])
  await administer('posture_drifts role_granted medium', 'POST', `/users/${ana}/role-mappings/realm`, [role])
  await administer('posture_drifts role_revoked low', 'DELETE', `/users/${ana}/role-mappings/realm`, [role])
  const group = await administer('posture_drifts role_changed medium', 'POST', '/groups', { name: 'hunters' })
  await administer('posture_drifts role_granted medium', 'PUT', `/users/${ana}/groups/${group}`)
  const scope = await administer('posture_drifts scope_changed medium', 'POST', '/client-scopes', {
    name: 'read:logs',
    protocol: 'openid-connect',
  })
  const mapping = `/clients/${client}/default-client-scopes/${scope}`
  await administer('posture_drifts scope_granted medium', 'PUT', mapping)
  await administer('posture_drifts scope_revoked low', 'DELETE', mapping)
  await administer('posture_drifts secret_rotated low', 'POST', `/clients/${client}/client-secret`)
  const password = { type: 'password', value: 'new' }
  await administer('posture_drifts credential_reset medium', 'PUT', `/users/${ana}/reset-password`, password)
  await administer('posture_drifts lockout_cleared low', 'DELETE', `/attack-detection/brute-force/users/${ana}`)
  await administer('posture_drifts user_changed low', 'PUT', `/users/${bob}`, { username: 'bob', enabled: true })
  await administer('posture_drifts user_disabled medium', 'PUT', `/users/${bob}`, { username: 'bob', enabled: false })
  await administer('posture_drifts impersonation high', 'POST', `/users/${ana}/impersonation`, {})
  await administer('no_signal', 'POST', `/users/${ana}/logout`)
  await administer('posture_drifts user_deleted medium', 'DELETE', `/users/${bob}`)
  await administer('posture_drifts client_deleted medium', 'DELETE', `/clients/${client}`)
  const last = { client_id: 'the-last-one' }
  await note('auth_failures password unknown_client', visitor.signIn('ana', 'x', last))
  await logged('the-last-one')
}

const title = 'Keycloak 26.4'
const lack = await lackOfKeycloak()
if (lack === undefined) describe(title, tests)
else describe.skip(`${title} [skipped: ${lack}]`, tests)
