import { networkInterfaces } from 'node:os'
import { expect, it } from '@jest/globals'
import { namespaceOf } from '../../../remediation/assemble.ts'
import { discoverNetworks } from '../../../remediation/enrichment/discovery.ts'
import { createLogger } from '../../../service/log/logger.ts'

it('finds what names and addresses stand for, each with the reason that it was asked for, and the addresses of this machine', async () => {
  const found = await discoverNetworks([
    { host: 'localhost', reason: 'address of destination chat' },
    { host: '192.0.2.7', reason: 'address of destination tickets' },
    { host: '2001:db8::7', reason: 'address of destination hook' },
    { host: 'a name that nobody has', reason: 'address of nobody' },
  ])
  expect(found).toContainEqual({ network: '192.0.2.7', reason: 'address of destination tickets' })
  expect(found).toContainEqual({ network: '2001:db8::7', reason: 'address of destination hook' })
  const local = found.filter(({ reason }) => reason === 'address of destination chat').map(({ network }) => network)
  expect(local.some(network => network === '127.0.0.1' || network === '::1')).toBe(true)
  expect(found.map(({ reason }) => reason)).not.toContain('address of nobody')
  for (const name of Object.keys(networkInterfaces())) {
    expect(found.map(({ reason }) => reason)).toContain(`own address on ${name}`)
  }
})

const logged: string[] = []
const logger = createLogger({ destination: { write: line => logged.push(line) } })

it('asks for own addresses in the namespace in which the firewall works, beside those of this process', async () => {
  const asked: (readonly string[])[] = []
  const links = [{ ifname: 'eth0', addr_info: [{ family: 'inet', local: '198.51.100.7' }, { local: '2001:db8::7' }] }]
  const ip = async (args: readonly string[]) => {
    asked.push(args)
    return { code: 0, stdout: JSON.stringify(links) }
  }
  const found = await discoverNetworks([], { ip, logger })
  const reason = "own address on eth0, in the firewall's namespace"
  expect(found).toContainEqual({ network: '198.51.100.7', reason })
  expect(found).toContainEqual({ network: '2001:db8::7', reason })
  expect(found.map(({ network }) => network)).toContain('127.0.0.1')
  expect(asked).toEqual([['-j', 'address']])
})

it.each([
  ['fails', { code: 1, stdout: '' }],
  ['answers something else', { code: 0, stdout: 'no JSON' }],
])('says that the addresses in the namespace are unknown where ip %s there', async (_, answer) => {
  logged.length = 0
  expect(await discoverNetworks([], { ip: async () => answer, logger })).not.toEqual([])
  expect(logged.join()).toContain('network namespace of firewall.command are unknown')
})

it.each([
  [['nft'], undefined],
  [['/usr/sbin/nft', '--debug', 'none'], undefined],
  [
    ['ip', 'netns', 'exec', 'gateway', 'nft'],
    ['ip', 'netns', 'exec', 'gateway'],
  ],
  [
    ['nsenter', '-t', '1', '-n', '/usr/sbin/nft', '-t'],
    ['nsenter', '-t', '1', '-n'],
  ],
])('takes from the command %j that nft runs by %j', (command, namespace) => {
  expect(namespaceOf(command)).toEqual(namespace)
})
