import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { configSchema } from '../../cli/config-schema.ts'
import { runProgram } from '../../cli/program.ts'
import { folderLease } from '../../compliance/schedule/folder-lease.ts'
import { referenceRows } from '../../core/config/reference.ts'
import { type CertificatePlaces, lookAtCertificates } from '../../exporter/sources/certificates/look.ts'
import { FileInput } from '../../exporter/sources/posture/file-input.ts'
import { readDumpFile } from '../../exporter/sources/wireguard/read.ts'
import { webConfigSchema } from '../../service/http/web-config.ts'
import { loadWebConfig } from '../../service/http/web-config-file.ts'
import { preparePrivateFolder } from '../../service/state/private-folder.ts'
import { wholeLook } from '../exporter/sources/posture/whole-look.ts'
import { makeCertificate } from '../service/http/fixtures.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({ 'secret.txt': 'secret\n' })
const at = (name: string) => join(folder, name)
let server: Server

beforeAll(() => {
  execFileSync('mkfifo', [at('fifo')])
  mkdirSync(at('directory'))
  server = createServer().listen(at('socket'))
  makeCertificate(folder, 'made')
})
afterAll(() => void server.close())

const kinds = { FIFO: 'fifo', directory: 'directory', socket: 'socket', device: '/dev/zero' } as const
type Kind = keyof typeof kinds
const pathOf = (kind: Kind) => (kind === 'device' ? kinds[kind] : at(kinds[kind]))

/** What check-config writes about a file with this content, beside what it warns of in general. */
async function checked(file: string): Promise<string> {
  let err = ''
  const unused = () => {
    throw new Error('check-config starts no service')
  }
  await runProgram(['check-config', file], {
    version: '',
    folder,
    logFolders: [],
    stdout: { write: () => {} },
    stderr: { write: text => (err += text) },
    process: { on: unused, off: unused, exit: unused },
    createExporter: unused,
    createRemediation: unused,
    user: 'alice',
    checkWebConfig: loadWebConfig,
  })
  return err
}

let written = 0

function checkedConfig(config: object): Promise<string> {
  written += 1
  const file = `config-${written}.yml`
  writeFileSync(at(file), JSON.stringify(config))
  return checked(file)
}

function checkedWeb(tls: object): Promise<string> {
  written += 1
  const web = `web-${written}.yml`
  const whole = { cert_file: 'made.crt', key_file: 'made.key', ...tls }
  writeFileSync(at(web), JSON.stringify({ tls_server_config: whole }))
  return checkedConfig({ exporter: { web_config_file: web } })
}

const role = (name: string) => (path: string) =>
  checkedConfig({ web: { roles: { [name]: { bearer_token_file: path } } } })
const elasticsearch = (keys: object) =>
  checkedConfig({
    exporter: {
      sources: [{ type: 'elasticsearch', name: 'es', nodes: ['https://es.example'], index: ['logs'], ...keys }],
    },
  })
const remediation = (section: object) => checkedConfig({ remediation: section })
const intelligence = (source: object) => remediation({ enrichment: { threat_intelligence: [source] } })
const http = { type: 'http', name: 'cti', url: 'https://cti.example/{address}', score: 's', malicious_from: 1 }
/** A folder, which its service makes: check-config leaves it alone. */
const stateFolder = async (path: string): Promise<string> => {
  try {
    preparePrivateFolder(path, { service: 'exporter', database: 'state.db' })
    return 'it was used'
  } catch (error) {
    return String(error)
  }
}

/** The source reports it by its health: its input may appear later. */
const snapshots = async (path: string): Promise<string> => {
  const input = new FileInput({ path, maxBytes: 1_000, clock: { now: () => 0 } }, new Map())
  return (await wholeLook(input)).trouble ?? 'it was read'
}

const certificates = async (places: Partial<CertificatePlaces>): Promise<string> => {
  const all = { files: [], endpoints: [], timeout: 100, clock: { now: () => 0 }, ...places }
  return (await lookAtCertificates(all, new Map(), new AbortController().signal)).troubles[0] ?? 'it was read'
}
const dump = async (path: string): Promise<string> => {
  const read = await readDumpFile(path, { now: () => 0 })
  return 'trouble' in read ? read.trouble : 'it was read'
}

const compliance = (section: object) => checkedConfig({ compliance: section })
const cluster = (keys: object) => compliance({ elasticsearch: { nodes: ['https://es.example'], ...keys } })
const prometheus = (keys: object) => compliance({ prometheus: { url: 'https://prometheus.example', ...keys } })
const destination = (keys: object) => compliance({ destinations: [{ name: 'one', ...keys }] })
const index = (keys: object) => destination({ type: 'elasticsearch', nodes: ['https://es.example'], ...keys })
const mail = (keys: object) =>
  destination({ type: 'email', server: 'smtp.example:587', from: 'a@example.org', to: ['b@example.org'], ...keys })
const request = (keys: object) => destination({ type: 'request', template: 'report-webhook', ...keys })
/** The keys of a connection to a cluster. */
const clusterKeys = (section: string, checkedBy: (keys: object) => Promise<string>) => ({
  [`${section}.api_key_file`]: (path: string) => checkedBy({ api_key_file: path }),
  [`${section}.password_file`]: (path: string) => checkedBy({ username: 'u', password_file: path }),
  [`${section}.ca_file`]: (path: string) => checkedBy({ ca_file: path }),
  [`${section}.client_cert_file`]: (path: string) => checkedBy({ client_cert_file: path, client_key_file: 'made.key' }),
  [`${section}.client_key_file`]: (path: string) => checkedBy({ client_cert_file: 'made.crt', client_key_file: path }),
  [`${section}.proxy_password_file`]: (path: string) =>
    checkedBy({ proxy: 'http://proxy.example:3128', proxy_username: 'u', proxy_password_file: path }),
})
/** A folder of reports, which is made when one is written. */
const reportFolder = async (path: string): Promise<string> => {
  try {
    await (await folderLease(path)())?.release([])
    return 'it was used'
  } catch (error) {
    return String(error)
  }
}

/** For every key that holds a path: what is said where it leads to something that is no regular file. */
const readers: Readonly<Record<string, (path: string) => Promise<string>>> = {
  'web.roles.scrape.bearer_token_file': role('scrape'),
  'web.roles.view.bearer_token_file': role('view'),
  'web.roles.deliver.bearer_token_file': role('deliver'),
  'web.roles.command.bearer_token_file': role('command'),
  'exporter.web_config_file': path => checkedConfig({ exporter: { web_config_file: path } }),
  'exporter.state_dir': stateFolder,
  'exporter.enrichment.geoip_file': path => checkedConfig({ exporter: { enrichment: { geoip_file: path } } }),
  'exporter.enrichment.asn_file': path => checkedConfig({ exporter: { enrichment: { asn_file: path } } }),
  'exporter.enrichment.threat_lists[].file': path =>
    checkedConfig({ exporter: { enrichment: { threat_lists: [{ name: 'drop', file: path }] } } }),
  'exporter.sources[file].paths': path =>
    checkedConfig({ exporter: { sources: [{ type: 'file', name: 'log', paths: [path] }] } }),
  'exporter.sources[posture].path': snapshots,
  'exporter.sources[certificates].files': path => certificates({ files: [path] }),
  'exporter.sources[certificates].endpoints[].ca_file': path =>
    certificates({ endpoints: [{ host: '127.0.0.1', port: 1, caFile: path }] }),
  'exporter.sources[wireguard].path': dump,
  ...clusterKeys('exporter.sources[elasticsearch]', elasticsearch),
  'remediation.web_config_file': path => remediation({ web_config_file: path }),
  'remediation.state_dir': stateFolder,
  'remediation.webhook.bearer_token_file': path => remediation({ webhook: { bearer_token_file: path } }),
  'remediation.webhook.grafana_secret_file': path => remediation({ webhook: { grafana_secret_file: path } }),
  'remediation.operator.bearer_token_file': path => remediation({ operator: { bearer_token_file: path } }),
  'remediation.destinations[].url_file': path =>
    remediation({ destinations: [{ name: 'chat', template: 'slack', url_file: path }] }),
  'remediation.destinations[].token_file': path =>
    remediation({ destinations: [{ name: 'any', template: 'generic', url: 'https://any.example', token_file: path }] }),
  'remediation.enrichment.geoip_file': path => remediation({ enrichment: { geoip_file: path } }),
  'remediation.enrichment.threat_intelligence[list].file': path =>
    intelligence({ type: 'list', name: 'drop', file: path }),
  'remediation.enrichment.threat_intelligence[http].key_file': path => intelligence({ ...http, key_file: path }),
  'compliance.output_dir': reportFolder,
  'compliance.destinations[folder].path': reportFolder,
  'compliance.catalogue': path => compliance({ catalogue: [path] }),
  'compliance.chromium': path => compliance({ chromium: path }),
  'compliance.signing_key_file': path => compliance({ signing_key_file: path }),
  'compliance.web_config_file': path => compliance({ web_config_file: path }),
  ...clusterKeys('compliance.elasticsearch', cluster),
  ...clusterKeys('compliance.destinations[elasticsearch]', index),
  'compliance.destinations[email].ca_file': path => mail({ ca_file: path }),
  'compliance.destinations[email].password_file': path => mail({ username: 'u', password_file: path }),
  'compliance.destinations[request].url_file': path => request({ url_file: path }),
  'compliance.destinations[request].token_file': path => request({ url: 'https://any.example', token_file: path }),
  'compliance.prometheus.ca_file': path => prometheus({ ca_file: path }),
  'compliance.prometheus.password_file': path => prometheus({ username: 'u', password_file: path }),
  'compliance.prometheus.bearer_token_file': path => prometheus({ bearer_token_file: path }),
  'compliance.prometheus.client_cert_file': path => prometheus({ client_cert_file: path, client_key_file: 'made.key' }),
  'compliance.prometheus.client_key_file': path => prometheus({ client_cert_file: 'made.crt', client_key_file: path }),
  'policy.shadow[].file': path => checkedConfig({ policy: { shadow: [{ file: path }] } }),
  'tls_server_config.cert_file': path => checkedWeb({ cert_file: path }),
  'tls_server_config.key_file': path => checkedWeb({ key_file: path }),
  'tls_server_config.client_ca_file': path =>
    checkedWeb({ client_ca_file: path, client_auth_type: 'RequireAndVerifyClientCert' }),
}

describe('every path of a configuration', () => {
  it('is tried here', () => {
    const rows = [configSchema, webConfigSchema].flatMap(schema => referenceRows(schema))
    const keys = rows.filter(({ written }) => written.includes('<path>')).map(({ key }) => key)
    expect(Object.keys(readers).toSorted()).toEqual(keys.toSorted())
  })

  const cases = Object.keys(readers).flatMap(key => (Object.keys(kinds) as Kind[]).map(kind => [key, kind] as const))

  const folders = [
    'exporter.state_dir',
    'remediation.state_dir',
    'compliance.output_dir',
    'compliance.destinations[folder].path',
  ]
  const mayBeFolder = (key: string) => folders.includes(key) || key === 'exporter.sources[posture].path'

  it.each(cases.filter(([key, kind]) => !(mayBeFolder(key) && kind === 'directory')))(
    '%s that leads to a %s is refused by name, and nothing waits for it',
    async (key, kind) => {
      const path = pathOf(kind)
      const said = await readers[key]?.(path)
      const about = said?.split('\n').filter(line => line.includes(path))
      expect(about).toHaveLength(1)
      if (!folders.includes(key)) expect(about?.[0]).toContain(`is a ${kind}`)
    },
  )

  it.each(Object.keys(kinds) as Kind[])('and the configuration file itself that is a %s is refused', async kind => {
    const path = pathOf(kind)
    const sentence = `is a ${kind} and not a regular file; set the path of a regular file`
    expect(await checked(path)).toBe(`${path}: ${sentence}\n`)
  })
})
