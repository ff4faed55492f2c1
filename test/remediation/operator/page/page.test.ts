import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { hashSync } from 'bcryptjs'
import {
  alert,
  deliver,
  message,
  startRemediation,
  stopAll,
  type TestService,
  temporaryFolder,
  until,
} from '../../service.ts'

afterEach(stopAll)

const headline = async ({ url }: TestService, headers: Record<string, string> = {}) =>
  /<section class="verdict ([a-z]*)"[^>]*>\s*<h2>([^<]*)/.exec(await (await fetch(url, { headers })).text())?.slice(1)

const blocked = (service: TestService, count: number) =>
  until('they are blocked', () => service.ledger.incidents.count('blocked') === count)

describe('the page', () => {
  it('says how many addresses are blocked while nothing is wrong', async () => {
    const service = await startRemediation({ mode: 'enforce' })
    expect(await headline(service)).toEqual(['', '0 addresses are blocked.'])
    await deliver(service, message([alert('192.0.2.1')]))
    await blocked(service, 1)
    expect(await headline(service)).toEqual(['', '1 address is blocked.'])
    await deliver(service, message([alert('192.0.2.2')]))
    await blocked(service, 2)
    expect(await headline(service)).toEqual(['', '2 addresses are blocked.'])
  })

  it('lists blocks of the same second by address', async () => {
    const service = await startRemediation({ mode: 'enforce' })
    const { ledger, clock } = service
    const second = Math.floor(clock.now() / 1_000) * 1_000
    const block = { incident: 'i', expiresAt: second + 3_600_000, length: 3_600_000 }
    const targets = ['192.0.2.9', '192.0.2.3', '192.0.2.7', '192.0.2.1']
    await ledger.write(() => {
      for (const [at, target] of targets.entries())
        ledger.blocks.create({ ...block, target, since: second + at }, { count: 1, last: 0 })
    })
    const page = await (await fetch(service.url)).text()
    const rows = page.slice(page.indexOf('id="blocks"'))
    const listed = [...rows.matchAll(/<bdi class="data">(192\.0\.2\.\d)</g)].map(([, target]) => target)
    expect(listed).toEqual(targets.toSorted())
  })

  it('says how long a block lasts, in two units', async () => {
    const service = await startRemediation({ mode: 'enforce' })
    await deliver(service, message([alert('192.0.2.1')]))
    await blocked(service, 1)
    service.clock.pass(90_000)
    expect(await (await fetch(service.url)).text()).toMatch(/in 58 min \d\d? s</)
  })

  it('says first that the breaker is open, since when, and how it is reset', async () => {
    const service = await startRemediation({ mode: 'enforce', limits: { per_minute: 1 } })
    await deliver(service, message([alert('192.0.2.1'), alert('198.51.100.2')]))
    await until('one is proposed', () => service.ledger.incidents.count('proposed') === 1)
    const [level, sentence] = (await headline(service)) ?? []
    expect([level, sentence]).toEqual([
      'elevated',
      expect.stringMatching(/^The breaker has been open since 00:00:\d\d:/),
    ])
    expect(await (await fetch(service.url)).text()).toContain('clawtrust remediation reset-breaker')
  })

  it('says first that deliveries failed for good', async () => {
    const destinations = [{ name: 'chat', template: 'slack', url: 'https://hooks.slack.example/secret' }]
    const service = await startRemediation({ mode: 'enforce', destinations })
    service.answer = () => new Response('', { status: 404 })
    await deliver(service, message([alert('192.0.2.1')]))
    await until('it is given up', () => service.ledger.outbox.count('dead') === 1)
    expect(await headline(service)).toEqual([
      'elevated',
      '1 delivery failed permanently; the receivers were not notified.',
    ])
    expect(await (await fetch(service.url)).text()).not.toContain('hooks.slack.example')
  })

  it('has buttons where whoever sees it has signed in, and the words of the command line where not', async () => {
    const folder = temporaryFolder()
    const web_config_file = join(folder, 'web.yml')
    writeFileSync(web_config_file, `basic_auth_users:\n  alice: ${hashSync('secret', 4)}\n`)
    const authorization = `Basic ${Buffer.from('alice:secret').toString('base64')}`
    const open = await startRemediation({ mode: 'approve' })
    const signedIn = await startRemediation({ mode: 'approve', web_config_file }, { folder })
    for (const service of [open, signedIn]) {
      await deliver(service, message([alert('192.0.2.1')]))
      await until('it is proposed', () => service.ledger.incidents.count('proposed') === 1)
    }
    const [plain, own] = await Promise.all([fetch(open.url), fetch(signedIn.url, { headers: { authorization } })])
    const [text, page] = await Promise.all([plain.text(), own.text()])
    expect(text).not.toContain('<form')
    expect(text).toContain('clawtrust remediation approve &lt;incident&gt;')
    expect(page).toContain('action="/commands/approve"')
    expect(own.headers.get('content-security-policy')).toContain("form-action 'self'")
    expect(plain.headers.get('content-security-policy')).toContain("form-action 'none'")
  })
})
