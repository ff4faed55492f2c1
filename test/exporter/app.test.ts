import { once } from 'node:events'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { readConfigFile } from '../../cli/config-file.ts'
import { readRunbook } from '../../cli/runbooks.ts'
import { composeLine } from '../../decoding/dialects/openclaw-log/compose-line.ts'
import { createExporter, type Exporter, type LoadedExporterConfig } from '../../exporter/app.ts'
import { createLogger } from '../../service/log/logger.ts'
import { databaseFolder } from '../database-folder.ts'

/** Each step waits up to 5 s for its metric. */
jest.setTimeout(30_000)

/** A webhook throttle: one line, one lockout, no partner. */
const lockout = (seconds = 0, address = '203.0.113.9', time = Date.UTC(2026, 10, 22, 12, 0, seconds)) =>
  `${composeLine({
    subsystem: 'gateway/hooks',
    level: 'WARN',
    text: `hook auth throttled for ${address}; retry-after=60s`,
    time,
    host: 'edge-1',
  })}\n`

describe('the exporter', () => {
  let folder: string
  let log: string
  let exporter: Exporter | undefined
  let url: string
  let logged: string[]

  const configure = (more = '', sources = `[{type: file, name: log, paths: [${log}]}]`) =>
    writeFile(
      join(folder, 'clawtrust.yml'),
      `exporter: {listen_address: '127.0.0.1:0', state_dir: state, sources: ${sources}}\n${more}`,
    )

  async function start(more: Partial<LoadedExporterConfig> = {}): Promise<void> {
    const loadConfig = async () => ({ config: await readConfigFile('clawtrust.yml', folder), ...more })
    const logger = createLogger({ destination: { write: line => logged.push(line) > 0 } })
    const setup = { version: '0.0.0', logger, allowUnauthenticated: false, loadConfig, readRunbook }
    exporter = createExporter(await loadConfig(), setup)
    url = (await exporter.start()).url
  }

  const text = async (path: string, method = 'GET') => (await fetch(new URL(path, url), { method })).text()

  async function metricsUntil(wanted: RegExp): Promise<string> {
    for (let attempt = 0; attempt < 400; attempt++) {
      const metrics = await text('/metrics')
      if (wanted.test(metrics)) return metrics
      await new Promise(resume => setTimeout(resume, 50))
    }
    throw new Error(`no metric matched ${wanted} within 20 s`)
  }

  async function readyUntil(wanted: string): Promise<void> {
    for (let attempt = 0; attempt < 400; attempt++) {
      if ((await text('/-/ready')).includes(wanted)) return
      await new Promise(resume => setTimeout(resume, 50))
    }
    throw new Error(`/-/ready did not say "${wanted}" within 20 s`)
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(databaseFolder(), 'clawtrust-app-'))
    log = join(folder, 'gateway.log')
    logged = []
    await writeFile(log, lockout())
    await configure()
  })

  afterEach(async () => {
    await exporter?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('exposes the events of a log, by gateway and trust zone', async () => {
    await start()
    const metrics = await metricsUntil(/^clawtrust_auth_lockouts_total\{.*\} 1$/m)
    expect(metrics).toContain('gateway="edge-1",trust_zone="data-ingest",mechanism="webhook"')
    expect(await text('/-/ready')).toBe('Ready.\n')
    expect(await text('/')).toContain('data-ingest')
  })

  it('names the hosts of a network that it may not name whole', async () => {
    const now = Date.now()
    const hosts = ['a', 'b', 'c', 'd'].map(host => `2001:db8:1:2::${host}`)
    const others = ['a', 'b', 'c'].map(host => `2001:db8:1:3::${host}`)
    await writeFile(log, '')
    await start({ mayBeNamedWhole: network => network !== '2001:db8:1:2::/64' })
    await appendFile(log, [...hosts, ...others].map(address => lockout(0, address, now)).join(''))
    const metrics = await metricsUntil(/^clawtrust_offender_events\{.*"2001:db8:1:3::\/64".*\} 3$/m)
    const named = [...metrics.matchAll(/^clawtrust_offender_events\{.*source_ip="([^"]+)".*\} 4$/gm)]
    expect(named.map(([, source]) => source).sort()).toEqual(hosts)
  })

  it('is not ready where no index matches, and says so instead of a backlog, on the page and in the log too', async () => {
    const server = createServer((request, response) => {
      const isSearch = request.url?.includes('_search') === true
      response.setHeader('x-elastic-product', 'Elasticsearch').setHeader('content-type', 'application/json')
      response.end(JSON.stringify(isSearch ? { _shards: { total: 0 } } : { indices: [], fields: {} }))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const node = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      await configure('', `[{type: elasticsearch, name: logs, index: ['logs-none-*'], nodes: ['${node}']}]`)
      await start()
      const reason = 'no index matches logs-none-*'
      await readyUntil(reason)
      expect(await text('/-/ready')).toMatch(/^The source logs has no input: no index matches logs-none-\*, .*\.\n$/)
      const page = await text('/')
      expect(page).toContain('no input</span>')
      expect(page).toContain(reason)
      expect(page).not.toContain('backlog of logs')
      expect(logged.filter(line => line.includes(reason))).toHaveLength(1)
      await metricsUntil(/^clawtrust_source_up\{.*\} 0$/m)
    } finally {
      await exporter?.stop()
      server.closeAllConnections()
      server.close()
    }
  })

  it('continues at its position when it is started again', async () => {
    await start()
    await metricsUntil(/^clawtrust_auth_lockouts_total\{.*\} 1$/m)
    await exporter?.stop()
    await appendFile(log, lockout(1))
    await start()
    await metricsUntil(/^clawtrust_auth_lockouts_total\{.*\} 2$/m)
  })

  it.each([
    ['a cursor', "UPDATE cursors SET value = '{\"half'", 'a row of the table cursors cannot be read'],
    ['what a part has saved', "UPDATE blobs SET value = x'00' WHERE name = 'days'", 'the rows days cannot be decoded'],
  ])('does not start where the state is damaged in %s, and does not write to it', async (_, sql, words) => {
    await start()
    await metricsUntil(/^clawtrust_auth_lockouts_total\{.*\} 1$/m)
    await exporter?.stop()
    const file = join(folder, 'state', 'exporter', 'state.db')
    const database = new DatabaseSync(file)
    expect(database.prepare(sql).run().changes).toBeGreaterThan(0)
    database.close()
    const before = await readFile(file)
    await expect(start()).rejects.toMatchObject({ code: 'STATE_DAMAGED', message: expect.stringContaining(words) })
    await exporter?.stop()
    expect((await readFile(file)).equals(before)).toBe(true)
    await rm(file)
    await start()
    await metricsUntil(/^clawtrust_auth_lockouts_total\{.*\} 1$/m)
    expect(logged.filter(line => line.includes('counters start from zero'))).toHaveLength(2)
  })

  it('is not ready where the state cannot be read at a reload, and is again after the next one', async () => {
    await start()
    await metricsUntil(/^clawtrust_auth_lockouts_total\{.*\} 1$/m)
    const database = new DatabaseSync(join(folder, 'state', 'exporter', 'state.db'))
    const days = database.prepare("SELECT value FROM blobs WHERE name = 'days'").get()?.value as Uint8Array
    const write = (value: Uint8Array) => database.prepare("UPDATE blobs SET value = ? WHERE name = 'days'").run(value)
    write(new Uint8Array(1))
    expect(await text('/-/reload', 'POST')).toContain('the rows days cannot be decoded')
    expect((await fetch(new URL('/-/ready', url))).status).toBe(503)
    write(days)
    database.close()
    expect(await text('/-/reload', 'POST')).toBe('Configuration reloaded.\n')
    await metricsUntil(/^clawtrust_auth_lockouts_total\{.*\} 1$/m)
    expect(await text('/-/ready')).not.toContain('decoded')
  })

  it('takes a changed configuration at a reload, its counters going on', async () => {
    await start()
    await metricsUntil(/^clawtrust_auth_lockouts_total\{.*\} 1$/m)
    await configure('trust_zones: {rules: [{zone: lab, match: {gateway: [edge-1]}}]}')
    expect(await text('/-/reload', 'POST')).toBe('Configuration reloaded.\n')
    await appendFile(log, lockout(1))
    const metrics = await metricsUntil(/trust_zone="lab",mechanism="webhook"\} 1$/m)
    expect(metrics).toMatch(/trust_zone="data-ingest",mechanism="webhook"\} 1$/m)
    expect(metrics).toMatch(/^clawtrust_config_last_reload_successful 1$/m)
  })

  it('refuses a wrong configuration at a reload and keeps the old one', async () => {
    await start()
    await configure('trust_zone: {}')
    expect(await text('/-/reload', 'POST')).toMatch(/the previous configuration stays in force: .*trust_zones/)
    await metricsUntil(/^clawtrust_config_last_reload_successful 0$/m)
    await metricsUntil(/^clawtrust_source_up\{.*\} 1$/m)
  })

  it('refuses a reload from logs to recordings, whose state is never saved', async () => {
    await start()
    await writeFile(
      join(folder, 'clawtrust.yml'),
      'exporter: {listen_address: "127.0.0.1:0", state_dir: state, sources: [{type: recording, name: demo, recording: demo}]}\n',
    )
    expect(await text('/-/reload', 'POST')).toMatch(/recordings only .* cannot be changed by a reload/)
  })

  it('says which keys only a restart can change', async () => {
    await start()
    await writeFile(join(folder, 'clawtrust.yml'), "exporter: {listen_address: '127.0.0.1:1', state_dir: state}\n")
    expect(await text('/-/reload', 'POST')).toContain('exporter.listen_address cannot be changed by a reload')
  })

  it('shows a source that cannot be read, with the reason, and stays up', async () => {
    await rm(log)
    await start()
    expect(await metricsUntil(/^clawtrust_source_up\{source="log"\} 0$/m)).toContain('clawtrust_build_info')
    expect(await text('/')).toContain('gateway.log')
  })

  it('names a file in no known format beside one that is read, on the page, in the log once and by the API', async () => {
    const foreign = join(folder, 'caddy.log')
    await writeFile(foreign, '{"level":"info","logger":"http.log.access","request":{"method":"GET"},"status":200}\n')
    await configure('', `[{type: file, name: log, paths: ['${folder}/*.log']}]`)
    await start()
    await metricsUntil(/^clawtrust_source_recognised\{source="log"\} 1$/m)
    const metrics = await metricsUntil(/^clawtrust_source_unrecognised_inputs\{source="log",kind="file"\} 1$/m)
    expect(metrics).toContain('clawtrust_source_unrecognised_inputs{source="log",kind="gateway"} 0')
    expect(JSON.parse(await text('/api/v1/sources')).sources).toEqual([
      {
        source: 'log',
        kind: 'file',
        up: true,
        reason: null,
        recognised: true,
        unrecognised: [
          {
            kind: 'file',
            name: foreign,
            looks_like: 'an access log of Caddy as JSON in a format of its own',
            advice: expect.stringContaining('use the format of deploy/caddy/Caddyfile'),
          },
        ],
        incomplete: [],
      },
    ])
    const sentence = `Nothing that was read of file ${foreign} is in a known format: it looks like an access log of Caddy as JSON`
    expect(await text('/')).toContain(sentence)
    for (let line = 1; line <= 3; line++) {
      await appendFile(foreign, '{"logger":"http.log.access","request":{},"status":200}\n')
      await metricsUntil(new RegExp(`^clawtrust_undecoded_total\\{source="log",reason="skipped"\\} ${line}$`, 'm'))
    }
    expect(logged.filter(line => line.includes(sentence))).toHaveLength(1)
    expect(await text('/metrics')).toContain('clawtrust_source_recognised{source="log"} 1')
  })

  it('names an access log of nginx that lacks a field, on the page, in the log once and by the API', async () => {
    const access = join(folder, 'access.log')
    const request = (status: string) =>
      `${JSON.stringify({ time: '2026-11-29T10:51:44+00:00', remote_addr: '203.0.113.9', status, request: 'GET /hooks HTTP/1.1', ssl_client_verify: 'NONE' })}\n`
    await writeFile(access, request('200'))
    await configure('', `[{type: file, name: nginx, gateway: gw, paths: ['${access}']}]`)
    await start()
    await metricsUntil(/^clawtrust_source_recognised\{source="nginx"\} 1$/m)
    for (let refusals = 1; refusals <= 3; refusals++) {
      await appendFile(access, request('401'))
      await metricsUntil(new RegExp(`reason="http_401"\\} ${refusals}$`, 'm'))
    }
    const { sources } = JSON.parse(await text('/api/v1/sources'))
    expect(sources[0]).toMatchObject({
      recognised: true,
      unrecognised: [],
      incomplete: [{ kind: 'file', name: access, lacks: 'upstream_status' }],
    })
    const sentence = `The records of file ${access} lack the field upstream_status`
    expect(await text('/')).toContain(sentence)
    expect(logged.filter(line => line.includes(sentence))).toHaveLength(1)
  })

  it('gives the trace of an event, with its address, on the page and by the API', async () => {
    const access = join(folder, 'access.log')
    const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7']
    const request = (traceparent: string) =>
      `${JSON.stringify({ time: '2026-11-29T10:51:44+00:00', remote_addr: '203.0.113.9', status: '401', upstream_status: '401', request: 'GET /hooks HTTP/1.1', ssl_client_verify: 'NONE', traceparent })}\n`
    await writeFile(access, '')
    const traceUrl = 'https://traces.example/t?id={{trace_id}}&x=1'
    await configure('', `[{type: file, name: nginx, gateway: gw, paths: ['${access}']}], trace_url: '${traceUrl}'`)
    await start()
    await appendFile(access, request(`00-${traceId}-${spanId}-01`) + request('"><script>'))
    await metricsUntil(/reason="http_401"\} 2$/m)
    const { events } = JSON.parse(await text('/api/v1/events'))
    expect(events).toMatchObject([
      { trace_id: null, span_id: null, trace_url: null },
      {
        time: Date.UTC(2026, 10, 29, 10, 51, 44) / 1_000,
        signal: 'auth_failures',
        gateway: 'gw',
        address: '203.0.113.9',
        trace_id: traceId,
        span_id: spanId,
        trace_url: `https://traces.example/t?id=${traceId}&x=1`,
        record: { source: 'nginx' },
      },
    ])
    expect(await text('/')).toContain(`<a href="https://traces.example/t?id=${traceId}&amp;x=1" title="${traceId}">`)
  })

  it('serves the runbooks to which alerts lead, and no other file', async () => {
    await start()
    expect(await text('/runbooks/ClawtrustBruteForce.md')).toMatch(/^# ClawtrustBruteForce\n/)
    for (const path of ['ClawtrustUnknown.md', 'README.md', '..%2F..%2Fpackage.json', 'Clawtrust..%2FREADME.md']) {
      expect([path, await text(`/runbooks/${path}`)]).toEqual([path, 'Not found.\n'])
    }
  })

  it('stops also when it was never started, and twice', async () => {
    await start()
    await exporter?.stop()
    await exporter?.stop()
    expect(await fetch(url).catch(() => 'refused')).toBe('refused')
  })
})
