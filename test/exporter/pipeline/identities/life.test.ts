import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DAY_MS, MINUTE_MS } from '../../../../core/clock.ts'
import { identitiesSchema, identityRolesSchema } from '../../../../core/config/identities.ts'
import { postureSchema } from '../../../../core/config/posture.ts'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import type { RawRecord } from '../../../../exporter/contracts/source.ts'
import { currentFindings } from '../../../../exporter/pipeline/posture/current-findings.ts'
import { postureView } from '../../../../exporter/web/page/posture-view.ts'
import { postureSection } from '../../../../exporter/web/page/sections/posture.ts'
import { hostileText } from '../../../decoding/dialects/keycloak/messages.ts'
import { batchOf, bench, NOON, source, total } from '../fixtures.ts'

const CLIENT = '702ac837-56a8-4a33-aefa-5c4e639f68b1'
const USER = '777f9100-6c7a-4163-bece-b9b056076706'

const rules = {
  ...identitiesSchema.parse({ unused_after: '30d', secret_max_age: '60d' }),
  roles: identityRolesSchema.parse([{ role: 'threat-hunt', identities: ['hunter'], scopes: ['read:logs'] }]),
}

let serial = 0
const line = (time: number, fields: object): RawRecord => {
  const values = Object.entries(fields).map(([key, value]) => `${key}="${String(value).replaceAll('"', '\\"')}"`)
  const record = {
    timestamp: new Date(time).toISOString(),
    sequence: 1,
    loggerName: 'org.keycloak.events',
    level: 'INFO',
    message: values.join(', '),
    hostName: 'kc',
    processName: 'keycloak',
  }
  serial += 1
  return { id: String(serial), body: JSON.stringify(record), gateway: 'kc' }
}
const ofUser = (type: string, more: object) => ({ type, realmId: 'r', realmName: 'shop', ...more })
const ofAdministrator = (
  operationType: string,
  resourceType: string,
  resourcePath: string,
  representation?: object,
) => ({
  operationType,
  realmId: 'm',
  realmName: 'master',
  clientId: 'admin-cli',
  userId: 'admin',
  ipAddress: '127.0.0.1',
  resourceType,
  resourcePath,
  ...(representation !== undefined && { representation: JSON.stringify(representation) }),
})
const signIn = (clientId = 'hunter', userId = USER, scope = 'email profile') =>
  ofUser('CLIENT_LOGIN', { clientId, userId, ipAddress: '127.0.0.1', grant_type: 'client_credentials', scope })
const created = ofAdministrator('CREATE', 'CLIENT', `clients/${CLIENT}`, { clientId: 'hunter' })
const granted = ofAdministrator('CREATE', 'REALM_ROLE_MAPPING', `users/${USER}/role-mappings/realm`, [
  { name: 'execute:playbooks' } as never,
] as never)
const revoked = { ...granted, operationType: 'DELETE' }
const rotated = ofAdministrator('ACTION', 'CLIENT', `clients/${CLIENT}/client-secret`)

function gateway(more: object = {}) {
  const made = bench({
    dispatcher: createDispatcher(dialects),
    sources: [source('log')],
    posture: { identityRules: rules, ...more },
  })
  const { pipeline, clock, store } = made
  const lines = async () => {
    let text = ''
    for await (const slice of store.render()) text += slice
    return text.split('\n')
  }
  const read = (time: number, ...records: readonly RawRecord[]) => {
    clock.time = Math.max(clock.time, time)
    pipeline.ingest('log', batchOf(records, { watermark: time }))
  }
  const checksAt = (time: number) => {
    clock.time = Math.max(clock.time, time)
    pipeline.observe()
    return currentFindings(pipeline.view.posture, clock.time).map(
      ({ finding: { check, target } }) => `${check} ${target}`,
    )
  }
  const exposed = async (metric: string) => (await lines()).filter(each => each.startsWith(metric))
  return { ...made, read, checksAt, exposed }
}

const day = (days: number) => NOON + days * DAY_MS

/** Another service account signs in every second day. */
function watched({ read }: Pick<ReturnType<typeof gateway>, 'read'>, from: number, to: number): void {
  for (let at = from; at <= to; at += 2) read(day(at), line(day(at), signIn('other', 'other-user')))
}

describe('a service account at Keycloak', () => {
  it('is unused when it has not signed in for as long as others were seen to', () => {
    const kc = gateway()
    kc.read(day(0), line(day(0), created), line(day(0) + 1, signIn()))
    watched(kc, 0, 30)
    expect(kc.checksAt(day(30))).toEqual([])
    watched(kc, 32, 32)
    expect(kc.checksAt(day(32))).toEqual(['identity.unused client shop/hunter'])
    kc.read(day(33), line(day(33), signIn()))
    expect(kc.checksAt(day(34))).toEqual([])
  })

  it('is not unused because the log was silent', () => {
    const kc = gateway()
    kc.read(day(0), line(day(0), created), line(day(0) + 1, signIn()))
    watched(kc, 0, 20)
    // The log of a week is missing.
    watched(kc, 28, 50)
    expect(kc.checksAt(day(50))).toEqual([])
    expect(kc.checksAt(day(59))).toEqual([])
    watched(kc, 52, 60)
    expect(kc.checksAt(day(60))).toEqual(['identity.unused client shop/hunter'])
  })

  it('has an old secret until it is generated again', () => {
    const kc = gateway()
    kc.read(day(0), line(day(0), created), line(day(0) + 1, signIn()))
    expect(kc.checksAt(day(60))).toEqual([])
    expect(kc.checksAt(day(61))).toEqual(['identity.secret_old client shop/hunter'])
    kc.read(day(61), line(day(61) + MINUTE_MS, rotated))
    expect(kc.checksAt(day(61) + 2 * MINUTE_MS)).toEqual([])
  })

  it('of a threat hunter may not execute playbooks, while it has that role', () => {
    const kc = gateway()
    kc.read(day(0), line(day(0), granted), line(day(0) + 1, signIn()))
    expect(kc.checksAt(day(0) + MINUTE_MS)).toEqual(['identity.scope_wide client shop/hunter'])
    kc.read(day(1), line(day(1), revoked))
    expect(kc.checksAt(day(1) + MINUTE_MS)).toEqual([])
  })

  it('of no role may hold nothing', () => {
    const kc = gateway()
    kc.read(day(0), line(day(0), signIn('other', 'U2', 'email read:logs')))
    expect(kc.checksAt(day(0) + MINUTE_MS)).toEqual(['identity.unknown_role client shop/other'])
  })

  it('is in no label, whatever it is called, and its findings are no events', async () => {
    const kc = gateway()
    const name = 'hunter", ipAddress="6.6.6.6'
    kc.read(day(0), line(day(0), signIn(name, 'U3', 'write:agents')))
    expect(kc.checksAt(day(0) + MINUTE_MS)).toHaveLength(1)
    expect(await kc.exposed('clawtrust_posture_findings')).toEqual([
      'clawtrust_posture_findings{gateway="kc",trust_zone="agent-control",check="identity.unknown_role",severity="medium"} 1',
    ])
    expect(await kc.exposed('clawtrust_identities')).toEqual([
      'clawtrust_identities{gateway="kc",trust_zone="agent-control",kind="client",usage="used"} 1',
      'clawtrust_identities{gateway="kc",trust_zone="agent-control",kind="client",usage="unused"} 0',
      'clawtrust_identities{gateway="kc",trust_zone="agent-control",kind="client",usage="unknown"} 0',
    ])
    expect(total(kc.store, 'clawtrust_posture_drifts_total')).toBe(0)
    expect(await kc.exposed('clawtrust_posture_snapshot')).toEqual([])
  })

  it('is in no label and changes no other account, whatever text it is called by', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async name => {
        const kc = gateway()
        kc.read(
          day(0),
          line(day(0), signIn('other', 'U2', 'read:logs')),
          line(day(0), signIn(name, 'U3', 'write:agents')),
        )
        expect(kc.checksAt(day(0) + MINUTE_MS)).toHaveLength(2)
        expect(await kc.exposed('clawtrust_posture_findings')).toEqual([
          'clawtrust_posture_findings{gateway="kc",trust_zone="agent-control",check="identity.unknown_role",severity="medium"} 2',
        ])
      }),
      { numRuns: 50 },
    )
  })

  it('makes no gateway of OpenClaw of its identity provider: nothing is desired of that', () => {
    const kc = gateway({
      desiredState: postureSchema.parse({ desired_state: [{ openclaw_version: '2026.9.6' }] }).desired_state,
    })
    kc.read(day(0), line(day(0), signIn('other', 'U2', 'read:logs')))
    expect(kc.checksAt(day(0) + MINUTE_MS)).toEqual(['identity.unknown_role client shop/other'])
    expect(kc.checksAt(day(2))).toEqual(['identity.unknown_role client shop/other'])
  })

  it('is on the page with what is wrong', () => {
    const kc = gateway()
    kc.read(day(0), line(day(0), signIn('<b>other</b>', 'U2', 'read:logs')))
    kc.checksAt(day(0) + MINUTE_MS)
    const { markup } = postureSection(postureView(kc.pipeline.view.posture, day(0) + MINUTE_MS))
    expect(markup).toContain('client shop/&lt;b&gt;other&lt;/b&gt;')
  })

  it('is compared with roles only where some are described, which is exposed', async () => {
    const described = await gateway().exposed('clawtrust_identity_roles')
    expect(described).toEqual([`clawtrust_identity_roles ${rules.roles.length}`])
    const without = gateway({ identityRules: { ...rules, roles: [] } })
    expect(await without.exposed('clawtrust_identity_roles')).toEqual([])
  })

  it('is gone with its account', async () => {
    const kc = gateway()
    kc.read(day(0), line(day(0), created))
    expect(kc.checksAt(day(61))).toEqual(['identity.secret_old client hunter'])
    kc.read(day(62), line(day(62), ofAdministrator('DELETE', 'CLIENT', `clients/${CLIENT}`)))
    expect(kc.checksAt(day(62) + MINUTE_MS)).toEqual([])
    expect(await kc.exposed('clawtrust_identities')).toEqual([])
  })

  it('is known after a restart as before, with its findings', () => {
    const before = gateway()
    before.read(day(0), line(day(0), created), line(day(0) + 1, granted), line(day(0) + 2, signIn()))
    watched(before, 0, 62)
    const expected = before.checksAt(day(62))
    expect(expected).toEqual([
      'identity.scope_wide client shop/hunter',
      'identity.secret_old client shop/hunter',
      'identity.unused client shop/hunter',
    ])
    const { documents } = before.pipeline.changes()
    const after = gateway()
    const saved = {
      cursors: [],
      documents: documents.filter(({ value }) => value !== null),
      blobs: [],
      minutes: [],
      series: [],
    }
    after.pipeline.restore(saved as never)
    expect(after.checksAt(day(62))).toEqual(expected)
    after.read(day(63), line(day(63), rotated), line(day(63), revoked), line(day(63), signIn()))
    expect(after.checksAt(day(63) + MINUTE_MS)).toEqual([])
  })
})

describe('the tokens of devices at a gateway', () => {
  const ID = 'e8f4c85e325c131cc3ad6359abf0a3f6ec017ff9f18f99bf1506c8d027a69814'
  const captured = readFileSync(
    new URL('../../../fixtures/openclaw/openclaw-2026.9.6-file-log.real.jsonl', import.meta.url),
    'utf8',
  )
  const log = captured.split('\n').filter(text => text.includes(ID) && text.includes('device '))
  const listed = (time: number, ...paired: readonly object[]): RawRecord => ({
    id: `list ${time}`,
    gateway: 'kc',
    body: { pending: [], paired, '@timestamp': new Date(time).toISOString() },
  })
  const tokens = (...scopes: readonly string[]) => [{ role: 'operator', scopes, createdAtMs: day(-1) }]

  it('are known by the log, with the scopes that they were given', () => {
    const kc = gateway()
    kc.read(NOON, ...log.map((body, index) => ({ id: `log ${index}`, body, gateway: 'kc' })))
    expect(kc.checksAt(NOON)).toEqual([])
    const table = kc.pipeline.changes().documents.filter(({ name }) => name.startsWith('identities/'))
    expect(log.some(text => text.includes('device token rotated'))).toBe(true)
    expect(table.map(({ value }) => value).filter(value => value !== null)).toMatchObject(
      log.at(-1)?.includes('removed') ? [] : [{ kind: 'device_token', id: ID, role: 'operator' }],
    )
  })

  it('are unused by the list alone, which says when they were used', () => {
    const kc = gateway()
    const idle = { deviceId: 'D', connected: false, lastSeenAtMs: day(0), tokens: tokens() }
    kc.read(day(30), listed(day(30), idle))
    expect(kc.checksAt(day(30))).toEqual([])
    // A list that does not come proves nothing.
    expect(kc.checksAt(day(40))).toEqual([])
    kc.read(day(41), listed(day(41), idle))
    expect(kc.checksAt(day(42))).toEqual(['identity.unused device_token D/operator'])
    kc.read(day(43), listed(day(43), { ...idle, connected: true }))
    expect(kc.checksAt(day(44))).toEqual([])
    kc.read(day(45), listed(day(45)))
    // An older list that is read again brings nothing back.
    kc.read(day(46), listed(day(41), idle))
    expect(kc.checksAt(day(47))).toEqual([])
  })

  it('that may do more than their role are found, by the name that an operator gave the device', () => {
    const kc = gateway()
    const hunter = { deviceId: 'D', connected: true, operatorLabel: 'hunter', tokens: tokens('operator.write') }
    kc.read(day(0), listed(day(0), hunter))
    expect(kc.checksAt(day(0) + MINUTE_MS)).toEqual(['identity.unknown_role device_token hunter/operator'])
  })
})
