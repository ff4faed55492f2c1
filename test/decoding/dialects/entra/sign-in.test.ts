import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { type CodeTable, defaultCodes } from '../../../../decoding/dialects/entra/codes.ts'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { createDialects } from '../../../../decoding/registry.ts'
import { summaryOf } from '../../fixtures.ts'

type Document = Record<string, unknown>

const fixture = new URL('../../../fixtures/entra/sign-ins.synthetic.jsonl', import.meta.url)
const documents: Document[] = readFileSync(fixture, 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line))

const decodeWith = (entraCodes?: CodeTable) => {
  const dispatcher = createDispatcher(createDialects(entraCodes === undefined ? {} : { entraCodes }))
  return (body: Document) => dispatcher.decode({ id: '1', body })
}
const decode = decodeWith()

/** The first document with another code, and other properties of the sign-in. */
function signIn(code: string, properties: Document = {}): Document {
  const document = structuredClone(documents[0]) as {
    azure: { signinlogs: { result_type: string; properties: Document } }
  }
  document.azure.signinlogs.result_type = code
  Object.assign(document.azure.signinlogs.properties, { status: { error_code: Number(code) } }, properties)
  return document
}

function claimOf(document: Document) {
  const { decoding } = decode(document)
  if (decoding.kind !== 'claim') throw new Error(JSON.stringify(decoding))
  return decoding.claim
}

describe('a sign-in at Entra ID', () => {
  it('counts by its code', () => {
    expect(documents.map(document => summaryOf(decode(document).decoding))).toEqual([
      'auth_successes oidc',
      'auth_failures oidc bad_credential',
      'auth_failures oidc unknown_user',
      'auth_failures oidc mfa_required',
      'no_signal',
      'auth_lockouts oidc',
      'auth_failures oidc device_noncompliant',
      'auth_failures oidc other',
      'auth_successes oidc',
      'auth_successes oidc',
      'auth_successes oidc',
      'auth_failures client_credentials credential_expired',
      'auth_successes client_credentials',
      'auth_failures refresh_token invalid_token',
      'auth_failures password bad_credential',
      'auth_failures saml user_disabled',
      'auth_failures oidc bad_credential',
      'undecoded unknown_layout',
      'undecoded unknown_layout',
    ])
    expect(new Set(documents.map(document => decode(document).decoder))).toEqual(new Set(['entra-sign-in']))
  })

  it.each(Object.entries(defaultCodes))('with code %s means %s', (code, meaning) => {
    const expected =
      meaning === 'interrupt'
        ? 'no_signal'
        : meaning === 'locked'
          ? 'auth_lockouts oidc'
          : `auth_failures oidc ${meaning}`
    expect(summaryOf(decode(signIn(code)).decoding)).toBe(expected)
  })

  it('that was interrupted to ask whether to stay signed in is no failure, whatever outcome Elastic has set', () => {
    const interrupted = documents[4] as { event: Document }
    expect(interrupted.event.outcome).toBe('failure')
    expect(summaryOf(decode(interrupted as unknown as Document).decoding)).toBe('no_signal')
  })

  it('means what the configuration says', () => {
    const configured = decodeWith({ 99999: 'interrupt', 50126: 'policy_denied' })
    expect(summaryOf(configured(signIn('99999')).decoding)).toBe('no_signal')
    expect(summaryOf(configured(signIn('50126')).decoding)).toBe('auth_failures oidc policy_denied')
    expect(summaryOf(configured(signIn('50034')).decoding)).toBe('auth_failures oidc unknown_user')
  })

  it('keeps a code that is in no table, and no other', () => {
    expect(claimOf(signIn('99999')).code).toBe('99999')
    expect(claimOf(signIn('50126')).code).toBeUndefined()
  })

  it('is counted once, by its id', () => {
    expect(claimOf(signIn('0', { id: 'a' })).pair).toEqual({ key: 'entra a', role: 'leading' })
    expect(claimOf(signIn('0', { id: '' })).pair).toBeUndefined()
  })

  it('names the account, the tenant and the address of the connection', () => {
    const { actor, account, origin } = claimOf(documents[0] as Document)
    expect(actor).toEqual({ identity: 'ana@shop.example', resolvedAddress: '192.0.2.40' })
    const realm = '8a4de8b5-095c-47d0-a96f-a75130c61d54'
    expect(account).toEqual({
      kind: 'user',
      realm,
      id: '8a4de8b5-095c-47d0-a96f-a75130c61d53',
      name: 'ana@shop.example',
    })
    expect(origin).toMatchObject({ service: 'Entra ID', realm })
    expect(claimOf(documents[11] as Document).account).toEqual({
      kind: 'client',
      realm,
      id: '22222222-4677-43b4-a1dc-ecb3230e9350',
      name: 'agent-controller',
    })
  })

  it('reports whether the device is compliant, where it names the device', () => {
    expect(claimOf(documents[9] as Document).actor).toMatchObject({ device: 'd-1', deviceCompliance: 'noncompliant' })
    expect(claimOf(documents[10] as Document).actor).toMatchObject({ device: 'd-2', deviceCompliance: 'compliant' })
    const unnamed = { device_detail: { device_id: '', is_compliant: false } }
    expect(claimOf(signIn('0', unnamed)).actor).not.toHaveProperty('deviceCompliance')
    const text = { device_detail: { device_id: 'd-3', is_compliant: 'false' } }
    expect(claimOf(signIn('0', text)).actor).not.toHaveProperty('deviceCompliance')
  })

  it.each([
    ['none', undefined],
    ['low', undefined],
    ['medium', 'medium'],
    ['high', 'high'],
    ['hidden', undefined],
    [7, undefined],
  ])('that was granted at risk %s is also a drift of severity %s', (risk, severity) => {
    const claim = claimOf(signIn('0', { risk_level_during_signin: risk }))
    expect(claim.severity).toBe(severity ?? 'low')
    expect(claim.also?.map(({ labels }) => labels)).toEqual(severity && [{ kind: 'risky_sign_in', severity }])
  })

  it('that was granted to a device that is not compliant is also a drift', () => {
    const labels = { kind: 'noncompliant_device', severity: 'medium' }
    expect(claimOf(documents[9] as Document).also).toMatchObject([{ signal: 'posture_drifts', labels }])
    expect(claimOf(documents[10] as Document).also).toBeUndefined()
    const refused = { device_detail: { device_id: 'd-1', is_compliant: false }, risk_level_during_signin: 'high' }
    expect(claimOf(signIn('50126', refused)).also).toBeUndefined()
  })
})
