import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { afterEach, describe, expect, it } from '@jest/globals'
import { describeWithCapture } from '../../requirements.ts'
import { alert, deliver, message, startRemediation, stopAll, type TestService, until } from '../service.ts'
import { beginBody, postWithHost } from './requests.ts'

afterEach(stopAll)

const incidents = (service: TestService) => service.ledger.incidents.list([], 100)

describe('POST /alertmanager', () => {
  it.each([
    ['no token', { authorization: '' }],
    ['a wrong token', { authorization: 'Bearer wrong' }],
    ['the token as basic authentication', { authorization: `Basic ${Buffer.from('x:right').toString('base64')}` }],
    ['a token that only begins rightly', { authorization: 'Bearer right2' }],
  ])('refuses %s with 401, and nothing happens', async (_, headers) => {
    const service = await startRemediation({ mode: 'enforce' })
    const response = await deliver(service, message([alert('192.0.2.1')]), headers)
    expect(response.status).toBe(401)
    expect(await response.text()).not.toContain('right')
    expect(incidents(service)).toEqual([])
    expect(service.log.join('')).not.toContain('wrong2')
  })

  it.each([
    ['no JSON', 'hello'],
    ['another version', JSON.stringify({ version: '5', alerts: [] })],
    ['no alerts', JSON.stringify({ version: '4' })],
    ['a list', '[]'],
    ['labels that are numbers', message([alert('192.0.2.1', { labels: { playbook: 7 } })])],
    ['nothing', ''],
  ])('answers 400 to %s: trying again changes nothing', async (_, body) => {
    const service = await startRemediation()
    expect((await deliver(service, body)).status).toBe(400)
  })

  it.each([
    ['labels', { labels: { playbook: 7 } }],
    ['status', { status: 'pending' }],
    ['startsAt', { startsAt: 'x'.repeat(65) }],
    ['fingerprint', { fingerprint: '' }],
    ['annotations', { annotations: 'none' }],
    ['generatorURL', { generatorURL: 1 }],
  ])('rejects an alert with wrong %s alone, takes the others and counts it', async (reason, wrong) => {
    const service = await startRemediation()
    const alerts = [alert('192.0.2.1'), { ...alert('192.0.2.2'), ...wrong }, alert('192.0.2.3')]
    expect((await deliver(service, message(alerts))).status).toBe(200)
    expect(
      incidents(service)
        .map(({ target }) => target)
        .sort(),
    ).toEqual(['192.0.2.1', '192.0.2.3'])
    const counted = `clawtrust_remediation_rejected_alerts_total{reason="${reason}"}`
    expect(await (await fetch(`${service.url}metrics`)).text()).toContain(`${counted} 1`)
  })

  it('rejects an alert that is no map alone', async () => {
    const service = await startRemediation()
    expect((await deliver(service, message([alert('192.0.2.1'), null as never, 'x' as never]))).status).toBe(200)
    expect(incidents(service)).toHaveLength(1)
    expect(await (await fetch(`${service.url}metrics`)).text()).toContain('rejected_alerts_total{reason="form"} 2')
  })

  it('takes the valid alerts beside very many that are none, and counts those', async () => {
    const service = await startRemediation()
    const alerts = [alert('192.0.2.1'), ...Array<never>(200_000).fill(0 as never)]
    expect((await deliver(service, message(alerts))).status).toBe(200)
    expect(incidents(service)).toHaveLength(1)
    expect(await (await fetch(`${service.url}metrics`)).text()).toContain('rejected_alerts_total{reason="form"} 200000')
    expect(service.log.filter(line => line.includes('rejected=200000'))).toHaveLength(1)
  })

  it('records many alerts in slices, between which it does other work', async () => {
    const service = await startRemediation()
    const alerts = Array.from({ length: 2_000 }, (_, at) => alert(`198.51.${at >> 8}.${at & 255}`))
    const seen = new Set<number>()
    let isOver = false
    const delivered = deliver(service, message(alerts)).finally(() => {
      isOver = true
    })
    while (!isOver) {
      seen.add(service.ledger.incidents.list([], 5_000).length)
      await new Promise(resolve => setImmediate(resolve))
    }
    expect((await delivered).status).toBe(200)
    expect([...seen].some(count => count > 0 && count < 2_000)).toBe(true)
    expect(incidents(service)).toHaveLength(100)
  })

  it('takes keys that it does not know, as later versions add them', async () => {
    const service = await startRemediation()
    const later = message([alert('192.0.2.1', { routeLabels: {} })], { notification_reason: 'new' })
    expect((await deliver(service, later)).status).toBe(200)
    expect(incidents(service)).toHaveLength(1)
  })

  it('keeps of a text what fits, and of attackers what is text', async () => {
    const service = await startRemediation()
    const labels = {
      playbook: 'brute-force',
      source_ip: '192.0.2.1',
      note: `\ud800${'a'.repeat(100_000)}`,
      __proto__: 'x',
    }
    await deliver(service, message([alert('192.0.2.1', { labels })]))
    expect(incidents(service)[0]?.alert.labels.note?.length).toBe(4_096)
  })

  it('keeps 64 labels and 64 Ki characters of an alert, those first that its playbook uses', async () => {
    const service = await startRemediation({
      playbooks: [
        { name: 'own', match: { team: ['red'] }, target_label: 'zone_ip', steps: [{ type: 'block', ttl: ['1h'] }] },
      ],
    })
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`label_${at}`, 'x'.repeat(4_096)]))
    const labels = { ...many, team: 'red', zone_ip: '192.0.2.1' }
    const annotations = { ...many, events: '7' }
    expect((await deliver(service, message([alert('', { labels, annotations })]))).status).toBe(200)
    const [{ target = '', alert: kept } = {}] = incidents(service)
    expect(target).toBe('192.0.2.1')
    expect(kept?.labels).toMatchObject({ team: 'red', zone_ip: '192.0.2.1', label_0: 'x'.repeat(4_096) })
    expect(JSON.stringify(kept).length).toBeLessThan(70_000)
  })

  it('answers 503, never 429, while too much waits for its decision', async () => {
    const answers: (() => void)[] = []
    const enrichment = {
      deadline: '1m',
      threat_intelligence: [
        {
          type: 'http',
          name: 'slow',
          url: 'https://intel/{address}',
          score: 'score',
          malicious_from: 1,
          timeout: '1m',
        },
      ],
    }
    const service = await startRemediation({ enrichment, webhook: { bearer_token: 'right', max_waiting: 2 } })
    service.answer = () => new Promise(resolve => answers.push(() => resolve(new Response('{"score":0}'))))
    expect((await deliver(service, message([alert('192.0.2.1'), alert('192.0.2.2')]))).status).toBe(200)
    expect((await deliver(service, message([alert('192.0.2.3')]))).status).toBe(503)
    await until('both are asked about', () => answers.length === 2)
    for (const answer of answers) answer()
    await until('they are decided on', () => service.ledger.incidents.count('received') === 0)
    expect((await deliver(service, message([alert('192.0.2.3')]))).status).toBe(200)
    await until('the third is asked about', () => answers.length === 3)
    answers[2]?.()
  })
})

describeWithCapture(
  'fixtures/alertmanager/alertmanager-0.25-webhook-payload.json',
  'the captured message of Alertmanager 0.25',
  file => {
    it('is taken', async () => {
      const playbooks = [
        { name: 'captured', match: { alertname: ['ZtMtlsUnknownSource'] }, steps: [{ type: 'block', ttl: ['1h'] }] },
      ]
      const service = await startRemediation({ playbooks })
      expect((await deliver(service, readFileSync(file, 'utf8'))).status).toBe(200)
      expect(incidents(service)).toMatchObject([
        { playbook: 'captured', target: '192.0.2.1', alert: { fingerprint: '68755d7658584705' } },
      ])
    })
  },
)

describe('POST /grafana', () => {
  const webhook = { grafana_secret: 'shared' }
  const body = message([alert('192.0.2.1')], { version: '1', orgId: 1, title: 'x', state: 'alerting' })
  const signed = (service: TestService, age = 0, secret = 'shared', of = body) => {
    const time = String(Math.floor(service.clock.now() / 1_000) - age)
    return {
      authorization: '',
      'x-grafana-alerting-timestamp': time,
      'x-grafana-alerting-signature': createHmac('sha256', secret).update(`${time}:${of}`).digest('hex'),
    }
  }
  const send = (service: TestService, headers: Record<string, string>, text = body) =>
    fetch(`${service.url}grafana`, { method: 'POST', headers, body: text })

  it('takes what is signed', async () => {
    const service = await startRemediation({ webhook })
    expect((await send(service, signed(service))).status).toBe(200)
    expect(incidents(service)).toHaveLength(1)
  })

  it.each([
    ['another secret', (service: TestService) => signed(service, 0, 'guessed')],
    ['another body', (service: TestService) => signed(service, 0, 'shared', '{}')],
    ['an old time: a replay', (service: TestService) => signed(service, 301)],
    ['a time to come', (service: TestService) => signed(service, -400)],
    ['no time', (service: TestService) => ({ ...signed(service), 'x-grafana-alerting-timestamp': '' })],
    ['no signature', () => ({})],
  ])('refuses what is signed with %s', async (_, headers) => {
    const service = await startRemediation({ webhook })
    expect((await send(service, headers(service) as Record<string, string>)).status).toBe(401)
    expect(incidents(service)).toEqual([])
  })

  it('does not open /alertmanager to those without a signature', async () => {
    const service = await startRemediation({ webhook })
    expect((await deliver(service, message([alert('192.0.2.1')]))).status).toBe(401)
  })

  it('reads no more bodies at once of strangers than fit, answers 503 beyond, and lets who shows the token by', async () => {
    const service = await startRemediation({ webhook: { ...webhook, bearer_token: 'right', max_body: '1MiB' } })
    const forged = signed(service, 0, 'guessed')
    const begin = (from: string) => beginBody(`${service.url}grafana`, 1024 * 1024, forged, from)
    // Two of one address, one of another; the first two hold the budget of their address.
    const slow = await Promise.all(['127.0.0.1', '127.0.0.1', '127.0.0.2'].map(begin))
    const isFull = async () => (await send(service, signed(service))).status === 503
    await until('what they sent has arrived', isFull)
    expect(
      await postWithHost(service, 'localhost', { path: 'grafana', from: '127.0.0.3', headers: signed(service), body }),
    ).toBe(200)
    expect((await deliver(service, message([alert('192.0.2.9')]))).status).toBe(200)
    for (const request of slow) request.destroy()
    await until('there is room', async () => (await send(service, signed(service))).status === 200)
  })

  it('acts once on what is sent again within the window', async () => {
    const service = await startRemediation({ webhook })
    const headers = signed(service)
    await send(service, headers)
    expect((await send(service, headers)).status).toBe(200)
    expect(incidents(service)).toMatchObject([{ alerts: 1 }])
  })
})

describe('a webhook without credentials', () => {
  it('takes alerts from loopback with a Host of the service', async () => {
    const service = await startRemediation({ webhook: {} })
    expect((await deliver(service, message([alert('192.0.2.1')]), { authorization: '' })).status).toBe(200)
    expect(await postWithHost(service, 'rebound.example')).toBe(421)
    expect(incidents(service)).toHaveLength(1)
  })

  it('takes none from another machine, also not where the listener is open', async () => {
    const listen = { listen_address: '0.0.0.0:0', webhook: {} }
    const service = await startRemediation(listen, { allowUnauthenticated: true })
    const [address] = outerAddresses()
    if (address === undefined) return
    const url = service.url.replace('localhost', address)
    const response = await fetch(`${url}alertmanager`, { method: 'POST', body: message([alert('192.0.2.1')]) })
    expect([response.status, await response.text()]).toEqual([401, expect.stringContaining('bearer_token_file')])
    expect(incidents(service)).toEqual([])
  })

  it('takes a host of web.allowed_hosts and that of external_url', async () => {
    const external = { external_url: 'https://Outside.example:8443/', webhook: {} }
    const service = await startRemediation(external, { allowedHosts: ['remediation'] })
    const statuses = ['outside.example', 'remediation:9848', 'elsewhere.example'].map(host =>
      postWithHost(service, host),
    )
    expect(await Promise.all(statuses)).toEqual([200, 200, 421])
  })
})

describe('a service that may act', () => {
  it('does not start where anybody could send it alerts', async () => {
    await expect(startRemediation({ mode: 'enforce', webhook: {} })).rejects.toThrow(
      'accepts alerts without authentication',
    )
  })
})

const outerAddresses = () =>
  Object.values(networkInterfaces())
    .flat()
    .flatMap(found => (found?.family === 'IPv4' && !found.internal ? [found.address] : []))
