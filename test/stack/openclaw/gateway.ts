import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '../servers/eventually.ts'
import { freePort, startProcess } from '../servers/process.ts'
import { run } from '../servers/run.ts'
import { installOpenclaw } from './installation.ts'

const READY_MS = 120_000
const attackChild = fileURLToPath(new URL('./attack.child.ts', import.meta.url))
const forgeChild = fileURLToPath(new URL('./forge.child.ts', import.meta.url))

export interface Attack {
  /** The credential that is tried. */
  readonly token: string
  /** X-Forwarded-For: the gateway believes loopback, where the attack comes from, to be its proxy. */
  readonly from: string
}

/** A real OpenClaw gateway on loopback with a home of its own. */
export interface Gateway {
  /** Its log, JSON lines. */
  readonly log: string
  readonly token: string
  /** `http://127.0.0.1:18789` */
  readonly url: string
  /** One sign-in after the other over WebSocket, each as the only frame of its connection. */
  attack(attempts: readonly Attack[]): void
  /** Sends a line in every text that a caller chooses, see forge.child.ts. */
  forge(line: string): void
  /** What it wrote to standard output and error. */
  console(): string
  stop(): Promise<void>
}

/** @param more further sections of openclaw.json, such as `hooks` */
export async function startGateway(more: Readonly<Record<string, unknown>> = {}): Promise<Gateway> {
  const installation = await installOpenclaw()
  const home = await mkdtemp(join(tmpdir(), 'clawtrust-openclaw-'))
  const log = join(home, 'openclaw-gateway.log')
  const token = 'only-for-tests-3Kd'
  const port = String(await freePort())
  await mkdir(join(home, '.openclaw'))
  const settings = { logging: { file: log, level: 'info' }, gateway: { trustedProxies: ['127.0.0.1'] }, ...more }
  await writeFile(join(home, '.openclaw/openclaw.json'), JSON.stringify(settings))
  const options = ['--allow-unconfigured', '--bind', 'loopback', '--port', port, '--auth', 'token', '--token', token]
  const program = join(installation, 'node_modules/openclaw/openclaw.mjs')
  const gateway = startProcess(process.execPath, [program, 'gateway', 'run', ...options], {
    cwd: home,
    env: {
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: home,
      TZ: 'UTC',
      CI: '1',
      NO_COLOR: '1',
      OPENCLAW_NO_AUTO_UPDATE: '1',
      OPENCLAW_SKIP_CHANNELS: '1',
    },
  })
  const stop = async () => {
    await gateway.stop()
    await rm(home, { recursive: true, force: true })
  }
  try {
    const ready = async () => gateway.output().includes('[gateway] ready') || undefined
    await eventually('the gateway is ready', ready, { by: gateway, limitMs: READY_MS })
  } catch (error) {
    await stop()
    throw error
  }
  const attack = (attempts: readonly Attack[]) => {
    run(process.execPath, [attackChild, installation, port, JSON.stringify(attempts)], {})
  }
  const forge = (line: string) => {
    run(process.execPath, [forgeChild, installation, port, token, line], {})
  }
  return { log, token, url: `http://127.0.0.1:${port}`, attack, forge, console: gateway.output, stop }
}
