import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from '@jest/globals'
import { startRemediation, stopAll, temporaryFolder, until } from '../../remediation/service.ts'
import { withCommands } from '../../requirements.ts'
import { makeCertificate } from '../../service/http/fixtures.ts'
import { type Alertmanager, startAlertmanager, startAlertmanagerIn } from '../servers/alertmanager.ts'

const firing = (address: string) => ({
  labels: { alertname: 'BruteForce', playbook: 'brute-force', source_ip: address },
  annotations: { summary: 'many failures' },
})

/** Requests to webhooks that got no answer, by Alertmanager's own count. */
async function failedRequests({ url }: Alertmanager): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const [, count] =
    /^alertmanager_notification_requests_failed_total\{.*integration="webhook".*\} (\d+)$/m.exec(metrics) ?? []
  return Number(count ?? 0)
}

withCommands('prometheus-alertmanager').describe('a real Alertmanager', () => {
  const started: Alertmanager[] = []
  const startOne = async (url: string, token = 'right') => {
    const alertmanager = await startAlertmanager(`${url}alertmanager`, token)
    started.push(alertmanager)
    return alertmanager
  }

  afterEach(async () => {
    for (const alertmanager of started.splice(0)) await alertmanager.stop()
    await stopAll()
  }, 60_000)

  it('has its alert acted on once, also where two of them deliver it at different times', async () => {
    const service = await startRemediation({ mode: 'enforce' })
    const [one, other] = [await startOne(service.url), await startOne(service.url)]
    await one.post([{ ...firing('192.0.2.1'), startsAt: '2026-11-24T00:00:00Z' }])
    await until('it is blocked', () => service.kernel.elements.has('192.0.2.1'))
    await other.post([{ ...firing('192.0.2.1'), startsAt: '2026-11-24T00:00:07Z' }])
    await until('the second has delivered', () => service.ledger.incidents.list([], 9)[0]?.alerts === 2, 20_000)
    expect(service.ledger.incidents.list([], 9)).toHaveLength(1)
  }, 60_000)

  it('has the rotation of a certificate requested, and a message sent to Telegram', async () => {
    const destinations = [
      { name: 'ca', template: 'certificate-rotation', url: 'https://ca.example/rotate', token: 'ca' },
      { name: 'phone', template: 'telegram', token: '1:a', fields: { chat_id: '42' } },
    ]
    const service = await startRemediation({ mode: 'enforce', destinations })
    const alertmanager = await startOne(service.url)
    const labels = { alertname: 'ClawtrustCertificateExpiring', playbook: 'certificate-rotation', subject: 'CN=gw' }
    await alertmanager.post([{ labels: { ...labels, place: '/etc/tls/gw.pem' } }])
    await until('both have their requests', () => service.ledger.outbox.count('sent') === 2)
    expect(service.sent.map(({ url }) => new URL(url).host).toSorted()).toEqual(['api.telegram.org', 'ca.example'])
    const rotation = service.sent.find(({ url }) => url.startsWith('https://ca.example'))
    expect(rotation?.body).toMatchObject({ action: 'rotate_certificate', subject: 'CN=gw' })
  }, 60_000)

  it('tells of the end, which ends no block', async () => {
    const service = await startRemediation({ mode: 'enforce' })
    const alertmanager = await startOne(service.url)
    await alertmanager.post([firing('192.0.2.1')])
    await until('it is blocked', () => service.kernel.elements.has('192.0.2.1'))
    await alertmanager.post([{ ...firing('192.0.2.1'), endsAt: new Date(Date.now() - 1_000).toISOString() }])
    const resolvedAt = () => service.ledger.incidents.list([], 1)[0]?.facts.resolvedAt
    await until('the end is known', () => resolvedAt() !== undefined, 20_000)
    expect(service.kernel.elements.has('192.0.2.1')).toBe(true)
  }, 60_000)

  it('tries again while the service is away, and loses nothing', async () => {
    const first = await startRemediation({ mode: 'enforce' })
    const { url, folder } = first
    const alertmanager = await startOne(url)
    await first.stop()
    await alertmanager.post([firing('192.0.2.1')])
    await until('it has tried in vain', async () => (await failedRequests(alertmanager)) > 0, 20_000)
    const port = Number(new URL(url).port)
    const second = await startRemediation({ mode: 'enforce', listen_address: `127.0.0.1:${port}` }, { folder })
    await until('it is blocked', () => second.kernel.elements.has('192.0.2.1'), 30_000)
  }, 60_000)

  it('is let in by its client certificate, and kept out without one', async () => {
    const folder = temporaryFolder()
    makeCertificate(folder, 'server', 'IP:127.0.0.1')
    makeCertificate(folder, 'alertmanager')
    const web_config_file = join(folder, 'web.yml')
    const tls = 'cert_file: server.crt, key_file: server.key, client_ca_file: alertmanager.crt'
    writeFileSync(web_config_file, `tls_server_config: {${tls}, client_auth_type: RequireAndVerifyClientCert}\n`)
    const service = await startRemediation({ mode: 'enforce', web_config_file, webhook: {} }, { folder })
    const [known, unknown] = await Promise.all(
      [true, false].map(async shows => {
        const own = mkdtempSync(join(tmpdir(), 'clawtrust-alertmanager-'))
        const file = (name: string) => join(folder, name)
        const shown = shows ? { cert_file: file('alertmanager.crt'), key_file: file('alertmanager.key') } : {}
        const http_config = { follow_redirects: false, tls_config: { ca_file: file('server.crt'), ...shown } }
        const receiver = { name: 'clawtrust', webhook_configs: [{ url: `${service.url}alertmanager`, http_config }] }
        const route = { receiver: 'clawtrust', group_by: ['...'], group_wait: '0s' }
        // JSON is YAML.
        writeFileSync(join(own, 'alertmanager.yml'), JSON.stringify({ route, receivers: [receiver] }))
        const alertmanager = await startAlertmanagerIn(own)
        started.push(alertmanager)
        return alertmanager
      }),
    )
    await unknown?.post([firing('192.0.2.66')])
    await until('it was refused', () => service.log.join('').includes('no client certificate was presented'), 20_000)
    await known?.post([firing('192.0.2.1')])
    await until('the known one is heard', () => service.kernel.elements.has('192.0.2.1'), 20_000)
    expect(service.ledger.incidents.list([], 9)).toMatchObject([{ target: '192.0.2.1' }])
  }, 60_000)

  it('with a wrong token has nothing done', async () => {
    const service = await startRemediation({ mode: 'enforce' })
    const alertmanager = await startOne(service.url, 'wrong')
    await alertmanager.post([firing('192.0.2.1')])
    await until('it was refused', () => service.log.join('').includes('A webhook request was refused.'), 20_000)
    expect(service.ledger.incidents.list([], 9)).toEqual([])
  }, 60_000)
})
