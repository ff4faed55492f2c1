import { randomUUID } from 'node:crypto'
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { answersAt, eventually } from '../servers/eventually.ts'
import { freePort, type RunningProcess, startProcess } from '../servers/process.ts'

const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url))

/** Ports of the gateway, and what the candidate below says of them. */
const answers = { 18789: 'allow', 9200: 'deny', 4318: 'unknown' } as const
type Port = keyof typeof answers
const ports = Object.keys(answers).map(Number) as Port[]

/** No flow has the posture of a device. */
const policyNamed = (name: string) => `policy ${name}
zone agents
  members: namespace=agents
allow to-gateway
  from: zone=agents
  to: any:18789
  protocol: tcp
allow trusted-devices-to-collector
  from: zone=agents
  to: any:4318
  protocol: tcp
  condition: device-posture=trusted
`

const FIRST_PORT = 20_000

let folder: string
let address: string
let running: RunningProcess | undefined
const written = { 18789: 0, 9200: 0, 4318: 0 }

async function start(): Promise<void> {
  running = startProcess(process.execPath, [main, 'exporter'], { cwd: folder })
  await answersAt(`http://${address}/-/healthy`, running)
}

async function kill(): Promise<void> {
  running?.signal('SIGKILL')
  await running?.drained()
}

/** Appends flows to the ports in turn, as the Hubble exporter writes them. */
async function write(flows: number): Promise<void> {
  let text = ''
  for (let number = 0; number < flows; number++) {
    const port = ports[number % ports.length] as Port
    written[port] += 1
    text += `${flowTo(port)}\n`
  }
  await appendFile(join(folder, 'hubble.log'), text)
}

/** Each flow is a connection of its own: of two ends with the same ports, one is reported again. */
function flowTo(port: Port): string {
  const sourcePort = FIRST_PORT + ports.reduce((sum, each) => sum + written[each], 0)
  const time = new Date().toISOString()
  const end = (namespace: string, app: string) => ({
    // Below 256 are reserved ones, at which no other end reports the flow: it counts at once.
    identity: 100,
    namespace,
    labels: [`k8s:app=${app}`, `k8s:io.kubernetes.pod.namespace=${namespace}`],
  })
  return JSON.stringify({
    time,
    flow: {
      time,
      uuid: randomUUID(),
      verdict: 'FORWARDED',
      IP: { source: '192.0.2.31', destination: '192.0.2.10', ipVersion: 'IPv4' },
      l4: { TCP: { source_port: sourcePort, destination_port: port, flags: { SYN: true } } },
      source: end('agents', 'agent-controller'),
      destination: end('openclaw', 'gateway'),
      event_type: { type: 5 },
      traffic_direction: 'INGRESS',
      is_reply: false,
      node_name: 'worker-1',
    },
    node_name: 'worker-1',
  })
}

/** Decisions that are exposed, by policy and decision. */
async function exposed(policy: string): Promise<Readonly<Record<string, number>>> {
  const text = await (await fetch(`http://${address}/metrics`)).text()
  const counted: Record<string, number> = {}
  const series = new RegExp(
    `^clawtrust_policy_shadow_decisions_total\\{.*policy="${policy}",decision="(\\w+)".*\\} (\\d+)$`,
    'gm',
  )
  for (const [, decision = '', count] of text.matchAll(series))
    counted[decision] = (counted[decision] ?? 0) + Number(count)
  return counted
}

const expected = (counts: Readonly<Record<Port, number>>) =>
  Object.fromEntries(ports.map(port => [answers[port], counts[port]]))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clawtrust-candidate-'))
  address = `127.0.0.1:${await freePort()}`
  await writeFile(join(folder, 'hubble.log'), '')
  await writeFile(join(folder, 'candidate.policy'), policyNamed('first'))
  await writeFile(
    join(folder, 'clawtrust.yml'),
    `exporter: {listen_address: '${address}', sources: [{type: file, name: hubble, paths: [hubble.log]}]}
policy: {shadow: [{file: candidate.policy}]}
`,
  )
  await start()
}, 60_000)

afterAll(async () => {
  await running?.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('a candidate policy of a running exporter', () => {
  it('decides on each flow once, as the evaluator does, through kill -9', async () => {
    for (const flows of [300, 3_000, 30_000]) {
      await write(flows)
      await kill()
      await start()
    }
    await write(30)
    await eventually('all flows are counted', async () => (await exposed('first')).deny === written[9200] || undefined)
    expect(await exposed('first')).toEqual(expected(written))
  }, 120_000)

  it('is exchanged by a reload, unless the new one has an error, and its counters stay', async () => {
    await writeFile(join(folder, 'candidate.policy'), 'policy second\nalow from: any\n  to: any\n')
    running?.signal('SIGHUP')
    await eventually(
      'the reload is refused',
      async () => running?.output().includes('candidate.policy:2:') || undefined,
    )
    const before = { ...written }
    await write(3)
    await eventually('they are counted', async () => (await exposed('first')).deny === written[9200] || undefined)
    await writeFile(join(folder, 'candidate.policy'), policyNamed('second'))
    running?.signal('SIGHUP')
    await eventually('the reload is done', async () => /reloaded/i.test(running?.output() ?? '') || undefined)
    const first = expected(written)
    await write(300)
    const after = Object.fromEntries(ports.map(port => [port, written[port] - before[port] - 1])) as typeof written
    await eventually('they are counted', async () => (await exposed('second')).deny === after[9200] || undefined)
    expect([await exposed('first'), await exposed('second')]).toEqual([first, expected(after)])
  }, 60_000)
})
