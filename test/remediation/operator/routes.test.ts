import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { hashSync } from 'bcryptjs'
import { MINUTE_MS } from '../../../core/clock.ts'
import {
  alert,
  deliver,
  message,
  startRemediation,
  stopAll,
  type TestService,
  temporaryFolder,
  until,
} from '../service.ts'

afterEach(stopAll)

const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})

/** A service whose breaker is open, since two more attackers came than a minute may have. */
async function withOpenBreaker(input: Record<string, unknown> = {}, folder = temporaryFolder()): Promise<TestService> {
  const limits = { per_minute: 1, per_hour: 2 }
  const service = await startRemediation({ mode: 'enforce', limits, ...input }, { folder })
  for (const host of [1, 2, 3]) await attackFrom(service, `198.51.100.${host}`)
  expect(service.ledger.incidents.count('proposed')).toBe(2)
  return service
}

async function attackFrom(service: TestService, address: string): Promise<void> {
  await deliver(service, message([alert(address)]))
  const { incidents } = service.ledger
  await until('it is decided on', () => incidents.count('received') + incidents.count('blocking') === 0)
}

const withUsers = (folder: string) => {
  const web_config_file = join(folder, 'web.yml')
  writeFileSync(web_config_file, `basic_auth_users:\n  alice: ${hashSync('secret', 4)}\n`)
  return { web_config_file }
}

const post = (service: TestService, kind: string, headers: Record<string, string> = {}, argument = '') =>
  fetch(`${service.url}commands/${kind}`, { method: 'POST', headers, body: new URLSearchParams({ argument }) })

describe('the breaker', () => {
  const operator = { bearer_token: 'operators' }
  const headers = { authorization: 'Bearer operators' }
  const read = async (service: TestService) => (await fetch(`${service.url}breaker`)).json()

  it('is told with its cap and the time at which it closes', async () => {
    const service = await withOpenBreaker()
    expect(await read(service)).toEqual({
      open: true,
      cap: 'per_minute',
      opened_at: expect.stringMatching(/^2026-11-24T00:00:\d\dZ$/),
      closes_at: expect.stringMatching(/^2026-11-24T01:00:\d\dZ$/),
    })
    service.clock.pass(61 * MINUTE_MS)
    expect(await read(service)).toEqual({ open: false })
  })

  it('is reset by an operator, whom the audit trail names, and lets through what the caps allow anew', async () => {
    const service = await withOpenBreaker({ operator })
    service.clock.pass(2_000)
    const response = await post(service, 'reset-breaker', headers)
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('The breaker is closed')])
    expect(await service.metric('clawtrust_remediation_breaker_open')).toBe(0)
    expect(JSON.stringify(service.ledger.audit.page(0, 99))).toMatch(
      /the breaker was reset by operator from 127\.0\.0\.1/,
    )
    await attackFrom(service, '198.51.100.9')
    expect(service.kernel.elements.has('198.51.100.9')).toBe(true)
    await attackFrom(service, '198.51.100.10')
    expect(await read(service)).toMatchObject({ open: true, cap: 'per_minute' })
    expect(service.ledger.audit.verify()).toMatchObject({ ok: true })
  })

  it('that is closed is not reset', async () => {
    const service = await startRemediation({ mode: 'enforce', operator })
    expect(await (await post(service, 'reset-breaker', headers)).text()).toBe('The breaker is not open.\n')
  })
})

describe('a command over HTTP', () => {
  const operator = { bearer_token: 'operators' }

  it.each([
    ['a wrong token', { authorization: 'Bearer guessed' }, 401],
    ['the token of alerts', { authorization: 'Bearer right' }, 401],
    ['nothing', {}, 401],
  ])('is refused to who shows %s, and changes nothing', async (_, headers, status) => {
    const service = await withOpenBreaker({ operator })
    expect((await post(service, 'reset-breaker', headers as Record<string, string>)).status).toBe(status)
    expect(await service.metric('clawtrust_remediation_breaker_open')).toBe(1)
  })

  it('is refused to everybody where nobody could show who they are', async () => {
    const service = await withOpenBreaker()
    const response = await post(service, 'reset-breaker')
    expect([response.status, await response.text()]).toEqual([
      403,
      expect.stringContaining('operator.bearer_token_file'),
    ])
    expect(await service.metric('clawtrust_remediation_breaker_open')).toBe(1)
  })

  it('is taken from a user of the web configuration, by name, and from no page of another site', async () => {
    const folder = temporaryFolder()
    const service = await withOpenBreaker({ operator, ...withUsers(folder) }, folder)
    const alice = basic('alice', 'secret')
    expect((await post(service, 'reset-breaker', basic('alice', 'wrong'))).status).toBe(401)
    expect((await post(service, 'reset-breaker', { ...alice, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await post(service, 'reset-breaker', alice)).status).toBe(200)
    expect(JSON.stringify(service.ledger.audit.page(0, 99))).toContain('reset by alice from 127.0.0.1')
  })

  it('approves, unblocks and replays as the command line does', async () => {
    const service = await withOpenBreaker({ operator })
    const headers = { authorization: 'Bearer operators' }
    const [proposal] = service.ledger.incidents.list(['proposed'], 1)
    const say = async (kind: string, argument: string) => (await post(service, kind, headers, argument)).text()
    expect(await say('approve', proposal?.id ?? '')).toContain('198.51.100.2 is blocked for 1 h')
    expect(await say('unblock', '198.51.100.2')).toContain('198.51.100.2 is unblocked')
    expect(service.kernel.elements.has('198.51.100.2')).toBe(false)
    expect(await say('replay', 'all')).toBe('There is no dead letter all.\n')
    expect((await post(service, 'flush', headers)).status).toBe(404)
  })

  it('leaves no network alone that nobody blocked', async () => {
    const service = await startRemediation({ mode: 'enforce', operator })
    const answer = await post(service, 'unblock', { authorization: 'Bearer operators' }, '0.0.0.0/0')
    expect(await answer.text()).toBe('0.0.0.0/0 is not blocked.\n')
    await attackFrom(service, '198.51.100.1')
    expect(service.kernel.elements.has('198.51.100.1')).toBe(true)
  })

  it('gives a browser a page with the sentence', async () => {
    const folder = temporaryFolder()
    const service = await withOpenBreaker(withUsers(folder), folder)
    const response = await post(service, 'approve', { ...basic('alice', 'secret'), accept: 'text/html' }, '<b>')
    expect(await response.text()).toContain('There is no incident &lt;b&gt;.')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })
})
