import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const clone = fileURLToPath(new URL('../../', import.meta.url))

/** Not `clawtrust`: a stack that is in use stays as it is. */
const PROJECT = 'clawtrust-test'
const PORTS = [9847, 9848, 9849, 9090, 9093]
const POLL_MS = 1_000
const OUTPUT_BYTES = 64 * 1024 * 1024

export interface Ran {
  readonly code: number
  readonly output: string
}

/** Its image cannot be made where no registry can be reached. */
const WITHOUT_GRAFANA = 'without-grafana.yml'

/** A copy of the clone, as a new user has it, with its own project of Docker Compose and without Grafana. */
export class Stack {
  readonly folder = mkdtempSync(join(tmpdir(), 'clawtrust-containers-'))
  readonly logs = join(this.folder, 'openclaw')
  #files: readonly string[] = ['docker-compose.yml', WITHOUT_GRAFANA]

  constructor() {
    const listed = execFileSync('git', ['ls-files', '-coz', '--exclude-standard'], { cwd: clone, encoding: 'utf8' })
    for (const file of listed.split('\0').filter(path => path !== ''))
      cpSync(join(clone, file), join(this.folder, file), { recursive: true })
    mkdirSync(this.logs, { mode: 0o700 })
    writeFileSync(join(this.folder, '.env'), `OPENCLAW_LOGS=${this.logs}\n`)
    writeFileSync(join(this.folder, WITHOUT_GRAFANA), JSON.stringify({ services: { grafana: { profiles: ['none'] } } }))
  }

  /** With which `docker compose` is about this stack. */
  get environment(): Readonly<Record<string, string>> {
    return { COMPOSE_PROJECT_NAME: PROJECT, COMPOSE_FILE: this.#files.join(':') }
  }

  /** Puts further files of Compose over those that are used. */
  use(...files: readonly string[]): void {
    this.#files = [...this.#files, ...files]
  }

  /** The files that a test puts over those of the clone, as options of `docker compose`. */
  get overlays(): string {
    return this.#files
      .filter(file => !file.startsWith('docker-compose.'))
      .map(file => `-f ${file}`)
      .join(' ')
  }

  /** `docker compose ARGUMENT...`; resolves also if it fails. */
  async compose(...args: readonly string[]): Promise<Ran> {
    return this.docker('compose', ...args)
  }

  async docker(...args: readonly string[]): Promise<Ran> {
    try {
      const env = { ...process.env, ...this.environment }
      const { stdout, stderr } = await run('docker', args, { cwd: this.folder, env, maxBuffer: OUTPUT_BYTES })
      return { code: 0, output: stdout + stderr }
    } catch (error) {
      const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string }
      return { code: typeof code === 'number' ? code : 1, output: `${stdout}${stderr}` }
    }
  }

  /** Rejects with the output of a command that failed. */
  async done(ran: Promise<Ran>): Promise<string> {
    const { code, output } = await ran
    if (code !== 0) throw new Error(`exit code ${code}:\n${output.slice(-4_000)}`)
    return output
  }

  up(...options: readonly string[]): Promise<Ran> {
    return this.compose('up', '-d', ...options)
  }

  /** When the container of a service was started. */
  async startedAt(service: string): Promise<string> {
    const id = (await this.done(this.compose('ps', '-q', service))).trim()
    return (await this.done(this.docker('inspect', '--format', '{{.State.StartedAt}}', id))).trim()
  }

  /** What the container of a service is doing: `running`, `restarting`, `exited`. */
  async stateOf(service: string): Promise<string> {
    const id = (await this.done(this.compose('ps', '-aq', service))).trim()
    if (id === '') return 'missing'
    return (await this.done(this.docker('inspect', '--format', '{{.State.Status}}', id))).trim()
  }

  async remove(): Promise<void> {
    await this.compose('down', '-v', '--remove-orphans', '--timeout', '20')
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/**
 * One sentence on why the tests cannot run on this machine; undefined where they can. Builds and pulls what is missing;
 * images that are here under the names of the files are used as they are.
 */
export async function obstacle(stack: Stack): Promise<string | undefined> {
  const version = spawnSync('docker', ['compose', 'version', '--short'], { encoding: 'utf8' })
  if (version.error !== undefined) return 'docker is not installed; install Docker with its Compose plugin'
  if (version.status !== 0) return 'docker has no Compose plugin; install docker-compose-plugin (Compose 2.24 or newer)'
  const daemon = await stack.docker('version', '--format', '{{.Server.Version}}')
  if (daemon.code !== 0) return `the Docker daemon cannot be reached (${daemon.output.trim()}); start it`
  for (const port of PORTS)
    if (await answers(port)) return `port ${port} of 127.0.0.1 is in use; stop the stack that is running`
  return missingImage(stack)
}

async function missingImage(stack: Stack): Promise<string | undefined> {
  const { services } = JSON.parse(await stack.done(stack.compose('config', '--format', 'json'))) as {
    services: Record<string, { image: string; build?: unknown }>
  }
  for (const [name, { image, build }] of Object.entries(services)) {
    if (name === 'grafana') continue
    if ((await stack.docker('image', 'inspect', image)).code === 0) continue
    const got = build === undefined ? await stack.compose('pull', name) : await stack.compose('build', name)
    if (got.code !== 0)
      return `the image ${image} is not here and cannot be ${build === undefined ? 'pulled' : 'built'}; put it here by docker load or docker tag:\n${got.output.slice(-1_000)}`
  }
  return undefined
}

const answers = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  )

/** The text of a page; empty where there is no answer. */
export const page = (url: string, init: RequestInit = {}): Promise<string> =>
  fetch(url, { ...init, signal: AbortSignal.timeout(10_000) }).then(
    response => response.text(),
    () => '',
  )

/** The JSON of a page; undefined where there is none. */
export async function json(url: string): Promise<unknown> {
  try {
    return JSON.parse(await page(url))
  } catch {
    return undefined
  }
}

/** Waits until the value is neither undefined nor false. */
export async function eventually<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined | false>,
): Promise<T> {
  const end = performance.now() + seconds * 1_000
  for (;;) {
    const value = await ask()
    if (value !== undefined && value !== false) return value
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} s`)
    await new Promise(resume => setTimeout(resume, POLL_MS))
  }
}
