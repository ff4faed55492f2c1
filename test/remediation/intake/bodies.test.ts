import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from '@jest/globals'
import { hasMoreTokens } from '../../../core/json.ts'
import { alert, deliver, message, startRemediation, stopAll } from '../service.ts'
import { answerToSlow, postWithHost, sendEndlessly, sendHuge } from './requests.ts'

afterEach(stopAll)

describe('a body', () => {
  it('of 100 MB is not read: not of who may not deliver, and not of who may', async () => {
    const service = await startRemediation({ webhook: { bearer_token: 'right', max_body: '1MiB' } })
    const before = process.memoryUsage().rss
    expect(await sendHuge(`${service.url}alertmanager`, 'Bearer wrong')).toBe(401)
    expect(await sendHuge(`${service.url}alertmanager`, 'Bearer right')).toBe(413)
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1024 * 1024)
    expect(await service.metric('clawtrust_remediation_webhook_requests_total')).toBeGreaterThan(0)
  })

  it('of 100 MB without a length is read up to the limit', async () => {
    const service = await startRemediation({ webhook: { bearer_token: 'right', max_body: '1MiB' } })
    const before = process.memoryUsage().rss
    const { status, sent } = await sendEndlessly(`${service.url}alertmanager`, 100 * 1024 * 1024)
    expect(status).toBe(413)
    expect(sent).toBeLessThan(20 * 1024 * 1024)
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1024 * 1024)
  })

  it('of a greater size says the limit and its key', async () => {
    const service = await startRemediation({ webhook: { bearer_token: 'right', max_body: '1MiB' } })
    const refused = await deliver(service, message([alert('192.0.2.1', { generatorURL: 'x'.repeat(1024 * 1024) })]))
    const sentence = 'The body is larger than 1048576 bytes (remediation.webhook.max_body).\n'
    expect([refused.status, await refused.text()]).toEqual([413, sentence])
  })

  it.each([
    ['empty alerts', '{"version":"4","alerts":[', '{},'],
    ['nested lists', '', '['],
    ['labels', '{"version":"4","alerts":[{"labels":{', '"":"",'],
    ['numbers', '[', '0,'],
  ])('of %s alone is refused before it is parsed, and says the limit', async (_, head, repeated) => {
    const service = await startRemediation()
    const body = Buffer.alloc(15 * 1024 * 1024, repeated)
    body.write(head)
    const refused = await deliver(service, body)
    expect([refused.status, await refused.text()]).toEqual([
      413,
      expect.stringContaining('more than 500000 JSON tokens'),
    ])
  })

  it('with 10,000 alerts as Alertmanager sends them is below the limits', () => {
    const texts = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`name_${n}`, 'value']))
    const one = alert('192.0.2.1', { labels: texts(10), annotations: texts(5) })
    const body = Buffer.from(message(Array.from({ length: 10_000 }, () => one)))
    expect(body.length).toBeLessThan(16 * 1024 * 1024)
    expect(hasMoreTokens(body, 500_000)).toBe(false)
  })

  it('that arrives slower than the minimum rate is given up, and what was announced alone costs others nothing', async () => {
    const service = await startRemediation({ webhook: { grafana_secret: 'shared', max_body: '1MiB' } })
    const time = String(Math.floor(service.clock.now() / 1_000))
    const headers = { 'x-grafana-alerting-timestamp': time, 'x-grafana-alerting-signature': 'guessed' }
    const answers = Array.from({ length: 20 }, () => answerToSlow(`${service.url}grafana`, headers))
    const started = await Promise.all(answers.map(({ started }) => started))
    expect(started).toHaveLength(20)
    const body = message([alert('192.0.2.1')], { version: '1', orgId: 1 })
    const signature = createHmac('sha256', 'shared').update(`${time}:${body}`).digest('hex')
    const right = { ...headers, 'x-grafana-alerting-signature': signature }
    expect(await postWithHost(service, 'localhost', { path: 'grafana', headers: right, body })).toBe(200)
    service.clock.pass(6_000)
    expect(await Promise.all(answers.map(({ status }) => status))).toEqual(Array(20).fill(503))
  })

  it('of a pair of Alertmanagers behind one address is taken: 10,000 alerts at once', async () => {
    const service = await startRemediation({ webhook: { bearer_token: 'right', max_waiting: 100_000 } })
    const batches = Array.from({ length: 20 }, (_, batch) =>
      message(Array.from({ length: 500 }, (_, index) => alert(`10.${batch}.${index >> 8}.${index & 255}`))),
    )
    const pair = [batches, batches.toReversed()].flatMap(sender => sender.map(batch => deliver(service, batch)))
    expect((await Promise.all(pair)).map(({ status }) => status)).toEqual(Array(40).fill(200))
    expect(service.ledger.incidents.list([], 20_000)).toHaveLength(10_000)
  }, 120_000)
})
