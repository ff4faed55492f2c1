import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { names } from '../../../elastic/names.ts'
import { withCommands } from '../../requirements.ts'
import { type Elasticsearch, startElasticsearch } from '../elasticsearch/servers/elasticsearch.ts'
import { type Gateway, startGateway } from '../openclaw/gateway.ts'
import { type Rsyslog, startRsyslog } from '../rsyslog/rsyslog.ts'
import { eventually } from '../servers/eventually.ts'
import { type RunningExporter, startExporter } from '../servers/exporter.ts'
import { type Prometheus, startPrometheus } from '../servers/prometheus.ts'
import { clawtrust } from './clawtrust.ts'

const ATTEMPTS = 7
const START_MS = 240_000
const WAIT_MS = 120_000
const SHIPPER = { user: 'shipper', password: 'only-for-tests-shipper' }
const READER = { user: 'reader', password: 'only-for-tests-reader' }

/** One address for each attempt: the gateway locks an address out that fails too often. */
const attempts = Array.from({ length: ATTEMPTS }, (_, index) => ({
  token: 'wrong-token',
  from: `203.0.113.${index + 1}`,
}))

withCommands('prometheus', 'rsyslogd', 'openssl').describe(
  'OpenClaw, its log, rsyslog, Elasticsearch, the exporter and Prometheus',
  () => {
    let folder: string
    let gateway: Gateway
    let elasticsearch: Elasticsearch
    let rsyslog: Rsyslog
    let exporter: RunningExporter
    let prometheus: Prometheus

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'clawtrust-chain-'))
      ;[gateway, elasticsearch] = await Promise.all([startGateway(), startElasticsearch({ secure: true })])
      await writeFile(join(folder, 'clawtrust.yml'), configuration(elasticsearch))
      await writeFile(join(folder, 'admin'), elasticsearch.password)
      await writeFile(join(folder, 'reader'), READER.password)
    }, START_MS)

    afterAll(async () => {
      await prometheus?.stop()
      await exporter?.stop()
      await rsyslog?.stop()
      await gateway?.stop()
      await elasticsearch?.stop()
      await rm(folder, { recursive: true, force: true })
    }, 60_000)

    it(
      'is made ready by clawtrust elastic setup',
      async () => {
        const admin = ['--username', 'elastic', '--password-file', join(folder, 'admin')]
        const { code, output } = await clawtrust(folder, ['elastic', 'setup', '--apply', '--plain', ...admin])
        expect(output).toContain(`PUT /_security/role/${names.readerRole}: ok`)
        expect(code).toBe(0)
        const { security } = elasticsearch.client
        await security.putUser({ username: SHIPPER.user, password: SHIPPER.password, roles: [names.writerRole] })
        await security.putUser({ username: READER.user, password: READER.password, roles: [names.readerRole] })
      },
      WAIT_MS,
    )

    it(
      'is told by the check to wait for the shipper while there is no index',
      async () => {
        const { code, output } = await clawtrust(folder, ['elastic', 'check'])
        expect(output).toContain('start the shipper')
        expect(code).toBe(1)
      },
      WAIT_MS,
    )

    it(
      'brings each line of the log into Elasticsearch as a document, over TLS and with the writer role',
      async () => {
        const url = elasticsearch.url.replace('127.0.0.1', 'localhost')
        const { caFile = '' } = elasticsearch.certificates ?? {}
        rsyslog = await startRsyslog(gateway.log, { url, caFile, ...SHIPPER })
        await arrived()
      },
      WAIT_MS,
    )

    it(
      'passes the check with the reader role',
      async () => {
        const { code, output } = await clawtrust(folder, ['elastic', 'check'])
        expect(output).toContain('no mapping refuses lines of OpenClaw')
        expect(output).toContain('openclaw-file')
        expect(output).not.toContain('PROBLEM')
        expect(code).toBe(0)
      },
      WAIT_MS,
    )

    it(
      'shows the failures of an attack in Prometheus, each counted once',
      async () => {
        exporter = await startExporter(['--config.file', join(folder, 'clawtrust.yml')])
        prometheus = await startPrometheus([{ job: 'clawtrust', address: exporter.address }])
        await prometheus.queryUntil('clawtrust_source_up{source="logs"} == 1')
        await eventually('the exporter is ready', async () => exporter.text('/-/ready'), { by: exporter.process })

        gateway.attack(attempts)
        const counted = 'clawtrust_auth_failures_total{mechanism="shared_secret",reason="token_mismatch"}'
        const samples = await prometheus.queryUntil(`${counted} >= ${ATTEMPTS}`)
        expect(samples.map(({ value }) => value)).toEqual([ATTEMPTS])
        expect(samples[0]?.labels).toMatchObject({ trust_zone: 'agent-control' })
        expect(await prometheus.query('sum(clawtrust_auth_failures_total)')).toMatchObject([{ value: ATTEMPTS }])
        await arrived()
      },
      WAIT_MS,
    )

    it(
      'says which privilege is missing where the role was taken from the reader',
      async () => {
        const { security } = elasticsearch.client
        const other = [{ names: ['logs-other.app-*'], privileges: ['read'] }]
        await security.putRole({ name: 'other_reader', indices: other })
        await security.putUser({ username: READER.user, password: READER.password, roles: ['other_reader'] })
        const { code, output } = await clawtrust(folder, ['elastic', 'check'])
        expect(output).toContain(`read and view_index_metadata is missing on ${names.pattern}`)
        expect(code).toBe(1)
      },
      WAIT_MS,
    )

    /** The gateway may write a line between the two counts: they are equal at last, and none was refused or came twice. */
    async function arrived(): Promise<void> {
      let counts: readonly number[] = []
      const isWhole = async () => {
        counts = [await stored(), await lines()]
        return counts[0] === counts[1] || undefined
      }
      await eventually('all lines have arrived', isWhole).catch(() => undefined)
      expect(counts[0]).toBe(counts[1])
      expect(await rsyslog.refused()).toBe('')
    }

    async function stored(): Promise<number> {
      await elasticsearch.client.indices.refresh({ index: names.pattern })
      return (await elasticsearch.client.count({ index: names.pattern })).count
    }

    async function lines(): Promise<number> {
      return (await readFile(gateway.log, 'utf8')).trimEnd().split('\n').length
    }
  },
)

function configuration({ url, certificates }: Elasticsearch): string {
  const source = {
    type: 'elasticsearch',
    name: 'logs',
    index: [names.pattern],
    nodes: [url],
    ca_file: certificates?.caFile,
    username: READER.user,
    password_file: 'reader',
    interval: '500ms',
    lag: '2s',
  }
  return JSON.stringify({ exporter: { trusted_proxies: ['127.0.0.1'], sources: [source] } })
}
