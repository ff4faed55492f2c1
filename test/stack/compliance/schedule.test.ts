import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { stringify } from 'yaml'
import { reportDestinationSchema } from '../../../compliance/delivery/config.ts'
import { reportSenders } from '../../../compliance/delivery/senders.ts'
import { redact } from '../../../compliance/model/redact.ts'
import { elasticsearchLease } from '../../../compliance/schedule/elasticsearch-lease.ts'
import { CLOCK_TOLERANCE_MS, LEASE_MS } from '../../../compliance/schedule/lease-document.ts'
import { systemClock } from '../../../core/clock.ts'
import type { Delivery } from '../../../service/delivery/outbox.ts'
import { createLogger } from '../../../service/log/logger.ts'
import { exampleReport } from '../../compliance/example-report.ts'
import type { Elasticsearch } from '../elasticsearch/servers/elasticsearch.ts'
import { sharedElasticsearch } from '../elasticsearch/servers/shared.ts'
import { clawtrust } from '../servers/clawtrust.ts'
import { answersAt, eventually } from '../servers/eventually.ts'
import { freePort, startProcess } from '../servers/process.ts'

const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url))
const logger = createLogger({ destination: { write: () => true } })
const unique = `${process.pid}-${Date.now()}`
const lease = `clawtrust-lease-${unique}`
const index = `clawtrust-reports-${unique}`

let server: Elasticsearch
let receiver: Server
let received: string[] = []
let hook: string
const folder = mkdtempSync(join(tmpdir(), 'clawtrust-schedule-'))

beforeAll(async () => {
  server = await sharedElasticsearch()
  receiver = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', text => (body += text))
    request.on('end', () => {
      received.push(body)
      response.end('ok')
    })
  })
  const port = await freePort()
  await new Promise<void>(resolve => receiver.listen(port, '127.0.0.1', resolve))
  hook = `http://127.0.0.1:${port}/hook`
}, 240_000)
afterAll(async () => {
  receiver?.close()
  await server?.client.indices.delete({ index: [lease, index], ignore_unavailable: true })
  rmSync(folder, { recursive: true, force: true })
})

describe('an index of Elasticsearch as destination', () => {
  const report = exampleReport()
  const delivery: Delivery = {
    id: `${report.id}/siem`,
    subject: report.id,
    destination: 'siem',
    state: 'waiting',
    body: '{"folder":"2026-11"}',
    attempts: 0,
    createdAt: 0,
    nextAt: 0,
    giveUpAt: 0,
    lastError: '',
    answer: '',
  }
  const send = async (isRedacted: boolean) => {
    const keys = { type: 'elasticsearch', name: 'siem', nodes: [server.url], index, redact: isRedacted }
    const read = async () => ({
      report: isRedacted ? redact(report) : report,
      manifest: 'a'.repeat(64),
      files: async () => [],
    })
    const senders = await reportSenders([reportDestinationSchema.parse(keys)], { read, environment: {}, fetch })
    return senders.get('siem')?.send(delivery, new AbortController().signal)
  }
  const count = async () => {
    await server.client.indices.refresh({ index })
    return (await server.client.count({ index })).count
  }

  it('gets one document for each control and one for the report, however often it is delivered', async () => {
    expect(await send(false)).toMatchObject({ ok: true })
    expect(await count()).toBe(report.controls.length + 1)
    expect(await send(false)).toMatchObject({ ok: true })
    expect(await count()).toBe(report.controls.length + 1)
    const found = await server.client.get<{ readonly clawtrust: object }>({ index, id: report.id })
    expect(found._source?.clawtrust).toMatchObject({ report: report.id, redacted: false })
  })

  it('gets the redacted report beside the full one', async () => {
    expect(await send(true)).toMatchObject({ ok: true })
    expect(await count()).toBe(2 * (report.controls.length + 1))
  })
})

describe('the lease document in Elasticsearch', () => {
  const acquire = (holder: string, ahead = 0) =>
    elasticsearchLease({
      client: server.client,
      index: lease,
      id: 'reports-month',
      holder,
      clock: { now: () => systemClock.now() + ahead, monotonic: systemClock.monotonic },
      logger,
    })()

  it('is had by one of ten who ask at once, and tells the next what was reported', async () => {
    const asked = await Promise.all(Array.from({ length: 10 }, (_, one) => acquire(`holder-${one}`)))
    const [held, ...others] = asked.filter(one => one !== undefined)
    expect([held !== undefined, others]).toEqual([true, []])
    await held?.release(['2026-11'])
    const next = await acquire('next')
    expect(next?.reported).toEqual(['2026-11'])
    await next?.release([])
  })

  it('is taken over when its holder was silent for long enough, who then can neither keep nor give it up', async () => {
    const silent = await acquire('silent')
    expect(await acquire('early', LEASE_MS)).toBeUndefined()
    const later = await acquire('later', LEASE_MS + CLOCK_TOLERANCE_MS + 1_000)
    expect(later).toBeDefined()
    await silent?.release(['2026-12'])
    const { _source } = await server.client.get<{ readonly holder: string }>({ index: lease, id: 'reports-month' })
    expect(_source).toMatchObject({ holder: 'later' })
    await later?.release([])
  })
})

/** A deployment without any store, which reports the day before; every control that needs one is unknown. */
function configured(name: string, more: object = {}): string {
  const file = join(folder, `${name}.yml`)
  const compliance = {
    output_dir: join(folder, name),
    period: 'day',
    frameworks: ['nist-sp-800-207'],
    formats: ['html', 'json'],
    schedule: { cron: '* * * * *' },
    destinations: [{ type: 'request', name: 'hook', template: 'report-webhook', url: hook }],
    ...more,
  }
  const states = Object.fromEntries(
    ['exporter', 'remediation'].map(part => [part, { state_dir: join(folder, `${name}-${part}`) }]),
  )
  writeFileSync(file, stringify({ ...states, compliance }))
  return file
}
const once = (file: string) => clawtrust(folder, ['report', '--once', '--config.file', file])
const reports = (name: string) => readdirSync(join(folder, name)).filter(each => /^\d/.test(each))

describe('`clawtrust report --once`', () => {
  it('makes and delivers one report where two processes run at once', async () => {
    received = []
    const file = configured('twice')
    const ended = await Promise.all([once(file), once(file)])
    expect(ended.map(({ code }) => code)).toEqual([0, 0])
    expect([reports('twice').length, received.length]).toEqual([1, 1])
    expect(received[0]).toContain(reports('twice')[0])
    const again = await once(file)
    expect([again.code, again.output]).toEqual([0, expect.stringContaining('No report is due.')])
    expect(received).toHaveLength(1)
  }, 60_000)

  it('makes one report of two machines that share the lease in Elasticsearch', async () => {
    received = []
    const elasticsearch = { nodes: [server.url] }
    const schedule = { cron: '* * * * *', lease: 'elasticsearch', lease_index: lease }
    const files = ['here', 'there'].map(name => configured(name, { schedule, elasticsearch, expected: {} }))
    const ended = await Promise.all(files.map(once))
    expect(ended.map(({ code }) => code)).toEqual([0, 0])
    // Who had the lease second knows of the report, or another had it meanwhile.
    expect(received).toHaveLength(1)
    for (const file of files) expect((await once(file)).code).toBe(0)
    expect(received).toHaveLength(1)
  }, 60_000)
})

describe('`clawtrust report --once` that is killed', () => {
  const delivered = (name: string) => join(folder, `${name}-share`)
  const named = (path: string, pattern: RegExp) =>
    existsSync(path) && readdirSync(path).some(each => pattern.test(each))

  it.each<readonly [string, string, (name: string) => boolean]>([
    ['while it makes the report', 'making', name => existsSync(join(folder, name, '.service', 'making.json'))],
    ['when the report is written', 'written', name => named(join(folder, name), /^\d/)],
    ['when its delivery is queued', 'queued', name => existsSync(join(folder, name, '.service', 'deliveries.db-wal'))],
    ['while it delivers', 'sending', name => named(delivered(name), /^\.\d/)],
    ['when it has delivered', 'sent', name => named(delivered(name), /^\d/)],
  ])(
    '%s leaves one report, delivered once, to the next run',
    async (_, name, isReached) => {
      mkdirSync(delivered(name))
      const destination = { type: 'folder', name: 'share', path: delivered(name) }
      const file = configured(name, { destinations: [destination] })
      const killed = startProcess(process.execPath, [main, 'report', '--once', '--config.file', file], { cwd: folder })
      // Without a pause: some of these moments last a millisecond.
      while (!isReached(name) && !killed.hasEnded()) await nextTurn()
      killed.signal('SIGKILL')
      await killed.drained()
      // An attempt of which the result is not known is made again after a quarter of an hour: ask for it now.
      expect(await once(file)).toMatchObject({ code: 0 })
      makeDue(join(folder, name, '.service', 'deliveries.db'))
      expect((await once(file)).code).toBe(0)
      expect([reports(name), readdirSync(delivered(name))]).toEqual([
        [expect.stringMatching(/^\d/)],
        [expect.stringMatching(/^\d/)],
      ])
      expect(await clawtrust(folder, ['report', 'verify', join(folder, name)])).toMatchObject({ code: 0 })
    },
    60_000,
  )
})

/** Makes every delivery that waits due now. */
function makeDue(file: string): void {
  const database = new DatabaseSync(file)
  database.exec("UPDATE outbox SET next_at = 0 WHERE state = 'waiting'")
  database.close()
}

describe('`clawtrust report serve`', () => {
  it('makes the report, delivers it, exposes it, and ends when it is told to', async () => {
    received = []
    const address = `127.0.0.1:${await freePort()}`
    const args = [main, 'report', 'serve', '--config.file', configured('served'), '--web.listen-address', address]
    const service = startProcess(process.execPath, args, { cwd: folder })
    try {
      await answersAt(`http://${address}/-/healthy`, service)
      await eventually('the report is delivered', async () => received.length > 0 || undefined)
      const metrics = await eventually('the report is exposed', async () => {
        const text = await (await fetch(`http://${address}/metrics`)).text()
        return text.includes('clawtrust_compliance_reports_total{result="made"} 1') ? text : undefined
      })
      expect(metrics).toMatch(/clawtrust_compliance_controls\{framework="nist-sp-800-207",status="unknown"\} [1-9]/)
      expect(metrics).toContain('clawtrust_compliance_report_due_timestamp_seconds 0')
      const [name = ''] = reports('served')
      expect((await fetch(`http://${address}/reports/${name}/report.html`)).status).toBe(200)
    } finally {
      expect(await service.stop()).toBe(0)
    }
  }, 60_000)
})
