/**
 * The compose file on a real Docker, by the commands of docs/deploy.md: `npm run test:containers`. It is not a part of
 * `npm test`. It builds, pulls and starts; images that are there under the names in the file are used as they are, for instance where no
 * registry can be reached. Grafana is left out.
 *
 * ELASTIC_PLAIN=1: the image of Elasticsearch has no data streams, lifecycle policies and ingest pipelines.
 */
import { randomUUID } from 'node:crypto'
import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { composeLine } from '../../decoding/dialects/openclaw-log/compose-line.ts'
import { pagesOfContainers } from '../docs/pages-that-run.ts'
import { FollowedPage } from './page.ts'
import { eventually, json, obstacle, page, Stack } from './stack.ts'

jest.setTimeout(600_000)

const ATTACKER = '203.0.113.9'
/** Until the first counted failure, with the images at hand. Seconds. */
const FIRST_FAILURE_S = 180

const SINK = 'clawtrust-test-sink'

const stack = new Stack()
/** docs/deploy.md, as a new user follows it. */
const reader = new FollowedPage(readFileSync(join(stack.folder, pagesOfContainers[0]), 'utf8'), stack, commands =>
  commands
    .replaceAll('/tmp/openclaw', stack.logs)
    .replaceAll(/https:\/\/hooks\.slack\.com\S*/g, `http://${SINK}:8080/`)
    .replaceAll('-f docker-compose.enforce.yml', `-f docker-compose.enforce.yml ${stack.overlays}`),
)
const secret = (file: string) => join(stack.folder, 'deploy/secrets', file)
const readSecret = (file: string) => readFileSync(secret(file), 'utf8')

/** Connections with a wrong token, as OpenClaw logs them: two lines each. */
function refuse(times: number, address = ATTACKER, host = 'gateway-1'): void {
  const time = Date.now()
  const write = (text: string, meta?: Readonly<Record<string, string>>) =>
    composeLine({ subsystem: 'gateway/ws', level: 'WARN', text, time, host, ...(meta && { meta }) })
  const lines = Array.from({ length: times }, () => {
    const ends = `conn=${randomUUID()} peer=${address}:5000->192.0.2.1:18789 remote=${address}`
    const phase = 'auth_credentials_received'
    const meta = { handshake: 'failed', phase, remoteAddr: address, cause: 'unauthorized' }
    return [
      write(
        `unauthorized ${ends} client=cli cli v2026.9.6 role=operator scopes=0 auth=token device=no platform=linux instance=i host=h origin=n/a ua=n/a reason=token_mismatch guidance=unauthorized`,
      ),
      write(
        `closed before connect ${ends} fwd=n/a origin=n/a host=h ua=n/a code=1008 reason=unauthorized phase=${phase}`,
        { ...meta, authProvided: 'token', authReason: 'token_mismatch' },
      ),
    ]
  })
  appendFileSync(join(stack.logs, 'openclaw-2026-11-29.log'), `${lines.flat().join('\n')}\n`)
}

const metrics = () =>
  page('http://127.0.0.1:9847/metrics', { headers: { authorization: `Bearer ${readSecret('scrape/token').trim()}` } })

const failures = async () => {
  const samples = [...(await metrics()).matchAll(/^clawtrust_auth_failures_total\{.*\} (\d+)$/gm)]
  return samples.reduce((sum, [, value]) => sum + Number(value), 0)
}

async function query(expression: string): Promise<readonly { readonly value: readonly [number, string] }[]> {
  const url = `http://127.0.0.1:9090/api/v1/query?query=${encodeURIComponent(expression)}`
  const answer = (await json(url)) as { data?: { result?: [] } } | undefined
  return answer?.data?.result ?? []
}

async function buildEnforce(): Promise<void> {
  if ((await stack.docker('image', 'inspect', 'clawtrust-enforce:0.2.0')).code === 0) return
  const files = ['-f', 'docker-compose.yml', '-f', 'docker-compose.enforce.yml']
  await stack.done(stack.compose(...files, 'build', 'remediation'))
}

const isUp = async (job: string) => (await query(`up{job="${job}"} == 1`)).length === 1

beforeAll(async () => {
  const reason = await obstacle(stack)
  if (reason !== undefined) throw new Error(`The containers cannot be tested: ${reason}.`)
  if (process.env.ELASTIC_PLAIN === '1') {
    const command = JSON.parse(await stack.done(stack.compose('config', '--format', 'json'))).services.setup.command
    writeFileSync(
      join(stack.folder, 'plain.yml'),
      JSON.stringify({ services: { setup: { command: [...command, '--plain'] } } }),
    )
    stack.use('plain.yml')
  }
})
afterAll(() => stack.remove())

describe('docker-compose.yml', () => {
  it('has its secrets written by `init`, which overwrites none', async () => {
    expect(await reader.follow('init')).toMatch(/written +webhook\/token/)
    const before = readSecret('webhook/token')
    expect(before).toMatch(/^[0-9a-f]{64}$/)
    expect(await reader.follow('init')).toMatch(/kept +webhook\/token/)
    expect(readSecret('webhook/token')).toBe(before)
  })

  it(`counts the first failure within ${FIRST_FAILURE_S} s of up --wait`, async () => {
    const began = performance.now()
    await reader.follow('up')
    const waited = performance.now() - began
    refuse(3)
    await eventually('three failures are counted', FIRST_FAILURE_S, async () => (await failures()) === 3)
    const took = (performance.now() - began) / 1_000
    process.stderr.write(`up --wait: ${(waited / 1_000).toFixed(0)} s; first counted failure: ${took.toFixed(0)} s\n`)
    expect(took).toBeLessThan(FIRST_FAILURE_S)
    expect(await page('http://127.0.0.1:9847/-/ready')).toBe('Ready.\n')
  })

  it('lets Prometheus scrape with its token, and nobody without one', async () => {
    for (const job of ['clawtrust', 'clawtrust-remediation', 'alertmanager'])
      await eventually(`${job} is scraped`, 60, () => isUp(job))
    expect((await fetch('http://127.0.0.1:9847/metrics')).ok).toBe(false)
  })

  it('turns the drill into an alert in Alertmanager', async () => {
    for (const name of ['drill', 'alert', 'remove-drill']) await reader.follow(name)
  })

  it('turns refused sign-ins into an incident of remediation', async () => {
    refuse(40)
    await eventually('remediation has recorded it', 180, async () =>
      (await page('http://127.0.0.1:9848/')).includes(ATTACKER),
    )
  })

  it('notifies people outside as soon as the URL is in its file, without a restart', async () => {
    const started = await stack.startedAt('alertmanager')
    const receiver =
      "require('http').createServer((q, s) => { q.on('data', d => process.stdout.write(d)); q.on('end', () => s.end('ok')) }).listen(8080)"
    const sink = ['--network', 'clawtrust-test_outside', '--name', SINK, '--entrypoint', 'node']
    await stack.done(stack.docker('run', '-d', '--rm', ...sink, 'clawtrust:0.2.0', '-e', receiver))
    try {
      await reader.follow('receiver')
      // Another group of Alertmanager, which is notified at once.
      refuse(40, '203.0.113.77', 'gateway-2')
      await eventually('the notification has come', 240, async () =>
        (await stack.docker('logs', SINK)).output.includes('ClawtrustBruteForce'),
      )
      expect(await stack.startedAt('alertmanager')).toBe(started)
      expect(JSON.stringify(await json('http://127.0.0.1:9090/api/v1/alerts'))).not.toContain('ClawtrustWebhookFailing')
    } finally {
      await stack.docker('rm', '-f', SINK)
    }
  })

  it('takes a new password and a new token by a rename, without a restart', async () => {
    const started = await stack.startedAt('exporter')
    const token = readSecret('scrape/token')
    await reader.follow('rotate')
    for (const file of ['shipper/password', 'scrape/token']) rmSync(secret(file))
    await stack.done(stack.compose('run', '--rm', 'init'))
    await stack.done(stack.compose('up', '-d', '--no-deps', 'setup'))
    await stack.done(stack.compose('kill', '-s', 'HUP', 'exporter', 'remediation'))
    expect(readSecret('scrape/token')).not.toBe(token)
    await eventually('the new token is accepted', 60, async () => (await failures()) > 0)
    const before = await failures()
    refuse(2, '203.0.113.78')
    await eventually('failures are counted with the new passwords', 120, async () => (await failures()) === before + 2)
    await eventually('Prometheus scrapes with the new token', 60, () => isUp('clawtrust'))
    const old = await fetch('http://127.0.0.1:9847/metrics', { headers: { authorization: `Bearer ${token}` } })
    expect(old.ok).toBe(false)
    expect(await stack.startedAt('exporter')).toBe(started)
  })

  it('reads further sources: log records of a sender with its token, and snapshots in deploy/input', async () => {
    const started = await stack.startedAt('exporter')
    const token = readSecret('deliver/token').trim()
    const deliver = (port: number, path: string) =>
      fetch(`http://127.0.0.1:${port}/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: '{}',
      })
    const recorded = readFileSync(join(stack.folder, 'test/fixtures/openclaw/posture/security-audit.real.json'), 'utf8')
    writeFileSync(
      join(stack.folder, 'deploy/input/audit.json'),
      recorded.replace(/^ {2}"ts": \d+/m, `  "ts": ${Date.now()}`),
    )
    reader.write('deploy/clawtrust/clawtrust.yml')
    for (const name of ['sources', 'deliver', 'read', 'accept']) await reader.follow(name)
    const shown = (series: RegExp) => eventually(`${series}`, 30, async () => series.test(await metrics()))
    await shown(/^clawtrust_auth_successes_total\{gateway="drill",.*\} 1$/m)
    await shown(/^clawtrust_posture_accepted_findings\{.*check="gateway.http.session_key_override_enabled".*\} 1$/m)
    expect(await stack.startedAt('exporter')).toBe(started)
    // What opens the exporter to a sender does not open remediation.
    expect((await deliver(9847, 'v1/logs')).status).toBe(200)
    expect((await deliver(9848, 'alertmanager')).status).toBe(401)
  })

  it('makes, serves and measures compliance reports in the profile `report`, from every store of evidence', async () => {
    const month = /^(\d{4}-\d{2}): /m.exec(await reader.follow('reports'))?.[1]
    expect(month).toBeDefined()
    expect(await page('http://127.0.0.1:9849/')).toContain(month)
    const file = `/var/lib/clawtrust/reports/${month}/report.json`
    const report = JSON.parse(await stack.done(stack.compose('exec', '-T', 'report', 'cat', file)))
    const states = report.stores.map((one: Record<string, string>) => `${one.store}: ${one.state} ${one.detail}`.trim())
    expect(states.sort()).toEqual(['elasticsearch: read', 'ledger: read', 'prometheus: read', 'state: read'])
    await eventually('the reports are scraped', 60, () => isUp('clawtrust-report'))
    expect((await fetch('http://127.0.0.1:9849/metrics')).ok).toBe(false)
  })

  it('takes a new clawtrust.yml by a rename', async () => {
    const file = join(stack.folder, 'deploy/clawtrust/clawtrust.yml')
    writeFileSync(`${file}.new`, `${readFileSync(file, 'utf8')}log: { level: debug }\nunknown_key: 1\n`)
    const text = readFileSync(file, 'utf8')
    renameSync(`${file}.new`, file)
    await stack.done(stack.compose('kill', '-s', 'HUP', 'exporter'))
    await eventually('the key is refused', 30, async () =>
      (await stack.compose('logs', '--tail', '20', 'exporter')).output.includes('unknown_key'),
    )
    writeFileSync(file, text)
  })

  it('ends within 20 s', async () => {
    const began = performance.now()
    const services = (await stack.done(stack.compose('config', '--services'))).trim().split('\n')
    await stack.done(stack.compose('stop', ...services.filter(name => name !== 'elasticsearch')))
    expect(performance.now() - began).toBeLessThan(20_000)
  })

  it('starts everything else with an empty token of the exporter and without the password of Elasticsearch', async () => {
    await stack.done(stack.compose('down', '-v'))
    writeFileSync(secret('scrape/token'), '')
    rmSync(secret('elasticsearch/password'))
    await stack.up()
    for (const service of ['prometheus', 'alertmanager', 'shipper'])
      expect([service, await stack.stateOf(service)]).toEqual([service, 'running'])
    await eventually('the alert is pending', 120, async () => {
      const pending = await query('ALERTS{alertname="ClawtrustStackServiceDown",job="clawtrust"}')
      return pending.length === 1
    })
    expect((await stack.compose('logs', 'exporter')).output).toMatch(/scrape\/token is empty/)
  })
})

describe('docker-compose.enforce.yml', () => {
  it('blocks the address of an alert in the nftables of its network, as a user without capabilities', async () => {
    await stack.compose('down', '-v')
    rmSync(secret('scrape/token'))
    await stack.done(stack.compose('run', '--rm', 'init'))
    // A documentation address is never blocked by default.
    const file = join(stack.folder, 'deploy/clawtrust/enforce.yml')
    writeFileSync(file, readFileSync(file, 'utf8').replace('never_block:', 'never_block:\n    private_ranges: false'))
    await buildEnforce()
    await reader.follow('enforce')
    stack.use('docker-compose.enforce.yml')
    const listed = () => stack.compose('exec', '-T', 'remediation', 'nft', 'list', 'table', 'inet', 'clawtrust')
    try {
      expect(await stack.done(listed())).not.toContain(ATTACKER)
      const alerts = 'http://127.0.0.1:9093/api/v2/alerts'
      expect((await fetch(alerts, { method: 'POST', body: '[]' })).status).toBe(401)
      const user = Buffer.from(`clawtrust:${readSecret('alertmanager/password')}`).toString('base64')
      expect((await fetch(alerts, { headers: { authorization: `Basic ${user}` } })).status).toBe(200)
      refuse(40)
      await eventually('the address is blocked', 240, async () => (await listed()).output.includes(ATTACKER))
      const status = await stack.done(stack.compose('exec', '-T', 'remediation', 'cat', '/proc/1/status'))
      expect(status).toMatch(/^Uid:\s+1000\s+1000/m)
      expect(status).toMatch(/^CapEff:\s+0+$/m)
      expect(await isUp('clawtrust-remediation')).toBe(true)
      expect(
        await stack.done(
          stack.compose(
            'exec',
            '-T',
            'remediation',
            'clawtrust',
            'remediation',
            'list',
            '--config.file=/etc/clawtrust/enforce.yml',
            '--state.dir=/var/lib/clawtrust',
          ),
        ),
      ).toContain(ATTACKER)
    } finally {
      await stack.compose('exec', '-T', 'remediation', 'nft', 'delete', 'table', 'inet', 'clawtrust')
    }
  })
})

it(`all commands and files of ${pagesOfContainers[0]} were followed`, () => expect(reader.left).toEqual([]))
