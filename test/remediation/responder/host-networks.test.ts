import { afterEach, describe, expect, it } from '@jest/globals'
import { DAY_MS, HOUR_MS } from '../../../core/clock.ts'
import { startRemediation, stopAll, type TestService, TurnedClock, temporaryFolder, until } from '../service.ts'
import { order, pass, repeat } from './repeated.ts'

afterEach(stopAll)

const steps = [{ type: 'block', ttl: ['1h', '6h'], reset_after: '7d' }]
const playbooks = [{ name: 'brute-force', steps }]

/** Two hosts of a network offend, then others of it, when the first ones are no longer in any window of the exporter. */
const families = [
  {
    family: 'IPv6',
    network: '2001:db8:1:2::/64',
    hosts: ['2001:db8:1:2::a', '2001:db8:1:2::b', '2001:db8:1:2:9::c', '2001:db8:1:2::d'],
    beside: '2001:db8:1:3::a',
    exporter: {},
    limits: {},
  },
  {
    family: 'IPv4',
    network: '198.51.100.0/24',
    hosts: ['198.51.100.1', '198.51.100.2', '198.51.100.250', '198.51.100.7'],
    beside: '198.51.101.1',
    exporter: { source_networks: { ipv4_prefix: 24, ipv6_prefix: 64 } },
    limits: { ipv4_prefix: 24 },
  },
] as const

const blocked = ({ kernel }: TestService) => [...kernel.elements.keys()].toSorted()

describe.each(families)('a network of $family of which hosts offend one after another', trial => {
  const { network, beside, exporter, limits } = trial
  const [first, second, third, fourth] = trial.hosts
  const start = (more: Record<string, unknown> = {}, place: { folder?: string; turned?: TurnedClock } = {}) =>
    startRemediation({ mode: 'enforce', playbooks, limits, ...more }, { exporter, ...place })
  const offend = async (service: TestService, host: string, pause = 2 * HOUR_MS) => {
    await repeat(service, [host], { fingerprint: host, startsAt: new Date(service.clock.now()).toISOString() })
    await pass(service, pause)
  }

  it('is blocked whole from the third host on, however long the pauses are, and after a restart', async () => {
    const folder = temporaryFolder()
    const turned = new TurnedClock()
    const service = await start({}, { folder, turned })
    await offend(service, first)
    expect(service.ledger.blocks.offences(first).count).toBe(1)
    await offend(service, beside)
    await offend(service, second, 3 * DAY_MS)
    expect(service.ledger.blocks.offences(network).count).toBe(0)
    await service.stop()
    const again = await start({}, { folder, turned })
    await offend(again, third, 0)
    await until('the network is blocked', () => again.kernel.elements.has(network))
    expect(blocked(again)).toEqual([network])
    const [incident] = again.ledger.incidents.list(['blocked'], 1)
    expect(incident).toMatchObject({ target: third, facts: { network, length: HOUR_MS } })
    await offend(again, fourth, 0)
    expect(again.ledger.incidents.list(['refused'], 9)).toMatchObject([
      { target: fourth, facts: { reason: 'already_blocked', detail: `${network} is blocked` } },
    ])
  })

  it('is blocked for longer the next time, and by host when the hosts have not offended for long', async () => {
    const service = await start()
    for (const host of [first, second, third, fourth]) await offend(service, host)
    expect(service.ledger.blocks.offences(network).count).toBe(2)
    expect(blocked(service)).toEqual([network])
    await pass(service, 8 * DAY_MS)
    service.kernel.elements.clear()
    await offend(service, first, 0)
    await until('the host is blocked', () => service.kernel.elements.has(first))
    expect(blocked(service)).toEqual([first])
  })

  it('is blocked by host where it contains a protected address, or must not be blocked', async () => {
    const service = await start({ never_block: { networks: [fourth] } })
    for (const host of [first, second, third]) await offend(service, host, 0)
    expect(blocked(service)).toEqual([first, second, third].toSorted())
    await stopAll()
    const narrow = await start({ limits: { ipv4_prefix: 32, ipv6_prefix: 128 } })
    for (const host of [first, second, third]) await offend(narrow, host, 0)
    expect(blocked(narrow)).toEqual([first, second, third].toSorted())
  })

  it('is blocked by host where a person left one of its hosts alone, and counted anew where it was the network', async () => {
    const service = await start()
    for (const host of [first, second]) await offend(service, host, 0)
    await order(service, 'unblock', first)
    await offend(service, third, 0)
    expect(blocked(service)).toEqual([second, third].toSorted())
    await stopAll()
    const other = await start()
    for (const host of [first, second, third]) await offend(other, host)
    expect(await order(other, 'unblock', `${network} for 1h`)).toContain('is not blocked')
    for (const host of [first, second, third]) await offend(other, host, 0)
    await order(other, 'unblock', `${network} for 1h`)
    await pass(other, 2 * HOUR_MS)
    await offend(other, fourth, 0)
    expect(blocked(other)).toEqual([fourth])
  })

  it('is proposed whole, and a rejection holds for its other hosts; what was proposed by host is approved by host', async () => {
    const service = await start({ mode: 'approve' })
    for (const host of [first, second]) await offend(service, host, 0)
    const idOf = (host: string) =>
      service.ledger.incidents.list(['proposed'], 9).find(({ target }) => target === host)?.id
    const early = idOf(first) ?? ''
    await offend(service, third, 0)
    const id = idOf(third) ?? ''
    expect(service.ledger.incidents.get(id)?.facts.network).toBe(network)
    await order(service, 'approve', early)
    expect(blocked(service)).toEqual([first])
    await order(service, 'reject', id)
    await offend(service, fourth, 0)
    expect(service.ledger.incidents.list([], 9).map(({ target }) => target)).not.toContain(fourth)
  })

  it('is blocked from as many hosts on as the exporter names it', async () => {
    const service = await startRemediation(
      { mode: 'enforce', playbooks, limits },
      { exporter: { ...exporter, offenders: { network_hosts: 2 } } },
    )
    await offend(service, first, 0)
    expect(blocked(service)).toEqual([first])
    await offend(service, second, 0)
    expect(blocked(service)).toEqual([network, first].toSorted())
  })
})

describe('hosts', () => {
  it('of IPv4 are networks of their own where nothing else is configured', async () => {
    const service = await startRemediation({ mode: 'enforce', playbooks, limits: { ipv4_prefix: 24 } })
    const hosts = ['198.51.100.1', '198.51.100.2', '198.51.100.3', '198.51.100.4']
    for (const host of hosts) await repeat(service, [host], { fingerprint: host })
    expect(blocked(service)).toEqual(hosts)
  })

  it('of a translator are clients of many networks', async () => {
    const config = { mode: 'enforce', playbooks, never_block: { private_ranges: false } }
    const service = await startRemediation(config, { exporter: { nat64_prefixes: ['2001:db8:64::/96'] } })
    const hosts = ['64:ff9b::', '2001:db8:64::'].flatMap(prefix => [1, 2, 3].map(host => `${prefix}198.51.100.${host}`))
    for (const host of hosts) await repeat(service, [host], { fingerprint: host })
    expect(blocked(service)).toHaveLength(hosts.length)
    expect(blocked(service).some(target => target.includes('/'))).toBe(false)
  })
})
