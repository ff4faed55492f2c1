import { afterEach, describe, expect, it } from '@jest/globals'
import { deliver, message, startRemediation, stopAll, type TestService, until } from '../service.ts'

afterEach(stopAll)

const SUBJECT = 'CN=gateway.example,O=example'
const expiring = {
  status: 'firing',
  labels: {
    alertname: 'ClawtrustCertificateExpiring',
    severity: 'warning',
    playbook: 'certificate-rotation',
    gateway: 'edge-1',
    trust_zone: 'agent-control',
    subject: SUBJECT,
    place: '/etc/tls/gateway.pem',
  },
  annotations: { summary: 'A certificate expires soon.' },
  startsAt: '2026-11-24T00:00:00Z',
  endsAt: '0001-01-01T00:00:00Z',
  fingerprint: 'f1',
}
const destinations = [
  { name: 'ca', template: 'certificate-rotation', url: 'https://ca.example/rotate', token: 'ca' },
  { name: 'phone', template: 'telegram', token: '1:a', fields: { chat_id: '42' } },
]
const incidents = (service: TestService) => service.ledger.incidents.list([], 9)

describe('the built-in playbook certificate-rotation', () => {
  it('asks the authority and sends a message to Telegram, once for an alert that is delivered again', async () => {
    const service = await startRemediation({ mode: 'enforce', destinations })
    await deliver(service, message([expiring]))
    await deliver(service, message([expiring]))
    await until('both have their requests', () => service.ledger.outbox.count('sent') === 2)
    const of = (host: string) => service.sent.filter(({ url }) => new URL(url).host === host)
    expect(of('ca.example')).toMatchObject([
      { body: { action: 'rotate_certificate', subject: SUBJECT, playbook: 'certificate-rotation' } },
    ])
    const [asked] = of('ca.example') as unknown as readonly [{ body: { alert: string } }]
    expect(JSON.parse(asked.body.alert).labels).toMatchObject({ place: '/etc/tls/gateway.pem', gateway: 'edge-1' })
    expect(of('api.telegram.org')).toMatchObject([
      {
        body: { chat_id: '42', text: expect.stringContaining('CN=gateway[.]example,O=example (certificate-rotation)') },
      },
    ])
    expect(incidents(service)).toHaveLength(1)
  })

  it('asks again a day later, where the alert still fires', async () => {
    const service = await startRemediation({ mode: 'enforce', destinations })
    await deliver(service, message([expiring]))
    await until('both have their requests', () => service.ledger.outbox.count('sent') === 2)
    service.clock.pass(23 * 3_600_000)
    await service.tick()
    await deliver(service, message([expiring]))
    await service.tick()
    expect(incidents(service)).toHaveLength(1)
    service.clock.pass(2 * 3_600_000)
    await service.tick()
    await deliver(service, message([expiring]))
    await until('both are asked again', () => service.ledger.outbox.count('sent') === 4)
  })

  it('records only what it would do, unless another mode is configured', async () => {
    const service = await startRemediation({ destinations })
    await deliver(service, message([expiring]))
    await until('it is decided', () => incidents(service)[0]?.state === 'observed')
    await service.tick()
    expect(service.sent).toEqual([])
  })

  it('asks people first, and the authority after the approval, in mode approve', async () => {
    const service = await startRemediation({ mode: 'approve', destinations })
    await deliver(service, message([expiring]))
    await until('people are asked', () => service.ledger.outbox.count('sent') === 1)
    expect(service.sent.map(({ url }) => new URL(url).host)).toEqual(['api.telegram.org'])
  })

  it('records only what it would do where no destination is configured', async () => {
    const service = await startRemediation({ mode: 'enforce' })
    await deliver(service, message([expiring]))
    await until('it is decided', () => incidents(service)[0]?.state === 'observed')
  })
})
