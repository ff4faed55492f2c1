import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import { createRemediation, type LoadedRemediationConfig, type RemediationSetup } from '../../remediation/app.ts'
import { type RemediationConfig, type remediationSchema, remediationSchemaOf } from '../../remediation/config.ts'
import type { StepKind } from '../../remediation/contracts/step.ts'
import { systemTicker } from '../../remediation/scheduler.ts'
import { createStepRegistry, stepKinds } from '../../remediation/steps/registry.ts'
import { type Ledger, openLedgerBeside } from '../../remediation/store/ledger.ts'
import { webSchema } from '../../service/http/config.ts'
import { createLogger } from '../../service/log/logger.ts'
import { databaseFolder } from '../database-folder.ts'
import { MemoryKernel } from './kernel.ts'

/** A clock that runs, and that a test turns further: `pass` lets time pass, `time` lets the host's clock jump. */
export class TurnedClock implements Clock {
  time = Date.parse('2026-11-24T00:00:00Z')
  #passed = -performance.now()
  now = () => Math.round(this.time + this.monotonic())
  monotonic = () => this.#passed + performance.now()
  pass(milliseconds: number): void {
    this.#passed += milliseconds
  }
}

export interface SentRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

export interface TestService {
  readonly url: string
  readonly kernel: MemoryKernel
  readonly ledger: Ledger
  readonly clock: TurnedClock
  readonly sent: SentRequest[]
  readonly log: string[]
  readonly folder: string
  /** How receivers answer. */
  answer: () => Response | Promise<Response>
  metric(name: string): Promise<number>
  /** Does at once what is due, and resolves when it is done: what has not happened then does not happen. */
  tick(): Promise<void>
  stop(): Promise<void>
}

type WebInput = Parameters<typeof webSchema.parse>[0]
type Input = Parameters<typeof remediationSchema.parse>[0]

const stops: (() => Promise<void>)[] = []

/** For `afterEach`. */
export async function stopAll(): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop()
}

export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(databaseFolder(), 'clawtrust-remediation-'))
  stops.push(async () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

interface Surroundings {
  /** `web.allowed_hosts` of the same configuration. */
  readonly allowedHosts?: readonly string[]
  /** `web.roles` of the same configuration. */
  readonly roles?: Readonly<Record<string, unknown>>
  readonly folder?: string
  readonly turned?: TurnedClock
  readonly kernel?: MemoryKernel
  /** `exporter.sources` of the same configuration. */
  readonly sources?: LoadedRemediationConfig['config']['exporter']['sources']
  /** Other keys of `exporter`. */
  readonly exporter?: Partial<LoadedRemediationConfig['config']['exporter']>
}

/** A whole service with kernel, clock and receivers of the test's own. */
export async function startRemediation(
  input: Record<string, unknown> = {},
  overrides: Partial<RemediationSetup> & Surroundings = {},
): Promise<TestService> {
  const folder = overrides.folder ?? temporaryFolder()
  const { kernel = new MemoryKernel(), turned: clock = new TurnedClock(), sources = [] } = overrides
  const log: string[] = []
  const sent: SentRequest[] = []
  const kinds = [...Object.values<StepKind>(stepKinds), ...(overrides.moreSteps ?? []).map(({ kind }) => kind)]
  const schema = remediationSchemaOf(createStepRegistry(kinds)) as typeof remediationSchema
  const config: RemediationConfig = schema.parse({
    listen_address: '127.0.0.1:0',
    state_dir: join(folder, 'state'),
    webhook: { bearer_token: 'right' },
    ...input,
  } as Input)
  const web = webSchema.parse({ allowed_hosts: overrides.allowedHosts ?? [], roles: overrides.roles } as WebInput)
  const loaded = {
    config: {
      remediation: config,
      web,
      exporter: { trusted_proxies: ['203.0.113.99'], sources, ...overrides.exporter },
    },
  }
  const service: TestService = {
    url: '',
    kernel,
    clock,
    sent,
    log,
    folder,
    answer: () => new Response('{"key":"SEC-1","id":"1"}', { status: 201 }),
    ledger: undefined as unknown as Ledger,
    metric: async name => metricOf(await (await fetch(`${service.url}metrics`)).text(), name),
    stop: async () => {},
    tick: async () => tick(),
  }
  let tick = async () => {}
  const app = createRemediation(loaded, {
    version: '1.2.3',
    logger: createLogger({ destination: { write: line => log.push(line) } }),
    allowUnauthenticated: false,
    loadConfig: async () => loaded,
    runNft: kernel.run,
    clock,
    random: () => 0.5,
    discoverNetworks: async () => [{ network: '203.0.113.50', reason: 'own address on eth0' }],
    environment: {},
    ticker: own => {
      tick = own
      return systemTicker(own)
    },
    fetch: async (url, init) => {
      sent.push({
        url: String(url),
        headers: (init?.headers ?? {}) as Record<string, string>,
        body: JSON.parse(String(init?.body ?? 'null')),
      })
      return service.answer()
    },
    ...overrides,
  })
  const { url } = await app.start()
  const ledger = openLedgerBeside(config.state_dir)
  let stopped = false
  const stop = async () => {
    if (stopped) return
    stopped = true
    await ledger.close()
    await app.stop()
  }
  stops.push(stop)
  return Object.assign(service, { url, ledger, stop })
}

function metricOf(text: string, name: string): number {
  const line = text
    .split('\n')
    .find(line => line.startsWith(`${name} `) || (line.startsWith(`${name}{`) && line.includes(name)))
  return Number(line?.split(' ').at(-1) ?? Number.NaN)
}

/** Alertmanager's message as it is delivered. */
export function message(alerts: readonly Record<string, unknown>[], more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    receiver: 'clawtrust',
    status: 'firing',
    alerts,
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager',
    version: '4',
    groupKey: '{}:{}',
    truncatedAlerts: 0,
    ...more,
  })
}

export function alert(address: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    status: 'firing',
    labels: { alertname: 'BruteForce', playbook: 'brute-force', source_ip: address },
    annotations: { summary: 'many failures' },
    startsAt: '2026-11-24T00:00:00Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus/graph',
    fingerprint: `f${address}`,
    ...more,
  }
}

export async function deliver(
  service: Pick<TestService, 'url'>,
  body: string | Buffer,
  headers: Record<string, string> = {},
) {
  return fetch(`${service.url}alertmanager`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer right', ...headers },
    body: body as string,
  })
}

/** Waits for what the service does in its own time. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
  const end = performance.now() + limitMs
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited in vain until ${what}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
