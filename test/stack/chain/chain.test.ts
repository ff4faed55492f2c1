import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { names } from '../../../elastic/templates/names.ts'
import { writerRole } from '../../../elastic/templates/roles.ts'
import { withCommands } from '../../requirements.ts'
import { type Elasticsearch, startElasticsearch } from '../elasticsearch/servers/elasticsearch.ts'
import { type Gateway, startGateway } from '../openclaw/gateway.ts'
import { clawtrust } from '../servers/clawtrust.ts'
import { eventually } from '../servers/eventually.ts'
import { type RunningExporter, startExporter } from '../servers/exporter.ts'
import { type Prometheus, startPrometheus } from '../servers/prometheus.ts'
import { rsyslog } from '../shippers/rsyslog.ts'
import { Shipper, type Shipping } from '../shippers/shipper.ts'
import { syslogNg } from '../shippers/syslog-ng.ts'

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

withCommands('prometheus', 'rsyslogd', 'syslog-ng', 'openssl').describe(
  'OpenClaw, its log, rsyslog, Elasticsearch, the exporter and Prometheus',
  () => {
    let folder: string
    let gateway: Gateway
    let elasticsearch: Elasticsearch
    let shipper: Shipper
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
      await shipper?.remove()
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
        shipper = await Shipper.create(rsyslog, { ...shipping(names.defaultStream), ...SHIPPER })
        shipper.start()
        await arrived()
      },
      WAIT_MS,
    )

    it(
      'gets the same documents from syslog-ng with an API key of the writer role',
      async () => {
        const { client } = elasticsearch
        const { id, api_key } = await client.security.createApiKey({
          name: 'shipper',
          role_descriptors: {
            [names.writerRole]: {
              ...writerRole,
              cluster: [],
              indices: writerRole.indices.map(({ names, privileges }) => ({
                names: [...names],
                privileges: [...privileges],
              })),
            },
          },
        })
        const index = `${names.defaultStream}-again`
        const second = await Shipper.create(syslogNg, { ...shipping(index), apiKey: `${id}:${api_key}` })
        second.start()
        try {
          const isWhole = async () => (await stored(index)) === (await stored(names.defaultStream)) || undefined
          await eventually('all lines have arrived again', isWhole, { limitMs: WAIT_MS / 2 })
          expect(await contents(index)).toEqual(await contents(names.defaultStream))
          expect(await second.note('refused.log')).toBe('')
        } finally {
          await second.remove()
          await client.indices.delete({ index, ignore_unavailable: true })
        }
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
        counts = [await stored(names.pattern), await lines()]
        return counts[0] === counts[1] || undefined
      }
      await eventually('all lines have arrived', isWhole).catch(() => undefined)
      expect(counts[0]).toBe(counts[1])
      for (const note of ['failed.json', 'undelivered.json', 'refused.json']) expect(await shipper.note(note)).toBe('')
    }

    function shipping(index: string): Omit<Shipping, 'work'> {
      const url = elasticsearch.url.replace('127.0.0.1', 'localhost')
      return { logs: dirname(gateway.log), url, index, caFile: elasticsearch.certificates?.caFile ?? '' }
    }

    async function stored(index: string): Promise<number> {
      const { client } = elasticsearch
      await client.indices.refresh({ index, ignore_unavailable: true })
      return (await client.count({ index, ignore_unavailable: true })).count
    }

    /** Documents without the time of ingest, in an order that does not hang on their ids. */
    async function contents(index: string): Promise<readonly string[]> {
      const { hits } = await elasticsearch.client.search<Record<string, unknown>>({ index, size: 10_000 })
      return hits.hits.map(({ _source }) => JSON.stringify({ ..._source, event: undefined })).sort()
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
