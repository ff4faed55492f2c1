import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { systemClock } from '../../../core/clock.ts'
import { parseTarget, type Target } from '../../../core/net/target.ts'
import { namespaceOf } from '../../../remediation/assemble.ts'
import { discoverNetworks } from '../../../remediation/enrichment/discovery.ts'
import { commandRunner } from '../../../remediation/steps/block/nft/command.ts'
import { createNftables } from '../../../remediation/steps/block/nft/nftables.ts'
import { createLogger } from '../../../service/log/logger.ts'
import {
  alert,
  deliver,
  message,
  startRemediation,
  stopAll,
  type TestService,
  until,
} from '../../remediation/service.ts'
import { withCommands } from '../../requirements.ts'
import { eventually } from '../servers/eventually.ts'
import { type RunningProcess, startProcess } from '../servers/process.ts'
import { createNetwork, type Network } from './namespace.ts'

const echo = fileURLToPath(new URL('./echo.child.ts', import.meta.url))
const PORT = '7007'
/** How long the playbook of that name blocks. */
const SHORT_MS = 2_000
/** How long nothing is decided after a block of the playbook `again`. */
const QUIET_MS = 3_000

/** What most firewalls begin with, in chains before and after ours. */
const acceptingEstablished = `table inet other {
  chain early { type filter hook input priority -150; ct state established,related counter accept; }
  chain input { type filter hook input priority 0; ct state established,related accept; }
  chain earlyforward { type filter hook forward priority -150; ct state established,related counter accept; }
  chain forward { type filter hook forward priority 0; ct state established,related accept; }
}
`

withCommands('nft', 'ip').describe('a client in a namespace of its own', () => {
  let network: Network
  let service: TestService
  const running: RunningProcess[] = []

  const inside = (namespace: string, ...args: string[]) => {
    const started = startProcess('ip', ['netns', 'exec', namespace, process.execPath, echo, ...args])
    running.push(started)
    return started
  }
  const ask = (address = network.gatewayAddress) => inside(network.client, 'ask', address, PORT)
  /** When each question was asked or answered, by its number. */
  const times = (client: RunningProcess, of: 'question' | 'answer') =>
    new Map(
      [...client.output().matchAll(new RegExp(`^${of} (\\d+) (\\d+)$`, 'gm'))].map(([, number, time]) => {
        return [Number(number), Number(time)] as const
      }),
    )
  const isAnswered = (client: RunningProcess) =>
    eventually('the client is answered', async () => times(client, 'answer').size > 0 || undefined, { by: client })

  /** Questions that a client asked since a time. */
  const askedSince = (client: RunningProcess, since: number) =>
    [...times(client, 'question')].filter(([, time]) => time > since).map(([number]) => number)
  const answeredSince = (client: RunningProcess, since: number) =>
    askedSince(client, since).filter(number => times(client, 'answer').has(number))
  const inTime = async (what: string, numbers: () => readonly number[]) =>
    eventually(what, async () => numbers().length >= 5 || undefined)

  /** Whatever these clients ask from now on has no answer, while somebody else is answered. */
  const areCutOff = async (...clients: readonly RunningProcess[]) => {
    const since = Date.now()
    const other = inside(network.server, 'ask', network.gatewayAddress, PORT)
    await inTime('somebody else is answered', () => answeredSince(other, since))
    for (const client of clients) await inTime('the client has asked', () => askedSince(client, since))
    await other.stop()
    expect(clients.flatMap(client => answeredSince(client, since))).toEqual([])
  }

  /** nft in the gateway's namespace, as another program uses it; gives what it printed. */
  const nft =
    (...args: string[]) =>
    (input: string) => {
      const [command = '', ...first] = network.nft
      return spawnSync(command, [...first, ...args], { input, encoding: 'utf8' }).stdout
    }

  const isThere = (address: string) => {
    try {
      return network.elements('block4').some(({ val }) => val === address)
    } catch {
      return false
    }
  }

  beforeAll(async () => {
    network = createNetwork()
    for (const [namespace, address] of [
      [network.gateway, network.gatewayAddress],
      [network.server, network.serverAddress],
    ] as const) {
      const server = inside(namespace, 'serve', address, PORT)
      await eventually('the server listens', async () => server.output().includes('listening') || undefined, {
        by: server,
      })
    }
    service = await startRemediation(
      {
        mode: 'enforce',
        soft_allow: '0s',
        firewall: { reconcile_interval: '1s' },
        playbooks: [
          { name: 'brute-force', steps: [{ type: 'block', ttl: ['24h'] }], cooldown: '0s' },
          { name: 'short', steps: [{ type: 'block', ttl: [`${SHORT_MS}ms`] }], cooldown: '0s' },
          {
            name: 'again',
            steps: [{ type: 'block', ttl: [`${SHORT_MS}ms`, '24h'] }],
            cooldown: '0s',
            alert_range: `${QUIET_MS}ms`,
          },
        ],
      },
      { runNft: commandRunner(network.nft), clock: systemClock },
    )
  }, 60_000)

  afterAll(async () => {
    await stopAll()
    for (const one of running) await one.stop()
    network?.remove()
  }, 60_000)

  it('has the addresses of the namespace of the firewall protected, which this process does not have', async () => {
    const command = namespaceOf(network.nft) ?? []
    const logger = createLogger({ destination: { write: () => true } })
    const found = await discoverNetworks([], { ip: commandRunner([...command, 'ip']), logger })
    const networks = found.filter(({ reason }) => reason.endsWith("in the firewall's namespace"))
    expect(networks.map(one => one.network)).toContain(network.gatewayAddress)
  })

  it('is cut off, its open connection too, for 24 hours by the kernel; and let in again by a person', async () => {
    const client = ask()
    await isAnswered(client)
    await deliver(service, message([alert(network.clientAddress)]))
    await until('the block is confirmed', () => service.ledger.blocks.get(network.clientAddress)?.state === 'applied')
    const [element] = network.elements('block4')
    expect(element?.val).toBe(network.clientAddress)
    // The set's default is 24 h, and nft leaves out a timeout that is the default.
    expect(element?.timeout ?? 86_400).toBe(86_400)
    expect(element?.expires).toBeGreaterThan(86_390)
    expect(element?.expires).toBeLessThanOrEqual(86_400)
    await areCutOff(client)
    await service.ledger.write(() => service.ledger.commands.add('unblock', network.clientAddress, 'alice'))
    await until('it is taken out', () => network.elements('block4').length === 0)
    await isAnswered(ask())
  }, 60_000)

  it('is cut off in connections that are open, to the gateway and through it, where another ruleset accepts established ones first', async () => {
    nft('-f', '-')(acceptingEstablished)
    const clients = [ask(), ask(network.serverAddress)]
    for (const client of clients) await isAnswered(client)
    const accepted = [...nft('list', 'table', 'inet', 'other')('').matchAll(/counter packets (\d+)/g)]
    expect(accepted.map(([, packets]) => Number(packets) > 0)).toEqual([true, true])
    await deliver(service, message([alert(network.clientAddress, { fingerprint: 'established' })]))
    await until('the block is confirmed', () => service.ledger.blocks.get(network.clientAddress)?.state === 'applied')
    await areCutOff(...clients)
    await service.ledger.write(() => service.ledger.commands.add('unblock', network.clientAddress, 'alice'))
    await until('it is taken out', () => network.elements('block4').length === 0)
    for (const address of [network.gatewayAddress, network.serverAddress]) await isAnswered(ask(address))
    nft('delete', 'table', 'inet', 'other')('')
  }, 60_000)

  it('is let in again by the kernel when its time is over, and the ledger knows', async () => {
    const labels = { playbook: 'short', source_ip: network.clientAddress }
    const client = ask()
    await isAnswered(client)
    const end = Date.now() + SHORT_MS
    await deliver(service, message([alert(network.clientAddress, { labels, fingerprint: 'short' })]))
    await until('the block is confirmed', () => service.ledger.blocks.get(network.clientAddress)?.state === 'applied')
    const since = Date.now()
    await inTime('the client has asked', () => askedSince(client, since))
    await until('the kernel has taken it out', () => network.elements('block4').length === 0)
    await until('the ledger knows', () => service.ledger.incidents.count('expired') === 1)
    await isAnswered(ask())
    const answers = times(client, 'answer')
    expect(askedSince(client, since).filter(number => (answers.get(number) ?? end) < end)).toEqual([])
  }, 60_000)

  it('is blocked again by the first delivery after the quiet time, and for longer, while its alert goes on firing', async () => {
    const address = '198.51.100.77'
    const labels = { playbook: 'again', source_ip: address }
    const repeat = () => deliver(service, message([alert(address, { labels, fingerprint: 'again' })]))
    const incidents = () => service.ledger.incidents.list([], 99).filter(({ playbook }) => playbook === 'again')
    await repeat()
    await until('the block is confirmed', () => service.ledger.blocks.get(address)?.state === 'applied')
    await until('the kernel has taken it out', () => !isThere(address))
    await until('the ledger knows', () => incidents()[0]?.state === 'expired')
    const [first] = incidents()
    await until('it is decided on again', async () => (await repeat()).ok && incidents().length === 2)
    const [, second] = incidents()
    expect(second?.facts).toMatchObject({ previous: first?.id, because: 'block_expired' })
    expect(second?.createdAt).toBeGreaterThanOrEqual((first?.facts.expiresAt ?? 0) + QUIET_MS)
    await until('the block is confirmed', () => service.ledger.blocks.get(address)?.state === 'applied')
    const element = network.elements('block4').find(({ val }) => val === address)
    expect(element?.comment).toBe(second?.id)
    expect(element?.expires).toBeGreaterThan(86_000)
    await service.ledger.write(() => service.ledger.commands.add('unblock', address, 'alice'))
    await until('it is taken out', () => !isThere(address))
  }, 60_000)

  it('is never cut off where it is protected, even by an element in the kernel', async () => {
    const nftables = createNftables(commandRunner(network.nft), { table: 'guarded', priority: -20 })
    const client = parseTarget(network.clientAddress) as Target
    expect(await nftables.prepare([client])).toMatchObject({ ok: true })
    const isListed = async () => {
      const listing = await nftables.list()
      return listing !== 'no answer' && listing?.elements.has(client.text)
    }
    const element = { target: client, seconds: 60, comment: 'by mistake' }
    expect(await nftables.upsert(element)).toMatchObject({ ok: true })
    expect(await isListed()).toBe(true)
    await isAnswered(ask())
    expect(await nftables.remove(client)).toMatchObject({ ok: true })
    expect(await isListed()).toBe(false)
  }, 60_000)

  it('survives that its table is deleted: table, never-block list and block are put back', async () => {
    await deliver(service, message([alert('198.51.100.9')]))
    await until('the block is confirmed', () => service.ledger.blocks.get('198.51.100.9')?.state === 'applied')
    nft('delete', 'table', 'inet', 'clawtrust')('')
    await until('it is put back', () => isThere('198.51.100.9'))
    expect(network.elements('allow4').length).toBeGreaterThan(5)
  }, 60_000)

  it.each([
    ['the whole ruleset is flushed', ['flush', 'ruleset']],
    ['only its set is flushed', ['flush', 'set', 'inet', 'clawtrust', 'block4']],
    ['only its rules are flushed', ['flush', 'chain', 'inet', 'clawtrust', 'input']],
    ['its never-block list is flushed', ['flush', 'set', 'inet', 'clawtrust', 'allow4']],
    ['its chains are deleted', ['delete', 'chain', 'inet', 'clawtrust', 'forward']],
  ])(
    'survives that %s',
    async (_, args) => {
      await deliver(service, message([alert('198.51.100.9')]))
      await until('the block is there', () => isThere('198.51.100.9'))
      if (args[0] === 'delete') nft('flush', 'chain', 'inet', 'clawtrust', 'forward')('')
      nft(...args)('')
      const rules = () => nft('list', 'table', 'inet', 'clawtrust')('').match(/saddr @/g)?.length
      await until('everything is put back', () => {
        return isThere('198.51.100.9') && rules() === 12 && network.elements('allow4').length > 5
      })
      expect(service.ledger.audit.verify()).toMatchObject({ ok: true })
    },
    60_000,
  )
})
