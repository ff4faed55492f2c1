import { afterEach, describe, expect, it } from '@jest/globals'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { parseTarget, type Target } from '../../../core/net/target.ts'
import { Allowlist } from '../../../remediation/decision/allowlist.ts'
import { neverBlockSchema } from '../../../remediation/decision/config.ts'
import type { ProtectedHost, ProtectedNetwork } from '../../../remediation/domain/protected.ts'
import { createLogger } from '../../../service/log/logger.ts'
import { alert, deliver, message, startRemediation, stopAll, TurnedClock, until } from '../service.ts'

afterEach(stopAll)

const chat: ProtectedHost = { host: 'hooks.example', reason: 'address of destination chat' }

function around() {
  const clock = new TurnedClock()
  const log: string[] = []
  const state = { addresses: ['198.51.100.1'], own: [] as string[] }
  const list = new Allowlist({
    config: neverBlockSchema.parse({}),
    trustedProxies: [],
    find: async hosts => [
      ...state.own.map(network => ({ network, reason: 'own address on eth1' })),
      ...state.addresses.flatMap(network => hosts.map(({ reason }) => ({ network, reason }))),
    ],
    clock,
    logger: createLogger({ destination: { write: line => log.push(line) } }),
  })
  list.protect([chat])
  const refusal = (address: string) => list.list.matchingProtection(parseTarget(address) as Target)?.reason
  return { clock, log, state, list, refusal }
}

describe('the never-block list in force', () => {
  it('protects what names stand for now, with the reason that the name was given for', async () => {
    const { clock, state, list, refusal } = around()
    expect(await list.refresh()).toBe(true)
    expect(refusal('198.51.100.1')).toBe('address of destination chat')
    state.addresses = ['198.51.100.2']
    expect(await list.refresh()).toBe(false)
    expect(refusal('198.51.100.2')).toBeUndefined()
    clock.pass(6 * MINUTE_MS)
    expect(await list.refresh()).toBe(true)
    expect(refusal('198.51.100.2')).toBe('address of destination chat')
  })

  it('keeps for a day what a name no longer stands for, and not longer', async () => {
    const { clock, state, list, refusal } = around()
    await list.refresh()
    state.addresses = ['198.51.100.2']
    clock.pass(23 * HOUR_MS)
    await list.refresh()
    expect(refusal('198.51.100.1')).toBeDefined()
    clock.pass(2 * HOUR_MS)
    expect(await list.refresh()).toBe(true)
    expect(refusal('198.51.100.1')).toBeUndefined()
    expect(refusal('198.51.100.2')).toBeDefined()
  })

  it('is not filled by a name with ever new addresses: those of this machine are protected, and the log says so once', async () => {
    const { clock, log, state, list } = around()
    for (let hour = 0; hour < 3; hour++) {
      state.addresses = Array.from({ length: 600 }, (_, at) => `2001:db8:${hour}::${at.toString(16)}`)
      await list.refresh()
      clock.pass(HOUR_MS)
    }
    expect(log.filter(line => line.includes('too many addresses'))).toHaveLength(1)
    state.own = ['198.51.100.77']
    expect(await list.refresh()).toBe(true)
    expect(list.list.matchingProtection(parseTarget('198.51.100.77') as Target)?.reason).toBe('own address on eth1')
  })

  it('keeps for good what a name stood for that answers no more', async () => {
    const { clock, state, list, refusal } = around()
    await list.refresh()
    state.addresses = []
    clock.pass(3 * DAY_MS)
    expect(await list.refresh()).toBe(false)
    expect(refusal('198.51.100.1')).toBeDefined()
  })

  it('looks again after a minute where a name has no address, as while the resolver is away at the start', async () => {
    const { clock, state, list, refusal } = around()
    state.addresses = []
    await list.refresh()
    state.addresses = ['198.51.100.1']
    expect(await list.refresh()).toBe(false)
    clock.pass(MINUTE_MS)
    expect(await list.refresh()).toBe(true)
    expect(refusal('198.51.100.1')).toBeDefined()
  })

  it('says once that a name has no address', async () => {
    const { clock, log, state, list } = around()
    state.addresses = []
    await list.refresh()
    clock.pass(6 * MINUTE_MS)
    await list.refresh()
    expect(log.filter(line => line.includes('has no address'))).toEqual([
      expect.stringContaining('address of destination chat'),
    ])
  })
})

describe('whom the service talks to', () => {
  const destinations = [{ name: 'chat', template: 'slack', url: 'https://hooks.slack.example/secret' }]
  const threat_intelligence = [
    { type: 'http', name: 'cti', url: 'https://cti.example/{address}', score: 'score', malicious_from: 3 },
  ]
  const addresses = new Map([
    ['hooks.slack.example', '198.51.100.1'],
    ['cti.example', '198.51.100.2'],
  ])
  const discoverNetworks = async (hosts: readonly ProtectedHost[]): Promise<readonly ProtectedNetwork[]> =>
    hosts.flatMap(({ host, reason }) => {
      const network = addresses.get(host)
      return network === undefined ? [] : [{ network, reason }]
    })

  it('is never blocked, in the decision, which names it, and again in the firewall', async () => {
    const enrichment = { threat_intelligence }
    const service = await startRemediation({ mode: 'enforce', destinations, enrichment }, { discoverNetworks })
    expect(service.kernel.allowed).toEqual(expect.arrayContaining([...addresses.values()]))
    await deliver(service, message([...addresses.values()].map(address => alert(address))))
    await until('both are refused', () => service.ledger.incidents.count('refused') === 2)
    const details = service.ledger.incidents.list(['refused'], 9).map(({ facts }) => facts.detail)
    expect(details.sort()).toEqual([
      '198.51.100.1 is never blocked: address of destination chat',
      '198.51.100.2 is never blocked: address of threat intelligence cti',
    ])
    expect(JSON.stringify(details) + service.log.join('')).not.toContain('hooks.slack.example')
  })

  it('is let go where it was blocked before its name stood for it, and that is no drift', async () => {
    const known = new Map<string, string>()
    const service = await startRemediation(
      { mode: 'enforce', destinations },
      {
        discoverNetworks: async hosts =>
          hosts.flatMap(({ host, reason }) => [
            ...(known.has(host) ? [{ network: known.get(host) ?? '', reason }] : []),
          ]),
      },
    )
    await deliver(service, message([alert('198.51.100.7')]))
    await until('it is blocked', () => service.ledger.incidents.count('blocked') === 1)
    known.set('hooks.slack.example', '198.51.100.7')
    service.clock.pass(6 * MINUTE_MS)
    await until('it is let go', () => service.ledger.incidents.count('unblocked') === 1)
    await service.tick()
    expect(service.kernel.elements.has('198.51.100.7')).toBe(false)
    expect(service.kernel.allowed).toContain('198.51.100.7')
    expect(await service.metric('clawtrust_remediation_firewall_drift')).toBe(0)
    expect(JSON.stringify(service.ledger.audit.page(0, 99))).not.toContain('differed')
  })
})
