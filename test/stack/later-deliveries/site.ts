import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commandRunner } from '../../../remediation/steps/block/nft/command.ts'
import { blockSets } from '../../../remediation/steps/block/nft/script.ts'
import { startRemediation, stopAll, type TestService, TurnedClock } from '../../remediation/service.ts'
import { createNetwork, type Network } from '../remediation/namespace.ts'
import { type Alertmanager, startAlertmanager } from '../servers/alertmanager.ts'
import { eventually } from '../servers/eventually.ts'
import { startExporter } from '../servers/exporter.ts'
import { startProcess } from '../servers/process.ts'
import { startPrometheus } from '../servers/prometheus.ts'
import { type Received, startDestination } from '../workflow/destination.ts'
import { renderRules } from '../workflow/rules.ts'
import { type Provider, startProvider } from './evidence.ts'

const echoProgram = fileURLToPath(new URL('../remediation/echo.child.ts', import.meta.url))
const reachProgram = fileURLToPath(new URL('./reach.child.ts', import.meta.url))
const PORT = '7007'
/** Refusals of one address that the rules tolerate, in place of the shipped number. */
export const TOO_MANY = 3
/** How often both Alertmanagers deliver what fires. */
const REPEAT = '2s'

export interface SiteOptions {
  /** Gateways, each with a log of its own. */
  readonly gateways: readonly string[]
  /** Networks that are never blocked, beside the addresses of the firewall. */
  readonly neverBlock: readonly string[]
  /** Keys of section `remediation`. */
  readonly remediation: Readonly<Record<string, unknown>>
}

/**
 * From the line in a log to the packet: logs in the format of the shipped nginx configuration, an exporter, a Prometheus
 * with the shipped rules, two Alertmanagers that do not know each other, remediation with a clock that the test turns, and
 * nftables in a namespace.
 */
export interface Site {
  readonly network: Network
  readonly service: TestService
  readonly alertmanagers: readonly Alertmanager[]
  readonly provider: Provider
  readonly messages: readonly Received[]
  /** Writes refusals of an address into the log of a gateway. */
  attack(gateway: string, address: string, times?: number): Promise<void>
  /** Writes the list of addresses that are known as malicious. */
  list(...addresses: readonly string[]): Promise<void>
  /** Addresses and networks that the kernel holds. */
  blocked(): ReadonlySet<string>
  /** What a connection from an address of the client's namespace meets: `answered`, or `silence`. */
  reach(from: string): Promise<string>
  stop(): Promise<void>
}

export async function startSite(options: SiteOptions): Promise<Site> {
  const stack = new AsyncDisposableStack()
  try {
    return { ...(await assemble(stack, options)), stop: () => stack.disposeAsync() }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

async function assemble(
  stack: AsyncDisposableStack,
  { gateways, neverBlock, remediation }: SiteOptions,
): Promise<Omit<Site, 'stop'>> {
  const running = <T extends { stop(): unknown }>(server: T): T =>
    stack.adopt(server, async () => void (await server.stop()))
  const folder = await mkdtemp(join(tmpdir(), 'clawtrust-deliveries-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const ruleFile = await renderRules(folder, { failures_of_one_address: TOO_MANY })
  const network = stack.adopt(createNetwork(), ({ remove }) => Promise.resolve(remove()))
  const inside = (namespace: string, ...args: readonly string[]) =>
    startProcess('ip', ['netns', 'exec', namespace, process.execPath, ...args])
  const server = running(inside(network.gateway, echoProgram, 'serve', '::', PORT))
  await eventually('the server listens', async () => server.output().includes('listening') || undefined, { by: server })

  const never_block = { networks: [...neverBlock, `${network.gatewayAddress}/32`, `${network.gatewayAddress6}/128`] }
  const exporter = running(await startExporterOf(folder, gateways, never_block))

  const listFile = join(folder, 'known-attackers.netset')
  const list = (...addresses: readonly string[]) => writeFile(listFile, `203.0.113.7\n${addresses.join('\n')}\n`)
  await list()
  const provider = running(await startProvider())
  const chat = running(await startDestination({ status: 200, body: 'ok' }))
  const clock = new TurnedClock()
  clock.time = Date.now()
  stack.defer(stopAll)
  const service = await startRemediation(
    {
      mode: 'enforce',
      never_block,
      firewall: { command: [...network.nft], reconcile_interval: '1s' },
      enrichment: {
        // On a busy machine an answer takes its time.
        deadline: '1m',
        threat_intelligence: [
          { type: 'list', name: 'attackers', file: listFile },
          {
            type: 'http',
            name: 'provider',
            url: provider.url,
            allow_http: true,
            score: 'score',
            malicious_from: 50,
            budget: 10_000,
            timeout: '30s',
          },
        ],
      },
      destinations: [{ name: 'chat', template: 'slack', url: `${chat.url}/services/T0/B0/x` }],
      ...remediation,
    },
    { runNft: commandRunner(network.nft), turned: clock, fetch },
  )
  const alertmanager = async () => running(await startAlertmanager(`${service.url}alertmanager`, 'right', REPEAT))
  const alertmanagers = [await alertmanager(), await alertmanager()]
  const addresses = alertmanagers.map(({ url }) => new URL(url).host)
  running(
    await startPrometheus([{ job: 'clawtrust', address: exporter.address }], { ruleFile, alertmanagers: addresses }),
  )

  return {
    network,
    service,
    alertmanagers,
    provider,
    messages: chat.received,
    attack: (gateway, address, times = TOO_MANY) =>
      appendFile(join(folder, `${gateway}.log`), refusal(address).repeat(times)),
    list,
    blocked: () => new Set(blockSets.flatMap(set => network.elements(set).map(({ val }) => textOf(val)))),
    async reach(from) {
      const to = from.includes(':') ? network.gatewayAddress6 : network.gatewayAddress
      const client = running(inside(network.client, reachProgram, from, to, PORT))
      return eventually('the client has its answer', async () => client.output().trim() || undefined)
    },
  }
}

/** An exporter that reads one log for each gateway, and names all of many offenders. */
async function startExporterOf(folder: string, gateways: readonly string[], never_block: object) {
  for (const gateway of gateways) await writeFile(join(folder, `${gateway}.log`), '')
  const source = {
    type: 'file',
    name: 'nginx',
    gateway_pattern: '.*/(?<gateway>[a-z-]+)\\.log',
    paths: ['*.log'],
    start_at: 'beginning',
  }
  const config = join(folder, 'clawtrust.yml')
  // JSON is YAML.
  await writeFile(
    config,
    JSON.stringify({ exporter: { sources: [source], offenders: { k: 200 } }, remediation: { never_block } }),
  )
  return startExporter(['--config.file', config])
}

/** A line of deploy/nginx/log-format.conf about a webhook that was called without its token. */
function refusal(address: string): string {
  const line = {
    time: new Date().toISOString(),
    remote_addr: address,
    status: '401',
    upstream_status: '401',
    request: 'POST /hooks/agent HTTP/1.1',
    ssl_protocol: 'TLSv1.3',
    ssl_client_verify: 'NONE',
    server_name: 'openclaw.example.org',
    remote_user: '',
  }
  return `${JSON.stringify(line)}\n`
}

/** An address, or a network as nft lists it: `{"prefix": {"addr": "2001:db8::", "len": 64}}`. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  const { addr, len } = (value as { prefix: { addr: string; len: number } }).prefix
  return `${addr}/${len}`
}
