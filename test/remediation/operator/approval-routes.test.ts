import { afterEach, describe, expect, it } from '@jest/globals'
import { HOUR_MS } from '../../../core/clock.ts'
import { alert, deliver, message, startRemediation, stopAll, until } from '../service.ts'

afterEach(stopAll)

const destinations = [{ name: 'chat', template: 'slack', url: 'https://hooks.slack.example/secret' }]

describe('a proposal', () => {
  const proposing = async () => {
    const service = await startRemediation({
      mode: 'approve',
      destinations,
      external_url: 'https://clawtrust.example',
    })
    await deliver(service, message([alert('192.0.2.1')]))
    await until('the chat is told', () => service.sent.length === 1)
    const link = /https:\/\/clawtrust\.example\/(approvals\/[\w.-]+)/.exec(JSON.stringify(service.sent))?.[1] ?? ''
    return { service, link: service.url + link }
  }
  const decision = (decision: string) => ({ method: 'POST', body: new URLSearchParams({ decision }) })

  it('is carried out by the link that a person follows; reading the page changes nothing', async () => {
    const { service, link } = await proposing()
    const page = await (await fetch(link)).text()
    expect(page).toContain('Approve')
    expect(service.kernel.elements.size).toBe(0)
    expect(await (await fetch(link, decision('approve'))).text()).toContain('192.0.2.1 is blocked for 1 h')
    expect(service.kernel.elements.has('192.0.2.1')).toBe(true)
    expect(await (await fetch(link, decision('approve'))).text()).toContain('has no pending approval')
  })

  it('makes no machine act before it is approved, and then once', async () => {
    const acting = [...destinations, { name: 'ca', template: 'certificate-rotation', url: 'https://ca.example/' }]
    const steps = [
      { type: 'request', destination: 'chat' },
      { type: 'request', destination: 'ca' },
    ]
    const playbooks = [{ name: 'rotate', mode: 'approve', target_label: 'subject', steps }]
    const service = await startRemediation({ playbooks, destinations: acting })
    await deliver(service, message([alert('', { labels: { playbook: 'rotate', subject: 'CN=edge-1' } })]))
    await until('the chat is told', () => service.ledger.outbox.count('sent') === 1)
    service.clock.pass(1_000)
    await service.tick()
    expect(service.sent.map(({ url }) => url)).toEqual(['https://hooks.slack.example/secret'])
    const [proposal] = service.ledger.incidents.list(['proposed'], 1)
    await service.ledger.write(() => service.ledger.commands.add('approve', proposal?.id ?? '', 'alice'))
    await until('the authority is asked', () => service.ledger.outbox.count('sent') === 2)
    expect(service.sent.slice(1)).toMatchObject([
      { url: 'https://ca.example/', body: { action: 'rotate_certificate', subject: 'CN=edge-1' } },
    ])
  })

  it('is dropped where a person rejects it', async () => {
    const { service, link } = await proposing()
    await fetch(link, decision('reject'))
    expect(service.kernel.elements.size).toBe(0)
    expect(service.ledger.incidents.count('rejected')).toBe(1)
  })

  it.each(['', 'decision=', 'decision=APPROVE', 'decision=yes', 'approve=1', 'decision=approve&decision=reject'])(
    'is left pending by a request that decides nothing: %j',
    async body => {
      const { service, link } = await proposing()
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const response = await fetch(link, { method: 'POST', headers, body })
      expect(response.status).toBe(400)
      expect(await response.text()).toContain('Nothing was decided')
      expect(service.ledger.incidents.count('proposed')).toBe(1)
      expect(service.kernel.elements.size).toBe(0)
      expect(await (await fetch(link, decision('approve'))).text()).toContain('192.0.2.1 is blocked for 1 h')
    },
  )

  it('is left pending by a request without a body', async () => {
    const { service, link } = await proposing()
    expect((await fetch(link, { method: 'POST' })).status).toBe(400)
    expect(service.ledger.incidents.count('proposed')).toBe(1)
  })

  it('lapses, and its link with it', async () => {
    const { service, link } = await proposing()
    service.clock.pass(4 * HOUR_MS)
    await until('it has lapsed', () => service.ledger.incidents.count('lapsed') === 1)
    expect((await fetch(link, decision('approve'))).status).toBe(404)
    expect(service.kernel.elements.size).toBe(0)
  })

  it('is not carried out by a link that was changed, or by a page of another site', async () => {
    const { service, link } = await proposing()
    const forged = link.replace(/\.(\d{10})\./, (_, seconds) => `.${Number(seconds) + 9}.`)
    expect((await fetch(forged, decision('approve'))).status).toBe(404)
    const foreign = { ...decision('approve'), headers: { 'sec-fetch-site': 'cross-site' } }
    expect((await fetch(link, foreign)).status).toBe(403)
    expect(service.kernel.elements.size).toBe(0)
  })

  it('shows what attackers wrote as text', async () => {
    const service = await startRemediation({
      mode: 'approve',
      destinations,
      external_url: 'https://clawtrust.example',
    })
    const annotations = { summary: '<script>alert(1)</script> <!channel>' }
    await deliver(service, message([alert('192.0.2.1', { annotations })]))
    await until('the chat is told', () => service.sent.length === 1)
    const link = /https:\/\/clawtrust\.example\/(approvals\/[\w.-]+)/.exec(JSON.stringify(service.sent))?.[1] ?? ''
    const page = await (await fetch(service.url + link)).text()
    expect(page).not.toContain('<script>alert')
    expect(await (await fetch(service.url)).text()).not.toContain('<script>alert')
  })
})
