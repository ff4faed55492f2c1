import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HOUR_MS, MINUTE_MS } from '../../core/clock.ts'
import type { IncidentState } from '../../remediation/domain/incident.ts'
import type { CommandKind } from '../../remediation/store/commands.ts'
import { writeMmdb } from '../mmdb.ts'
import { MemoryKernel } from './kernel.ts'
import {
  alert,
  deliver,
  message,
  startRemediation,
  type TestService,
  TurnedClock,
  temporaryFolder,
  until,
} from './service.ts'

export interface Demonstration {
  readonly url: string
  readonly service: TestService
  /** A few more alerts, from addresses that were not seen before. */
  attack(): Promise<void>
  stop(): Promise<void>
}

/** How long the past is that was lived through, milliseconds. */
const PAST_MS = 26 * HOUR_MS
const DAY_S = 86_400

/**
 * The real service over a ledger in which everything that can happen has happened, for pictures, dashboards and looking
 * around: observed, proposed, enforced, expired, unblocked, rejected, lapsed and refused incidents; deliveries that
 * wait, went out and died; an open breaker. The past day was lived through on a turned clock, so that `/metrics` has a
 * sample of every series of `clawtrust_remediation_`. Nothing of this machine is touched: the firewall is a map in
 * memory, and receivers are functions.
 *
 * `const { url, attack, stop } = await startDemonstration()` in a test: each `attack()` lets a few more alerts come in,
 * so that rates are not zero. `node test/remediation/demonstration.ts [PORT]` serves it on loopback and attacks every
 * two seconds until it is interrupted.
 *
 * @param port of loopback; 0 for a free one
 * @param more keys of section `remediation` beside those of the demonstration
 */
export async function startDemonstration(port = 0, more: Record<string, unknown> = {}): Promise<Demonstration> {
  const folder = temporaryFolder()
  const file = join(folder, 'drop.netset')
  writeFileSync(file, '# addresses of attackers\n192.0.2.0/26\n203.0.113.64/26\n2001:db8:bad::/48\n')
  const countries = join(folder, 'country.mmdb')
  writeFileSync(countries, writeMmdb([198, 51, 100, 0], 24, 'AQ', Math.round(Date.now() / 1_000) - 2 * DAY_S))
  const turned = new TurnedClock()
  turned.time = Date.now() - PAST_MS
  const service = await startRemediation(
    { ...configuration(port, file, countries), ...more },
    {
      folder,
      turned,
      kernel: new MemoryKernel(turned),
      fetch: async url => answerOf(String(url)),
    },
  )
  const story = new Story(service)
  await liveThrough(story)
  return { url: service.url, service, attack: () => story.attack(), stop: service.stop }
}

const configuration = (port: number, file: string, countries: string) => ({
  listen_address: `127.0.0.1:${port}`,
  mode: 'enforce',
  external_url: 'https://clawtrust.example:9848/',
  limits: { per_minute: 8 },
  webhook: { bearer_token: 'right', max_body: '64KiB' },
  enrichment: {
    geoip_file: countries,
    threat_intelligence: [
      { type: 'list', name: 'drop', file },
      { type: 'http', name: 'cti', url: 'https://cti.example/{address}', score: 'score', malicious_from: 4 },
    ],
  },
  destinations: [
    { name: 'chat', template: 'slack', url: 'https://hooks.slack.example/secret' },
    { name: 'tickets', template: 'jira', url: 'https://jira.example', token: 'a:b', fields: { project: 'SEC' } },
    { name: 'ca', template: 'certificate-rotation', url: 'https://ca.example/rotate' },
  ],
  playbooks: [
    {
      name: 'privilege-upgrade',
      mode: 'approve',
      steps: [
        { type: 'block', ttl: ['4h'] },
        { type: 'request', destination: 'chat' },
      ],
    },
    { name: 'policy-denials', mode: 'observe', steps: [{ type: 'block', ttl: ['1h'] }] },
    { name: 'rotate-certificate', target_label: 'subject', steps: [{ type: 'request', destination: 'ca' }] },
  ],
})

/** The chat takes everything, tickets are refused for good, the authority is away. */
function answerOf(url: string): Response {
  const { hostname } = new URL(url)
  const answers: Readonly<Record<string, () => Response>> = {
    'hooks.slack.example': () => new Response('ok'),
    'cti.example': () => Response.json({ score: 1 }),
    'jira.example': () => new Response('{"errorMessages":["project SEC is archived"]}', { status: 400 }),
  }
  return (answers[hostname] ?? (() => new Response('', { status: 503 })))()
}

/** What the senders, operators and the clock do, each step until the service has done its part. */
class Story {
  readonly service: TestService
  #told = 0

  constructor(service: TestService) {
    this.service = service
  }

  /** Alerts that call one playbook, each delivered twice as by two Alertmanagers, until all are decided on. */
  async tell(playbook: string, addresses: readonly string[], more: Record<string, unknown> = {}): Promise<void> {
    const startsAt = new Date(this.service.clock.now()).toISOString()
    const alerts = addresses.map(address => {
      this.#told += 1
      const labels = {
        alertname: `Clawtrust ${playbook}`,
        playbook,
        source_ip: address,
        subject: address,
        gateway: 'edge-1',
      }
      return alert(address, { labels, startsAt, fingerprint: `demonstration-${this.#told}`, ...more })
    })
    for (let times = 0; times < 2; times++) await deliver(this.service, message(alerts))
    await until('all are decided on', () => this.count('received') + this.count('blocking') === 0)
  }

  async pass(milliseconds: number): Promise<void> {
    this.service.clock.pass(milliseconds)
    // Two ticks of what is done again and again.
    for (let times = 0; times < 2; times++) await this.service.tick()
  }

  async command(kind: CommandKind, argument: string, actor: string): Promise<void> {
    const { ledger } = this.service
    const id = await ledger.write(() => ledger.commands.add(kind, argument, actor))
    this.service.clock.pass(1_000)
    await until('the command is answered', () => ledger.commands.answerOf(id) !== undefined)
  }

  count(state: IncidentState): number {
    return this.service.ledger.incidents.count(state)
  }

  newest(state: IncidentState): string {
    return this.service.ledger.incidents.list([state], 1, true)[0]?.id ?? ''
  }

  async attack(): Promise<void> {
    const hosts = Array.from({ length: 3 }, (_, index) => `198.51.100.${100 + ((this.#told + index) % 150)}`)
    await this.tell('policy-denials', hosts)
    await this.tell('brute-force', hosts.slice(0, 1))
  }
}

async function liveThrough(story: Story): Promise<void> {
  const { service } = story
  await strangers(service)
  await story.tell('brute-force', ['198.51.100.7'])
  await story.pass(HOUR_MS + MINUTE_MS)
  await story.tell('brute-force', ['198.51.100.7', '198.51.100.23'])
  await story.command('unblock', '198.51.100.23', 'alice')
  await story.tell('brute-force', ['198.51.100.23'])
  await story.tell('privilege-upgrade', ['198.51.100.40'])
  await story.pass(6 * HOUR_MS)
  await story.tell('privilege-upgrade', ['198.51.100.41'])
  await story.command('reject', story.newest('proposed'), 'bob')
  await story.tell('rotate-certificate', ['CN=edge-1.example'])
  await story.pass(6 * HOUR_MS)
  await story.tell('mtls-unknown-source', ['192.0.2.10', '192.0.2.33', '203.0.113.70', '2001:db8:bad::7'])
  await story.tell('mtls-unknown-source', ['10.0.0.8', '203.0.113.99', '198.51.100.200', '2001:db8::/32'])
  await story.tell('mtls-unknown-source', ['192.0.2.10'])
  await story.tell('mtls-unknown-source', ['192.0.2.10'], { status: 'resolved' })
  await story.pass(10 * HOUR_MS)
  await story.tell('policy-denials', ['198.51.100.80', '198.51.100.81', '198.51.100.82'])
  await story.tell('privilege-upgrade', ['198.51.100.42'])
  await story.command('approve', story.newest('proposed'), 'alice')
  await story.tell('rotate-certificate', ['CN=edge-2.example'])
  await story.pass(PAST_MS - 23 * HOUR_MS - 20 * MINUTE_MS)
  await story.tell('privilege-upgrade', ['198.51.100.43'])
  await story.pass(6 * MINUTE_MS)
  await story.tell(
    'brute-force',
    // In networks of their own: addresses of one network count as one, and would not open the breaker.
    Array.from({ length: 11 }, (_, index) => `2001:db8:${50 + index}::7`),
  )
  service.kernel.flush()
  await story.pass(31_000)
}

/** Requests that are refused, and alerts that call nothing. */
async function strangers(service: TestService): Promise<void> {
  await deliver(service, message([]), { authorization: 'Bearer guessed' })
  await deliver(service, 'hello')
  await deliver(service, ' '.repeat(100_000))
  const unmatched = alert('192.0.2.1', { labels: { alertname: 'Other' } })
  const invalid = alert('192.0.2.1', { status: 'on fire' })
  await deliver(service, message([unmatched, invalid], { truncatedAlerts: 3 }))
}

if (import.meta.main) {
  const { url, attack } = await startDemonstration(Number(process.argv[2] ?? 0))
  process.stdout.write(`Open ${url}\n`)
  setInterval(attack, 2_000)
}
