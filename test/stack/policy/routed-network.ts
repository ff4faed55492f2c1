import { spawnSync } from 'node:child_process'
import { run } from '../servers/run.ts'

/** Two namespaces with several addresses each, and a gateway between them that forwards. */
export interface RoutedNetwork {
  readonly clients: string
  readonly gateway: string
  readonly servers: string
  /** Puts a ruleset in place in one of the namespaces. */
  load(namespace: string, ruleset: string): void
  remove(): void
}

/** Documentation ranges. */
export const clientAddresses = ['192.0.2.1', '192.0.2.2', '192.0.2.129', '2001:db8:1::1', '2001:db8:1:8000::1'] as const
export const serverAddresses = [
  '203.0.113.1',
  '203.0.113.2',
  '203.0.113.130',
  '2001:db8:9::1',
  '2001:db8:9:8000::1',
] as const

const sides = {
  clients: { addresses: clientAddresses, ways: ['192.0.2.254', '2001:db8:1::fe'], link: 'inside' },
  servers: { addresses: serverAddresses, ways: ['203.0.113.254', '2001:db8:9::fe'], link: 'behind' },
} as const

/** Counts only; what it is for is that connections are tracked before a policy is there, and while it is replaced. */
const tracking = `table inet tracking {
  chain forward { type filter hook forward priority -200; ct state established counter; }
  chain input { type filter hook input priority -200; ct state established counter; }
}
`

export function createRoutedNetwork(): RoutedNetwork {
  const name = `cp${process.pid % 100_000}`
  const gateway = `${name}g`
  const names = { clients: `${name}c`, servers: `${name}s` }
  const remove = () => {
    for (const namespace of [gateway, ...Object.values(names)]) spawnSync('ip', ['netns', 'del', namespace])
  }
  const ip = (...args: readonly string[]) => run('ip', args, {})
  const load = (namespace: string, ruleset: string) => {
    run('ip', ['netns', 'exec', namespace, 'nft', '-f', '-'], { input: ruleset })
  }
  /** Without duplicate address detection, for which an IPv6 address waits a second. */
  const up = (namespace: string, device: string, addresses: readonly string[]) => {
    for (const address of addresses) {
      const length = address.includes(':') ? ['48', 'nodad'] : ['24']
      ip('-n', namespace, 'addr', 'add', `${address}/${length[0]}`, 'dev', device, ...length.slice(1))
    }
    ip('-n', namespace, 'link', 'set', device, 'up')
  }
  try {
    for (const namespace of [gateway, ...Object.values(names)]) {
      ip('netns', 'add', namespace)
      ip('-n', namespace, 'link', 'set', 'lo', 'up')
    }
    const forwarding = ['ipv4/ip_forward', 'ipv6/conf/all/forwarding'].map(key => `echo 1 > /proc/sys/net/${key}`)
    ip('netns', 'exec', gateway, 'sh', '-c', forwarding.join('; '))
    for (const side of ['clients', 'servers'] as const) {
      const { addresses, ways, link } = sides[side]
      ip('-n', gateway, 'link', 'add', link, 'type', 'veth', 'peer', 'name', 'out', 'netns', names[side])
      up(gateway, link, ways)
      up(names[side], 'out', addresses)
      for (const way of ways) ip('-n', names[side], 'route', 'add', 'default', 'via', way, 'dev', 'out')
    }
    for (const namespace of [gateway, names.servers]) load(namespace, tracking)
  } catch (error) {
    remove()
    throw error
  }
  return { ...names, gateway, load, remove }
}
