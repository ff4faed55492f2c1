import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { nftables } from '../../../policy/compile/nftables/target.ts'
import { createEvaluator } from '../../../policy/decide/evaluator.ts'
import type { ResolvedPolicy } from '../../../policy/language/resolved.ts'
import { policy } from '../../policy/fixtures.ts'
import { withCommands } from '../../requirements.ts'
import { addressPolicies, ports, probes } from './address-policies.ts'
import type { Probe } from './probe.ts'
import { createRoutedNetwork, type RoutedNetwork } from './routed-network.ts'

const today = '2026-11-30'
/** The flow that is established before the first policy: what is sent on it last arrives last. */
const MARKS = { port: 7_999, source: '192.0.2.1', destination: '203.0.113.1' } as const
const PROBES = 6
const LIMIT_MS = 30_000

const serverScript = fileURLToPath(new URL('./server.child.ts', import.meta.url))
const clientScript = fileURLToPath(new URL('./client.child.ts', import.meta.url))

/** A program in a namespace, and the lines that it says. */
class Child {
  readonly said = new Set<string>()
  readonly #process: ChildProcessWithoutNullStreams
  readonly #waiting = new Set<() => void>()
  #errors = ''

  constructor(namespace: string, ...args: readonly string[]) {
    this.#process = spawn('ip', ['netns', 'exec', namespace, process.execPath, ...args])
    createInterface({ input: this.#process.stdout }).on('line', line => {
      this.said.add(line)
      for (const look of this.#waiting) look()
    })
    this.#process.stderr.setEncoding('utf8').on('data', text => {
      this.#errors += text
    })
  }

  ask(line: string): void {
    this.#process.stdin.write(`${line}\n`)
  }

  /** @throws where it does not say all of them in time */
  async says(...texts: readonly string[]): Promise<void> {
    const missing = () => texts.filter(text => !this.said.has(text))
    await new Promise<void>((resolve, reject) => {
      const end = (error?: Error) => {
        clearTimeout(timer)
        this.#waiting.delete(look)
        if (error === undefined) resolve()
        else reject(error)
      }
      const look = () => {
        if (missing().length === 0) end()
      }
      const timer = setTimeout(
        () => end(new Error(`${missing().join(', ')} did not arrive. ${this.#errors}`)),
        LIMIT_MS,
      )
      this.#waiting.add(look)
      look()
    })
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const ended = once(this.#process, 'exit')
    this.#process.kill()
    await ended
  }
}

interface Refused {
  readonly probe: Probe
  readonly ruleset: string
}

withCommands('nft', 'ip').describe('a policy that is compiled for nftables', () => {
  let network: RoutedNetwork
  let server: Child
  let client: Child
  let probed = 0

  beforeAll(async () => {
    network = createRoutedNetwork()
    server = new Child(network.servers, serverScript, ...[...ports, MARKS.port].map(String))
    await server.says('listening')
    client = new Child(network.clients, clientScript, MARKS.source, MARKS.destination, String(MARKS.port))
    await client.says('answered first')
  }, 60_000)

  afterEach(() => {
    // A table that is not there cannot be deleted.
    const removal = 'table inet clawtrust_policy\ndelete table inet clawtrust_policy\n'
    for (const namespace of [network.gateway, network.servers]) network.load(namespace, removal)
  })

  afterAll(async () => {
    await client?.stop()
    await server?.stop()
    network?.remove()
  }, 60_000)

  /** Loads a policy and tries connections. @returns how many arrived, as the evaluator says, and those that must not */
  async function tryOut(namespace: string, one: ResolvedPolicy, several: readonly Omit<Probe, 'text'>[]) {
    const { text: ruleset, losses } = nftables.compile(one, { isStaged: false, namespace: '', today })
    expect(losses.filter(({ part }) => part !== 'scope')).toEqual([])
    network.load(namespace, ruleset)
    const { decide } = createEvaluator(one, { today })
    const named = several.map((probe): Probe => ({ ...probe, text: `probe-${++probed}` }))
    const { allow = [], deny = [] } = Object.groupBy(
      named,
      ({ source, destination, port, transport }) =>
        decide({ source: { address: source }, destination: { address: destination }, port, transport }).answer,
    )
    client.ask(JSON.stringify({ probes: named, last: `last-${probed}` }))
    try {
      await server.says(`last-${probed}`, ...allow.map(({ text }) => text))
    } catch (error) {
      throw new Error(`refused, of ${JSON.stringify(allow)}:\n${ruleset}`, { cause: error })
    }
    // Before the next policy is there: a segment that is not answered is sent again after a second.
    client.ask(`end-${probed}`)
    await client.says(`end-${probed}`)
    expect(allow.length + deny.length).toBe(named.length)
    return { arrived: allow.length, refused: deny.map((probe): Refused => ({ probe, ruleset })) }
  }

  it.each([
    { place: 'on the gateway', namespace: () => network.gateway, policies: 500 },
    { place: 'on the machine that is the destination', namespace: () => network.servers, policies: 60 },
  ])(
    '$place lets pass and refuses real connections as the evaluator says, for $policies random policies',
    async ({ namespace, policies }) => {
      const seed = Date.now() % 2 ** 31
      const several = fc.array(probes, { minLength: PROBES, maxLength: PROBES })
      const refused: Refused[] = []
      let arrived = 0
      for (const [one, those] of fc.sample(fc.tuple(addressPolicies, several), { numRuns: policies, seed })) {
        const tried = await tryOut(namespace(), one, those)
        arrived += tried.arrived
        refused.push(...tried.refused)
      }
      const leaked = refused.filter(({ probe }) => server.said.has(probe.text))
      expect({ seed, leaked }).toEqual({ seed, leaked: [] })
      // The cases are worth something.
      expect(arrived).toBeGreaterThan((policies * PROBES) / 20)
      expect(refused.length).toBeGreaterThan((policies * PROBES) / 20)
    },
    300_000,
  )

  it('is loaded again in its own place, and in its staged form lets everything pass', async () => {
    const { text } = nftables.compile(policy({}), { isStaged: true, namespace: '', today })
    network.load(network.gateway, text)
    network.load(network.gateway, text)
    const probe: Probe = {
      text: 'staged',
      source: '192.0.2.2',
      destination: '203.0.113.2',
      port: 7_001,
      transport: 'tcp',
    }
    client.ask(JSON.stringify({ probes: [probe], last: 'last-staged' }))
    await server.says('staged')
  }, 60_000)
})
