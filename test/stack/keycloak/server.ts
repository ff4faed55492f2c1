import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../servers/eventually.ts'
import { freePort, startProcess } from '../servers/process.ts'
import { installKeycloak } from './installation.ts'

const START_LIMIT_MS = 300_000

/** A running Keycloak with an administrator, whose log is written in two layouts. */
export interface Keycloak {
  readonly url: string
  readonly administrator: { readonly username: string; readonly password: string }
  /** What it wrote so far: its console as JSON, and the same in a file in plain text. */
  log(layout: 'json' | 'text'): Promise<string>
  stop(): Promise<void>
}

/** Starts Keycloak with the options that docs/identity.md names, on the loopback address; it answers on return. */
export async function startKeycloak(): Promise<Keycloak> {
  const { home, java } = await installKeycloak()
  const folder = await mkdtemp(join(tmpdir(), 'clawtrust-keycloak-'))
  const [port, managementPort] = [await freePort(), await freePort()]
  const administrator = { username: 'admin', password: 'correct horse' }
  const file = join(folder, 'keycloak.log')
  const server = startProcess(
    java,
    [
      ...virtualMachine,
      `-Dkc.home.dir=${home}`,
      `-Djboss.server.config.dir=${home}/conf`,
      ...['-cp', `${home}/lib/quarkus-run.jar`, 'io.quarkus.bootstrap.runner.QuarkusEntryPoint'],
      ...['start', '--optimized', '--http-enabled=true', '--http-host=127.0.0.1', '--hostname-strict=false'],
      '--cache=local',
      `--http-port=${port}`,
      `--http-management-port=${managementPort}`,
      ...['--log=console,file', '--log-console-output=json', `--log-file=${file}`],
      // Little else than events; those are logged at INFO and WARN.
      '--log-level=warn,org.keycloak.events:info',
      '--spi-events-listener--jboss-logging--success-level=info',
      '--spi-events-listener--jboss-logging--include-representation=true',
    ],
    {
      cwd: folder,
      env: {
        ...process.env,
        TZ: 'UTC',
        KC_BOOTSTRAP_ADMIN_USERNAME: administrator.username,
        KC_BOOTSTRAP_ADMIN_PASSWORD: administrator.password,
      },
    },
  )
  const stop = async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${port}`
  try {
    const isUp = async () => (await fetch(`${url}/realms/master`)).ok || undefined
    await eventually('Keycloak answers', isUp, { by: server, limitMs: START_LIMIT_MS })
  } catch (error) {
    await stop()
    throw error
  }
  const log = async (layout: 'json' | 'text') => (layout === 'json' ? server.output() : readFile(file, 'utf8'))
  return { url, administrator, log, stop }
}

/** One compiler and one collector take a third less time of the processors for a server that runs for a minute. */
const virtualMachine = [
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-Xmx512m',
  ...['java.util', 'java.util.concurrent', 'java.security'].map(name => `--add-opens=java.base/${name}=ALL-UNNAMED`),
  ...['file', 'stdout', 'stderr', 'sun.stdout', 'sun.stderr'].map(name => `-D${name}.encoding=UTF-8`),
  '-Djava.util.logging.manager=org.jboss.logmanager.LogManager',
  '-Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory',
  '-Djava.net.preferIPv4Stack=true',
  ...['-Duser.language=en', '-Duser.country=US'],
]
