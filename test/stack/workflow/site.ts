import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createNetwork, type Network } from '../remediation/namespace.ts'
import { clawtrust } from '../servers/clawtrust.ts'
import type { KeyPair } from '../servers/client-certificates.ts'
import { eventually } from '../servers/eventually.ts'
import { startExporter } from '../servers/exporter.ts'
import { type Nginx, startNginx } from '../servers/nginx.ts'
import { startProcess } from '../servers/process.ts'
import { type Prometheus, startPrometheus } from '../servers/prometheus.ts'
import { startRemediationProcess } from '../servers/remediation.ts'
import { run } from '../servers/run.ts'
import { makeWebhookTrust, startShippedAlertmanager, type WebhookTrust } from '../servers/shipped-alertmanager.ts'
import { type Received, startDestination } from './destination.ts'
import { writeEvidence, writeRemediationConfig } from './remediation-config.ts'
import { renderRules } from './rules.ts'

const knockProgram = fileURLToPath(new URL('./knock.child.ts', import.meta.url))
const upstreamProgram = fileURLToPath(new URL('./upstream.child.ts', import.meta.url))

/** Where the shipped nginx configuration sends what it lets in. */
const UPSTREAM_PORT = 18_789
/** How long a client waits for an answer: an address that is blocked gets none. */
const PATIENCE_MS = 1_500
/** Failed handshakes of one address that the rules bear, in place of the shipped number. */
export const TOO_MANY = 3

/**
 * A site with everything joined: nginx and the firewall in a namespace; on this machine's loopback address two replicas
 * of the exporter, Prometheus, two Alertmanagers that know nothing of each other, and remediation.
 */
export interface Site {
  readonly network: Network
  readonly nginx: Nginx
  readonly prometheus: Prometheus
  readonly chat: readonly Received[]
  readonly tickets: readonly Received[]
  /** Requests one after the other, from an address of the client's namespace; gives what came back. */
  knock(from: string, times: number, certificate?: KeyPair): readonly string[]
  /** One of remediation's commands, to its end. */
  command(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }>
  /** From now on the playbook blocks for so long. */
  blockFor(ttl: string): Promise<void>
  stop(): Promise<void>
}

/** @param malicious what the list of threat intelligence holds */
export async function startSite(malicious: readonly string[]): Promise<Site> {
  const stack = new AsyncDisposableStack()
  try {
    return { ...(await assemble(stack, malicious)), stop: () => stack.disposeAsync() }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

async function assemble(stack: AsyncDisposableStack, malicious: readonly string[]): Promise<Omit<Site, 'stop'>> {
  const running = <T extends { stop(): unknown }>(server: T): T =>
    stack.adopt(server, async () => void (await server.stop()))
  const folder = await mkdtemp(join(tmpdir(), 'clawtrust-workflow-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const network = stack.adopt(createNetwork(), ({ remove }) => Promise.resolve(remove()))
  const nginx = await startDoor(network, running)

  const source = { type: 'file', name: 'nginx', gateway: 'gw-1', paths: ['openclaw-*.log'], start_at: 'beginning' }
  const exporterConfig = join(nginx.folder, 'clawtrust.yml')
  await writeFile(exporterConfig, JSON.stringify({ exporter: { sources: [source] } }))
  const exporter = async () => running(await startExporter(['--config.file', exporterConfig]))
  const exporters = [await exporter(), await exporter()]

  const chat = running(await startDestination({ status: 200, body: 'ok' }))
  const tickets = running(await startDestination({ status: 201, body: '{"key":"SEC-1"}' }))
  const trust = await makeWebhookTrust()
  stack.defer(() => rm(trust.folder, { recursive: true, force: true }))
  const configure = (ttl: string) =>
    writeRemediationConfig(folder, trust, network, { chat: chat.url, tickets: tickets.url }, ttl)
  await writeEvidence(folder, malicious)
  await configure('24h')
  const remediation = running(await startRemediationProcess(folder))
  const alertmanager = async () => running(await startShippedAlertmanager(trust, `${remediation.url}alertmanager`))
  const alertmanagers = [await alertmanager(), await alertmanager()]

  const targets = [
    ...exporters.map(({ address }) => ({ job: 'clawtrust', address })),
    { job: 'clawtrust-remediation', address: new URL(remediation.url).host, tls: clientOf(trust) },
  ]
  const ruleFile = await renderRules(folder, { handshakes_of_one_address: TOO_MANY })
  const prometheus = running(
    await startPrometheus(targets, { ruleFile, alertmanagers: alertmanagers.map(({ url }) => new URL(url).host) }),
  )
  return {
    network,
    nginx,
    prometheus,
    chat: chat.received,
    tickets: tickets.received,
    knock: (from, times, certificate) => knock(network, nginx, times, { from, certificate, patience: PATIENCE_MS }),
    command: (...args) => clawtrust(folder, ['remediation', ...args]),
    blockFor: async ttl => {
      await configure(ttl)
      remediation.process.signal('SIGHUP')
      const taken = async () => remediation.process.output().includes('Configuration reloaded.') || undefined
      await eventually('the configuration is reloaded', taken, { by: remediation.process })
    },
  }
}

/** nginx with the shipped configuration in the gateway's namespace, and what it leads to. */
async function startDoor(
  { gateway, gatewayAddress }: Network,
  running: <T extends { stop(): unknown }>(server: T) => T,
): Promise<Nginx> {
  const inside = ['netns', 'exec', gateway, process.execPath, upstreamProgram, String(UPSTREAM_PORT)]
  const upstream = running(startProcess('ip', inside))
  await eventually('the upstream listens', async () => upstream.output().includes('listening') || undefined, {
    by: upstream,
  })
  return running(await startNginx(UPSTREAM_PORT, { place: { namespace: gateway, host: gatewayAddress } }))
}

/** With the certificate of Alertmanager. */
const clientOf = ({ folder, authority }: WebhookTrust) => ({
  ca_file: authority.certificateFile,
  cert_file: join(folder, 'tls/alertmanager.pem'),
  key_file: join(folder, 'tls/alertmanager.key'),
})

function knock({ client }: Network, { host, port }: Nginx, times: number, how: object): readonly string[] {
  const args = [String(times), JSON.stringify({ host, port }), JSON.stringify(how)]
  return JSON.parse(run('ip', ['netns', 'exec', client, process.execPath, knockProgram, ...args], {}))
}
