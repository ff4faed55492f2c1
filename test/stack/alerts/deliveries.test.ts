import { readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { writtenOut } from '../../alert-rules/written-out.ts'
import { withCommands } from '../../requirements.ts'
import type { Alertmanager, PostedAlert } from '../servers/alertmanager.ts'
import { eventually } from '../servers/eventually.ts'
import { makeWebhookTrust, startShippedAlertmanager, type WebhookTrust } from '../servers/shipped-alertmanager.ts'
import { type AlertMessage, startWebhookReceiver } from './webhook-receiver.ts'

const BEGAN = '2026-01-01T00:00:00Z'
const ENDED = '2026-01-01T00:10:00Z'

const intruder = (address: string, zone = 'agent-control'): PostedAlert => {
  const alertname = 'ClawtrustMtlsUnknownSource'
  const labels = { gateway: 'gw-1', trust_zone: zone, source_ip: address }
  return {
    labels: { alertname, severity: 'critical', playbook: 'mtls-unknown-source', ...labels },
    annotations: writtenOut(alertname, labels, '7'),
    startsAt: BEGAN,
  }
}
/**
 * Alerts that begin together: one that is older than group_wait when it arrives is sent at once, without the others. In
 * a minute none is, however long the way takes.
 */
const together = (...alerts: readonly PostedAlert[]): readonly PostedAlert[] =>
  alerts.map(alert => ({ ...alert, startsAt: new Date(Date.now() + 60_000).toISOString() }))

const other = (alertname: string, labels: Readonly<Record<string, string>>): PostedAlert => {
  return { labels: { alertname, ...labels }, annotations: {}, startsAt: BEGAN }
}

const recorded = (name: string) => new URL(`../../fixtures/alertmanager/${name}.json`, import.meta.url)

/** Compares with what was recorded, but for port and time; with RECORD_FIXTURES it is recorded anew. */
function isAsRecorded(name: string, message: AlertMessage): void {
  const alerts = message.alerts.map(alert => ({ ...alert, startsAt: BEGAN }))
  const told = { ...message, alerts, externalURL: 'http://alertmanager:9093' }
  if (process.env.RECORD_FIXTURES !== undefined) {
    writeFileSync(recorded(name), `${JSON.stringify(told, null, 2)}\n`)
  }
  expect(told).toEqual(JSON.parse(readFileSync(recorded(name), 'utf8')))
}

withCommands('prometheus-alertmanager', 'openssl').describe('Alertmanager with the shipped configuration', () => {
  const stops: (() => unknown)[] = []
  let trust: WebhookTrust
  let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>
  let alertmanager: Alertmanager

  beforeAll(async () => {
    trust = await makeWebhookTrust()
    stops.push(() => rm(trust.folder, { recursive: true, force: true }))
    receiver = await startWebhookReceiver(trust)
    stops.push(receiver.stop)
    const hurried = (config: string) => config.replaceAll('group_interval: 30s', 'group_interval: 1s')
    alertmanager = await startShippedAlertmanager(trust, receiver.url, hurried)
    stops.push(alertmanager.stop)
  }, 60_000)

  afterAll(async () => {
    for (const stop of stops.reverse()) await stop()
  }, 60_000)

  const delivery = (about: string, fits: (message: AlertMessage) => boolean = () => true) =>
    eventually(`the webhook is told of ${about}`, async () =>
      receiver.deliveries.find(({ message }) => message.alerts[0]?.labels.source_ip === about && fits(message)),
    )

  it('calls the webhook with its token and its certificate', async () => {
    await alertmanager.post([intruder('203.0.113.1')])
    const { client, authorization, message } = await delivery('203.0.113.1')
    expect(client).toBe('alertmanager')
    expect(authorization).toBe(`Bearer ${trust.token}`)
    isAsRecorded('firing', message)
  }, 60_000)

  it('tells of its end', async () => {
    await alertmanager.post([{ ...intruder('203.0.113.1'), endsAt: ENDED }])
    const { message } = await delivery('203.0.113.1', ({ status }) => status === 'resolved')
    isAsRecorded('resolved', message)
  }, 60_000)

  it('sends one message for each address, with all that is about it', async () => {
    const [one, other] = [intruder('203.0.113.2', 'agent-control'), intruder('203.0.113.2', 'data-ingest')]
    await alertmanager.post(together(one, other, intruder('203.0.113.3')))
    isAsRecorded('group', (await delivery('203.0.113.2')).message)
    expect((await delivery('203.0.113.3')).message.alerts).toHaveLength(1)
  }, 60_000)

  it('tells how many alerts it left out, where somebody sets max_alerts', async () => {
    const wrong = (config: string) => config.replace('max_alerts: 0', 'max_alerts: 1')
    const limited = await startShippedAlertmanager(trust, receiver.url, wrong)
    stops.push(limited.stop)
    await limited.post(together(intruder('203.0.113.4', 'agent-control'), intruder('203.0.113.4', 'data-ingest')))
    isAsRecorded('truncated', (await delivery('203.0.113.4')).message)
  }, 60_000)

  it.each([
    ['ClawtrustAnomalyCritical', 'ClawtrustAnomaly', { gateway: 'gw-1', trust_zone: 'z', signal: 'auth_failures' }],
    ['ClawtrustSourceDown', 'ClawtrustReplicaSourceDown', { job: 'clawtrust', source: 'log' }],
    ['ClawtrustSourceDown', 'ClawtrustSourceLag', { job: 'clawtrust', source: 'log' }],
    ['ClawtrustSourceDown', 'ClawtrustSourceSilent', { job: 'clawtrust', source: 'log' }],
    ['ClawtrustSourceDown', 'ClawtrustFreshnessBurnsFast', { job: 'clawtrust', source: 'down' }],
    ['ClawtrustFreshnessBurnsFast', 'ClawtrustFreshnessBurnsSlowly', { job: 'clawtrust', source: 'log' }],
  ])(
    'lets %s speak for %s, of the same place only',
    async (cause, effect, labels) => {
      const elsewhere = Object.fromEntries(Object.keys(labels).map(name => [name, `not where ${effect} is`]))
      await alertmanager.post([other(cause, labels), other(effect, labels), other(effect, elsewhere)])
      const inhibited = async (of: Readonly<Record<string, string>>) => {
        const filter = new URLSearchParams()
        for (const [name, value] of Object.entries({ alertname: effect, ...of }))
          filter.append('filter', `${name}="${value}"`)
        const alerts = await (await fetch(`${alertmanager.url}/api/v2/alerts?${filter}`)).json()
        return (alerts as { status: { inhibitedBy: string[] } }[])[0]?.status.inhibitedBy.length
      }
      await eventually(`${effect} is inhibited`, async () => ((await inhibited(labels)) === 1 ? true : undefined))
      expect(await inhibited(elsewhere)).toBe(0)
    },
    60_000,
  )

  it('never silences what calls a playbook', async () => {
    const worse = ['ClawtrustAnomalyCritical', 'ClawtrustSourceDown', 'ClawtrustCertificateExpired']
    const place = { gateway: 'gw-1', trust_zone: 'agent-control' }
    await alertmanager.post([...worse.map(name => other(name, place)), intruder('203.0.113.5')])
    await delivery('203.0.113.5')
  }, 60_000)
})
