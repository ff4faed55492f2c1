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
async function withOpenBreaker(
  input: Record<string, unknown> = {},
  folder = temporaryFolder(),
  roles?: Readonly<Record<string, unknown>>,
): Promise<TestService> {
  const limits = { per_minute: 1, per_hour: 2 }
  const surroundings = roles === undefined ? { folder } : { folder, roles }
  const service = await startRemediation({ mode: 'enforce', limits, ...input }, surroundings)
  for (const host of [1, 2, 3]) await attackFrom(service, `11.18.${host}.1`)
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
    await attackFrom(service, '11.18.9.1')
    expect(service.kernel.elements.has('11.18.9.1')).toBe(true)
    await attackFrom(service, '11.18.10.1')
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
    expect(await say('approve', proposal?.id ?? '')).toContain('11.18.2.1 is blocked for 1 h')
    expect(await say('unblock', '11.18.2.1')).toContain('11.18.2.1 is unblocked')
    expect(service.kernel.elements.has('11.18.2.1')).toBe(false)
    const body = new URLSearchParams({ argument: '11.18.2.1', for: 'long' })
    const refused = await fetch(`${service.url}commands/unblock`, { method: 'POST', headers, body })
    expect(await refused.text()).toContain('long is not a duration')
    expect(await say('replay', 'all')).toBe('There is no dead letter all.\n')
    expect((await post(service, 'flush', headers)).status).toBe(404)
  })

  it('names the blocked network of a host that is to be unblocked', async () => {
    const service = await startRemediation({ mode: 'enforce', operator })
    await deliver(service, message([alert('2001:db8:1:2::/64')]))
    await until('it is blocked', () => service.kernel.elements.has('2001:db8:1:2::/64'))
    const say = async (target: string) =>
      (await post(service, 'unblock', { authorization: 'Bearer operators' }, target)).text()
    expect(await say('2001:db8:1:2::9')).toBe(
      '2001:db8:1:2::9 is in the blocked network 2001:db8:1:2::/64; to allow it, unblock 2001:db8:1:2::/64.\n',
    )
    expect(await say('2001:db8:1:2::/64')).toContain('2001:db8:1:2::/64 is unblocked')
    expect(service.kernel.elements.size).toBe(0)
  })

  it('leaves no network alone that nobody blocked', async () => {
    const service = await startRemediation({ mode: 'enforce', operator })
    const answer = await post(service, 'unblock', { authorization: 'Bearer operators' }, '0.0.0.0/0')
    expect(await answer.text()).toBe('0.0.0.0/0 is not blocked.\n')
    await attackFrom(service, '11.18.1.1')
    expect(service.kernel.elements.has('11.18.1.1')).toBe(true)
  })
})

describe('a limit of the rate of requests', () => {
  it('of the web configuration does not shut out who shows the token of the webhook or of operators', async () => {
    const folder = temporaryFolder()
    const web_config_file = join(folder, 'web.yml')
    writeFileSync(web_config_file, 'rate_limit:\n  interval: 1h\n  burst: 3\n')
    const service = await startRemediation({ web_config_file, operator: { bearer_token: 'operators' } }, { folder })
    const strangers = await Promise.all(Array.from({ length: 5 }, async () => (await fetch(service.url)).status))
    expect(strangers.filter(status => status === 429)).toHaveLength(2)
    const sent = async (token: string) =>
      (await deliver(service, message([alert('198.51.100.1')]), { authorization: `Bearer ${token}` })).status
    expect([await sent('guessed'), await sent('right')]).toEqual([503, 200])
    expect((await post(service, 'unblock', { authorization: 'Bearer operators' }, '192.0.2.9')).status).toBe(200)
  })
})

describe('an address that several operators unblock at once', () => {
  it('is said to be unblocked to each of them', async () => {
    const operator = { bearer_token: 'operators' }
    const service = await startRemediation({ mode: 'enforce', operator })
    await attackFrom(service, '198.51.100.1')
    const headers = { authorization: 'Bearer operators' }
    const given = async () => (await post(service, 'unblock', headers, '198.51.100.1')).text()
    const answers = await Promise.all(Array.from({ length: 5 }, given))
    for (const answer of answers) expect(answer).not.toContain('did not respond')
    expect(service.kernel.elements.size).toBe(0)
  })
})

describe('a command of a browser', () => {
  const browser = { ...basic('alice', 'secret'), accept: 'text/html,application/xhtml+xml' }

  async function started(): Promise<TestService> {
    const folder = temporaryFolder()
    return withOpenBreaker(withUsers(folder), folder)
  }
  /** What the form of a page sends when its button is pressed. */
  const press = (service: TestService, page: string, headers: Record<string, string> = browser) => {
    const [, action = ''] = /<form[^>]* action="\/([^"]*)"/.exec(page) ?? []
    const fields = [...page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)]
    const body = new URLSearchParams(Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value])))
    return fetch(service.url + action, { method: 'POST', headers, body })
  }

  it.each([
    ['unblock', '11.18.1.1', 'Unblock 11.18.1.1?', '11.18.1.1 is unblocked'],
    ['reset-breaker', '', 'Reset the breaker?', 'The breaker is closed'],
    ['replay', 'all', 'Send all dead letters again?', 'There is no dead letter all.'],
  ])('to %s %s is asked about before it is carried out', async (kind, argument, question, answer) => {
    const service = await started()
    const before = service.ledger.audit.page(0, 99)
    const asked = await post(service, kind, browser, argument)
    const page = await asked.text()
    expect([asked.status, page]).toEqual([200, expect.stringContaining(`<h1 id="question">${question}</h1>`)])
    expect(page).toContain('<a class="cancel" href="/">')
    expect(page.includes('It is not blocked again for 24 h')).toBe(kind === 'unblock')
    expect(asked.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(service.ledger.audit.page(0, 99)).toEqual(before)
    expect(service.kernel.elements.has('11.18.1.1')).toBe(true)
    expect(await (await press(service, page)).text()).toContain(answer)
  })

  it('to approve tells what is approved, and does it when the answer is yes', async () => {
    const service = await started()
    const [proposal] = service.ledger.incidents.list(['proposed'], 1)
    const page = await (await post(service, 'approve', browser, proposal?.id)).text()
    expect(page).toContain('11.18.2.1 is blocked for 1 h')
    expect(page).toContain('<dt>Verdict</dt>')
    expect(service.kernel.elements.has('11.18.2.1')).toBe(false)
    expect(await (await press(service, page)).text()).toContain('11.18.2.1 is blocked for 1 h')
    expect(service.kernel.elements.has('11.18.2.1')).toBe(true)
  })

  it('is neither asked about nor carried out where a page of another site sends it', async () => {
    const service = await started()
    const foreign = { ...browser, 'sec-fetch-site': 'cross-site' }
    expect((await post(service, 'unblock', foreign, '11.18.1.1')).status).toBe(403)
    const page = await (await post(service, 'unblock', browser, '11.18.1.1')).text()
    expect((await press(service, page, foreign)).status).toBe(403)
    expect((await press(service, page, { ...browser, ...basic('alice', 'wrong') })).status).toBe(401)
    expect(service.kernel.elements.has('11.18.1.1')).toBe(true)
  })

  it('shows what it was given as text', async () => {
    const service = await started()
    const page = await (await post(service, 'approve', browser, '<b>')).text()
    expect(page).toContain('Approve incident &lt;b&gt;?')
    expect(page).toContain('There is no such incident.')
    const body = new URLSearchParams({ argument: '<b>', confirmed: 'yes' })
    const answer = await fetch(`${service.url}commands/approve`, { method: 'POST', headers: browser, body })
    expect(await answer.text()).toContain('There is no incident &lt;b&gt;.')
  })
})

describe('with roles', () => {
  const roles = { deliver: { bearer_token: 'sender' }, command: { bearer_token: 'commander' }, view: { anyone: true } }

  it('alerts and commands are taken from who holds the role, and from the tokens of their own sections', async () => {
    const operator = { bearer_token: 'operators' }
    const service = await startRemediation({ mode: 'enforce', operator }, { roles })
    const sent = async (token: string) =>
      (await deliver(service, message([alert('198.51.100.1')]), { authorization: `Bearer ${token}` })).status
    expect(await Promise.all(['sender', 'right', 'commander', 'guessed'].map(sent))).toEqual([200, 200, 401, 401])
    const given = async (token: string) =>
      (await post(service, 'unblock', { authorization: `Bearer ${token}` }, '198.51.100.1')).status
    expect(await Promise.all(['commander', 'operators', 'sender', 'guessed'].map(given))).toEqual([200, 200, 401, 401])
    expect((await fetch(service.url)).status).toBe(200)
    expect((await fetch(`${service.url}metrics`)).status).toBe(401)
  })

  it('a service may act without a token of its webhook, and nobody without the role delivers', async () => {
    const service = await startRemediation({ mode: 'enforce', webhook: {} }, { roles })
    const sent = async (headers: Record<string, string>) =>
      (await deliver(service, message([alert('198.51.100.1')]), headers)).status
    expect(await sent({ authorization: '' })).toBe(401)
    expect(await sent({ authorization: 'Bearer commander' })).toBe(403)
    expect(await sent({ authorization: 'Bearer sender' })).toBe(200)
  })

  it.each([
    ['who may command', { users: ['alice'] }, true],
    ['who may only view', { users: ['bob'] }, false],
    ['where anyone may command that signs in', { anyone: true }, true],
  ])(
    'the page has the buttons of commands for a user %s, and says how to give them otherwise',
    async (_, command, has) => {
      const folder = temporaryFolder()
      const input = { mode: 'enforce', ...withUsers(folder) }
      const holders = { ...roles, command, view: { users: ['alice'] } }
      const service = await withOpenBreaker(input, folder, holders)
      const page = await (await fetch(service.url, { headers: basic('alice', 'secret') })).text()
      const buttons = ['approve', 'reject', 'unblock', 'reset-breaker'].filter(kind =>
        page.includes(`/commands/${kind}`),
      )
      expect(buttons).toEqual(has ? ['approve', 'reject', 'unblock', 'reset-breaker'] : [])
      expect(page.includes('<code>clawtrust remediation unblock &lt;address&gt;</code>')).toBe(!has)
      expect((await post(service, 'reset-breaker', basic('alice', 'secret'))).status).toBe(has ? 200 : 403)
    },
  )

  it('the page has no buttons where commands need a token, whoever may view it', async () => {
    const service = await withOpenBreaker({}, temporaryFolder(), { ...roles, command: { anyone: true } })
    expect(await (await fetch(service.url)).text()).not.toContain('/commands/')
    expect((await post(service, 'reset-breaker')).status).toBe(403)
  })

  it.each([{ bearer_token: 'right' }, { grafana_secret: 'shared' }])(
    'a user with the role delivers, also where the webhook has %j',
    async webhook => {
      const folder = temporaryFolder()
      const holders = { ...roles, deliver: { users: ['alice'] } }
      const service = await startRemediation({ webhook, ...withUsers(folder) }, { folder, roles: holders })
      const sent = async (user: string, password: string) =>
        (await deliver(service, message([alert('198.51.100.1')]), basic(user, password))).status
      expect(await sent('alice', 'secret')).toBe(200)
      expect(await Promise.all([sent('alice', 'guessed'), sent('Alice', 'secret'), sent('', '')])).toEqual([
        401, 401, 401,
      ])
    },
  )

  it('a user without the role gives no command', async () => {
    const folder = temporaryFolder()
    const holders = { ...roles, view: { users: ['alice'] } }
    const service = await startRemediation({ mode: 'enforce', ...withUsers(folder) }, { folder, roles: holders })
    expect((await post(service, 'reset-breaker', basic('alice', 'secret'))).status).toBe(403)
    expect((await post(service, 'reset-breaker', { authorization: 'Bearer commander' })).status).toBe(200)
  })
})
