import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wheelProgram } from '../../../tools/checks/wheels.ts'
import { eventually } from './eventually.ts'
import { freePort, type RunningProcess, startProcess } from './process.ts'
import { run } from './run.ts'

/** What a proxy is started with. The files are in PEM. */
export interface ProxyTask {
  readonly upstreamPort: number
  readonly serverCertificate: string
  readonly serverKey: string
  /** The authority of clients' certificates, and its revocation list. */
  readonly clientAuthority: string
  readonly revocationList: string
}

export interface RunningProxy {
  readonly host: string
  readonly port: number
  /** Everything that it logged for clawtrust. */
  log(): Promise<string>
  stop(): Promise<void>
}

const HOST = '127.0.0.1'

const shipped = (path: string) => readFileSync(new URL(`../../../deploy/${path}`, import.meta.url), 'utf8')

/** Whether a connection is accepted; it is closed without a byte. */
const accepts = (port: number) =>
  new Promise<boolean>(resolve => {
    const socket = connect(port, HOST, () => socket.destroy())
    socket.on('error', () => resolve(false)).on('close', hasFailed => hasFailed || resolve(true))
  })

/** A proxy of a folder of its own, with the shipped configuration; it answers on return. */
async function start(
  name: string,
  prepare: (folder: string, port: number) => Promise<readonly string[]>,
  logs: readonly string[] | 'output',
): Promise<RunningProxy> {
  const folder = await mkdtemp(join(tmpdir(), `clawtrust-${name}-`))
  const port = await freePort()
  let running: RunningProcess | undefined
  const stop = async () => {
    await running?.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const [program = '', ...args] = await prepare(folder, port)
    running = startProcess(program, args, { env: { ...process.env, HOME: folder } })
    await eventually(`${name} listens on port ${port}`, async () => (await accepts(port)) || undefined, { by: running })
  } catch (error) {
    await stop()
    throw error
  }
  const log = async () => {
    if (logs === 'output') return running?.output() ?? ''
    const texts = await Promise.all(logs.map(file => readFile(join(folder, file), 'utf8').catch(() => '')))
    return texts.join('')
  }
  return { host: HOST, port, log, stop }
}

/** With a second port on which TLS 1.0 is accepted. */
export async function startHaproxy(task: ProxyTask, obsoletePort: number): Promise<RunningProxy> {
  const prepare = async (folder: string, port: number) => {
    const pem = join(folder, 'server.pem')
    const pair = await Promise.all([task.serverCertificate, task.serverKey].map(file => readFile(file, 'utf8')))
    await writeFile(pem, pair.join(''))
    const configuration = shipped('haproxy/haproxy.cfg')
      .replace('log /dev/log len 8192 local0', 'log stdout len 8192 format raw local0')
      .replaceAll('/etc/haproxy/tls/server.pem', pem)
      .replaceAll('/etc/haproxy/tls/clients-ca.pem', `${task.clientAuthority} crl-file ${task.revocationList}`)
      .replace(/^ {2}bind :443 (.*) ssl-min-ver TLSv1\.2$/m, (line, options) =>
        [
          line.replace(':443', `${HOST}:${port}`),
          `  bind ${HOST}:${obsoletePort} ${options} ssl-min-ver TLSv1.0 ciphers ALL:@SECLEVEL=0`,
        ].join('\n'),
      )
      .replace('127.0.0.1:18789', `${HOST}:${task.upstreamPort}`)
    const file = join(folder, 'haproxy.cfg')
    await writeFile(file, configuration)
    run('haproxy', ['-c', '-q', '-f', file], {})
    return ['haproxy', '-db', '-f', file]
  }
  return start('haproxy', prepare, 'output')
}

export async function startCaddy(task: ProxyTask): Promise<RunningProxy> {
  const prepare = async (folder: string, port: number) => {
    const configuration = shipped('caddy/Caddyfile')
      .replace(/^\{\n/m, `{\n\tadmin off\n\tauto_https disable_redirects\n\tstorage file_system ${folder}/storage\n`)
      .replace('openclaw.example.org {', `https://localhost:${port} {\n\tbind ${HOST}`)
      .replace('\ttls {', `\ttls ${task.serverCertificate} ${task.serverKey} {`)
      .replaceAll('/etc/caddy/tls/clients-ca.pem', task.clientAuthority)
      .replaceAll('/var/log/caddy', folder)
      .replace('127.0.0.1:18789', `${HOST}:${task.upstreamPort}`)
    const file = join(folder, 'Caddyfile')
    await writeFile(file, configuration)
    return ['caddy', 'run', '--config', file, '--adapter', 'caddyfile']
  }
  return start('caddy', prepare, ['openclaw.log'])
}

export async function startEnvoy(task: ProxyTask): Promise<RunningProxy> {
  const prepare = async (folder: string, port: number) => {
    const configuration = shipped('envoy/envoy.yaml')
      .replace('address: 0.0.0.0, port_value: 443', `address: ${HOST}, port_value: ${port}`)
      .replace('/etc/envoy/tls/server.pem', task.serverCertificate)
      .replace('/etc/envoy/tls/server.key', task.serverKey)
      .replace(
        'trusted_ca: { filename: /etc/envoy/tls/clients-ca.pem }',
        `trusted_ca: { filename: ${task.clientAuthority} }\n                  crl: { filename: ${task.revocationList} }`,
      )
      .replaceAll('/var/log/envoy', folder)
      .replace('port_value: 18789', `port_value: ${task.upstreamPort}`)
    const file = join(folder, 'envoy.yaml')
    await writeFile(file, configuration)
    const program = wheelProgram('envoy')
    // Not with the mode `validate` before: the start says the same, and takes a second.
    return [program, '-c', file, '--concurrency', '1', '--disable-hot-restart', '--file-flush-interval-msec', '50']
  }
  return start('envoy', prepare, ['openclaw-connections.log', 'openclaw-requests.log'])
}
