import { describe, expect, it } from '@jest/globals'
import { configSchema } from '../../cli/config-schema.ts'
import { nameableNetworks } from '../../cli/nameable-networks.ts'
import type { DiscoverNetworks } from '../../remediation/decision/allowlist.ts'
import { createLogger } from '../../service/log/logger.ts'

const MINUTE = 60_000

/** The networks that may be named whole by a configuration, on a machine with these addresses. */
async function nameable(
  input: Parameters<typeof configSchema.parse>[0] & object,
  own: string[] = [],
  overrides: { readonly find?: DiscoverNetworks } = {},
) {
  const clock = { time: 0, now: () => 0, monotonic: () => clock.time }
  const log: string[] = []
  const mayBeNamedWhole = await nameableNetworks(configSchema.parse(input), {
    find: async () => own.map(network => ({ network, reason: 'own address on eth0' })),
    clock,
    logger: createLogger({ destination: { write: line => log.push(line) } }),
    ...overrides,
  })
  return { mayBeNamedWhole, clock, log }
}

describe('a network', () => {
  it('may be named whole where nothing in it is protected', async () => {
    const { mayBeNamedWhole } = await nameable({})
    expect(['2001:db8:1:2::/64', '192.0.2.1', '203.0.113.9'].map(mayBeNamedWhole)).toEqual([true, true, true])
  })

  it.each([
    ['a trusted proxy', { exporter: { trusted_proxies: ['2001:db8:1:2::5'] } }, []],
    ['a network of never_block', { remediation: { never_block: { networks: ['2001:db8:1:2:3::/80'] } } }, []],
    ['an address of the machine', {}, ['2001:db8:1:2::7']],
  ])('may not be named whole where it contains %s', async (_, input, own) => {
    const { mayBeNamedWhole } = await nameable(input, own)
    expect(['2001:db8:1:2::/64', '2001:db8:1:3::/64'].map(mayBeNamedWhole)).toEqual([false, true])
  })

  it('may not be named whole where an address in it embeds a protected one', async () => {
    const nat64 = { exporter: { trusted_proxies: ['203.0.113.9'], nat64_prefixes: ['2001:db8:64::/48'] } }
    const { mayBeNamedWhole } = await nameable({ ...nat64, remediation: { limits: { ipv6_prefix: 16 } } })
    expect(['2001:db8:64::/48', '2002::/16', '2001:db8:65::/48'].map(mayBeNamedWhole)).toEqual([false, false, true])
  })

  it('may be named whole where it is protected as a whole: no host of it can be blocked', async () => {
    const { mayBeNamedWhole } = await nameable({ remediation: { never_block: { networks: ['2001:db8::/32'] } } })
    expect(['2001:db8:1:2::/64', 'fd00:1:2:3::/64'].map(mayBeNamedWhole)).toEqual([true, true])
  })

  it('may not be named whole where it is wider than what remediation may block', async () => {
    const narrow = await nameable({})
    expect(['2001:db8:1::/56', '198.51.100.0/24'].map(narrow.mayBeNamedWhole)).toEqual([false, false])
    const wide = await nameable({ remediation: { limits: { ipv4_prefix: 24, ipv6_prefix: 56 } } })
    expect(['2001:db8:1::/56', '198.51.100.0/24'].map(wide.mayBeNamedWhole)).toEqual([true, true])
  })

  it('follows the addresses of the machine, which are looked up every five minutes', async () => {
    const own: string[] = []
    const { mayBeNamedWhole, clock } = await nameable({}, own)
    expect(mayBeNamedWhole('2001:db8:1:2::/64')).toBe(true)
    own.push('2001:db8:1:2::7')
    clock.time += 5 * MINUTE
    mayBeNamedWhole('2001:db8:1:2::/64')
    await new Promise(setImmediate)
    expect(mayBeNamedWhole('2001:db8:1:2::/64')).toBe(false)
  })

  it('is named by what is configured where the machine cannot be asked, which is logged', async () => {
    const find = () => Promise.reject(new Error('no interfaces'))
    const exporter = { trusted_proxies: ['2001:db8:1:2::5'] }
    const { mayBeNamedWhole, log } = await nameable({ exporter }, [], { find })
    expect(mayBeNamedWhole('2001:db8:1:2::/64')).toBe(false)
    expect(log.join('')).toContain('The protected addresses could not be looked up.')
  })
})
