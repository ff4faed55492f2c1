import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@elastic/elasticsearch'
import { eventually } from '../../servers/eventually.ts'
import { freePort } from '../../servers/process.ts'
import { run } from '../../servers/run.ts'
import { type Certificates, makeCertificates } from './certificates.ts'
import { type Installation, installElasticsearch } from './installation.ts'

export interface ElasticsearchOptions {
  readonly version?: string
  /** TLS, users, roles and API keys; the superuser is `elastic`. */
  readonly secure?: boolean
  /** With `secure`: only who shows a certificate of the same authority is let in. */
  readonly clientCertificates?: boolean
  /** Further lines of elasticsearch.yml; they replace single-node discovery where they name seed hosts. */
  readonly settings?: Readonly<Record<string, string>>
  readonly name?: string
  /**
   * With all compilers of its JVM and every check of its classes, as it is shipped: slower to start, and as fast as a server
   * is. For measurements.
   */
  readonly asShipped?: boolean
}

/** One node on loopback. */
export interface Elasticsearch {
  readonly url: string
  readonly version: string
  readonly transportPort: number
  /** With `secure` only. */
  readonly certificates: Certificates | undefined
  readonly password: string
  /** A client that may do everything. */
  readonly client: Client
  /** Sends a signal to the server itself, for instance SIGKILL or SIGSTOP. */
  signal(signal: NodeJS.Signals): Promise<void>
  isRunning(): Promise<boolean>
  /** Ends it and waits until it is gone; its data stay. */
  halt(): Promise<void>
  /** Starts it again on the same data and ports. */
  resume(): Promise<void>
  /** Ends it and removes everything. */
  stop(): Promise<void>
  /** For `attachElasticsearch`. */
  readonly whereabouts: Whereabouts
}

/** Where a node without security is found by another test file of the same run. */
export interface Whereabouts {
  readonly installation: Installation
  readonly folder: string
  readonly ports: { readonly http: number; readonly transport: number }
}

/** A start takes 9.5 s of a processor instead of 12.8 where the classes of the distribution are not verified. */
const QUICK_START = [
  '-XX:TieredStopAtLevel=1',
  '-XX:+UnlockDiagnosticVMOptions',
  '-XX:-BytecodeVerificationRemote',
] as const
const PASSWORD = 'only-for-tests-7Qx'
const READY_MS = 120_000
/** The server refuses to run as root. */
const NOBODY = 65_534
const isRoot = process.getuid?.() === 0

export async function startElasticsearch(options: ElasticsearchOptions = {}): Promise<Elasticsearch> {
  const installation = await installElasticsearch(options.version)
  const folder = await mkdtemp(join(tmpdir(), 'clawtrust-es-'))
  const ports = { http: await freePort(), transport: await freePort() }
  const certificates = options.secure === true ? await makeCertificates(folder) : undefined
  await configure(installation, folder, ports, certificates, options)
  const node = new Node(installation, folder, ports, certificates)
  try {
    await node.resume()
  } catch (error) {
    await node.stop()
    throw error
  }
  return node
}

/** A node that was started before, whether it is running or not. */
export function attachElasticsearch({ installation, folder, ports }: Whereabouts): Elasticsearch {
  return new Node(installation, folder, ports, undefined)
}

class Node implements Elasticsearch {
  readonly url: string
  readonly version: string
  readonly transportPort: number
  readonly certificates: Certificates | undefined
  readonly password = PASSWORD
  readonly client: Client
  readonly whereabouts: Whereabouts
  readonly #installation: Installation
  readonly #folder: string

  constructor(
    installation: Installation,
    folder: string,
    ports: Whereabouts['ports'],
    certificates: Certificates | undefined,
  ) {
    this.whereabouts = { installation, folder, ports }
    this.#installation = installation
    this.#folder = folder
    this.version = installation.version
    this.transportPort = ports.transport
    this.certificates = certificates
    this.url = `${certificates === undefined ? 'http' : 'https'}://127.0.0.1:${ports.http}`
    const media = `application/vnd.elasticsearch+json; compatible-with=${installation.version.split('.')[0]}`
    this.client = new Client({
      node: this.url,
      headers: { accept: media, 'content-type': media },
      requestTimeout: 60_000,
      ...(certificates === undefined
        ? {}
        : { auth: { username: 'elastic', password: PASSWORD }, tls: keysOf(certificates) }),
    })
  }

  async resume(): Promise<void> {
    const { home } = this.#installation
    const output = openSync(join(this.#folder, 'out.log'), 'a')
    await rm(this.#pidFile, { force: true })
    // A process group of its own: a signal to the test run must not reach it half way.
    const launcher = spawn(join(home, 'bin/elasticsearch'), ['-p', this.#pidFile], {
      cwd: this.#folder,
      env: environment(this.#installation, this.#folder),
      stdio: ['ignore', output, output],
      detached: true,
      ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
    })
    launcher.unref()
    closeSync(output)
    const ready = async () => {
      if (launcher.exitCode !== null) return false
      const { status } = await this.client.cluster.health({ timeout: '1s' }, { maxRetries: 0, requestTimeout: 2_000 })
      return status !== 'red' || undefined
    }
    const isUp = await eventually(`Elasticsearch at ${this.url} is ready`, ready, { limitMs: READY_MS }).catch(
      error => {
        process.stderr.write(`${error}\n`)
        return false
      },
    )
    if (isUp) return
    throw new Error(`Elasticsearch did not start\n${await readFile(join(this.#folder, 'out.log'), 'utf8')}`)
  }

  async isRunning(): Promise<boolean> {
    const pid = await this.#pid().catch(() => undefined)
    return pid !== undefined && isAlive(pid)
  }

  async signal(signal: NodeJS.Signals): Promise<void> {
    process.kill(await this.#pid(), signal)
  }

  async halt(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const pid = await this.#pid().catch(() => undefined)
    if (pid === undefined || !isAlive(pid)) return
    process.kill(pid, signal)
    process.kill(pid, 'SIGCONT')
    await eventually(`process ${pid} is gone`, async () => !isAlive(pid) || undefined)
  }

  async stop(): Promise<void> {
    await this.client.close()
    await this.halt('SIGKILL')
    await rm(this.#folder, { recursive: true, force: true })
  }

  get #pidFile(): string {
    return join(this.#folder, 'data', 'pid')
  }

  async #pid(): Promise<number> {
    return Number(await readFile(this.#pidFile, 'utf8'))
  }
}

function keysOf({ ca, certificateFile, keyFile }: Certificates) {
  return { ca, cert: readFileSync(certificateFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
}

async function configure(
  installation: Installation,
  folder: string,
  ports: Whereabouts['ports'],
  certificates: Certificates | undefined,
  { settings = {}, name = 'test', clientCertificates = false, asShipped = false }: ElasticsearchOptions,
): Promise<void> {
  const config = join(folder, 'config')
  await cp(join(installation.home, 'config'), config, { recursive: true })
  for (const part of ['data', 'logs', 'temporary']) await mkdir(join(folder, part))
  const lines: Record<string, string> = {
    'node.name': name,
    'path.data': join(folder, 'data'),
    'path.logs': join(folder, 'logs'),
    'network.host': '127.0.0.1',
    'http.port': String(ports.http),
    'transport.port': String(ports.transport),
    'cluster.routing.allocation.disk.threshold_enabled': 'false',
    'xpack.security.enabled': String(certificates !== undefined),
    ...('discovery.seed_hosts' in settings ? {} : { 'discovery.type': 'single-node' }),
    ...(certificates === undefined ? {} : await secure(installation, folder, config, certificates)),
    ...(clientCertificates ? { 'xpack.security.http.ssl.client_authentication': 'required' } : {}),
    ...settings,
  }
  await writeFile(
    join(config, 'elasticsearch.yml'),
    Object.entries(lines)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(''),
  )
  const options = ['-Xms512m', '-Xmx512m', ...(asShipped ? [] : QUICK_START)]
  await appendFile(join(config, 'jvm.options.d', 'test.options'), `${options.join('\n')}\n`)
  if (isRoot) run('chown', ['-R', `${NOBODY}:${NOBODY}`, folder], {})
}

async function secure(installation: Installation, folder: string, config: string, certificates: Certificates) {
  await cp(certificates.certificateFile, join(config, 'http.crt'))
  await cp(certificates.keyFile, join(config, 'http.key'))
  await cp(certificates.caFile, join(config, 'ca.crt'))
  // It makes the keystore where there is none.
  const args = ['add', '-x', '-f', 'bootstrap.password']
  const { status, stderr } = spawnSync(join(installation.home, 'bin/elasticsearch-keystore'), args, {
    env: environment(installation, folder),
    input: PASSWORD,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`elasticsearch-keystore add: ${stderr}`)
  return {
    'xpack.security.autoconfiguration.enabled': 'false',
    'xpack.security.http.ssl.enabled': 'true',
    'xpack.security.http.ssl.certificate': 'http.crt',
    'xpack.security.http.ssl.key': 'http.key',
    'xpack.security.http.ssl.certificate_authorities': 'ca.crt',
  }
}

function environment({ java }: Installation, folder: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    HOME: folder,
    ES_JAVA_HOME: java,
    ES_PATH_CONF: join(folder, 'config'),
    ES_TMPDIR: join(folder, 'temporary'),
    // The launcher is a Java program of its own, which ends before the second compiler pays.
    CLI_JAVA_OPTS: '-XX:TieredStopAtLevel=1',
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
