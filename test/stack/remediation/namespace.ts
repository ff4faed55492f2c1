import { spawnSync } from 'node:child_process'
import { run } from '../servers/run.ts'

/** Three network namespaces in a row: a client, a gateway that forwards, and a server behind it. */
export interface Network {
  /** The namespace that the firewall is in. */
  readonly gateway: string
  readonly client: string
  readonly server: string
  readonly gatewayAddress: string
  /** Its IPv6 address on the client's side. */
  readonly gatewayAddress6: string
  readonly clientAddress: string
  /** Gives the client's namespace a further address, of any network, to which the gateway then has a route. */
  addClient(address: string): void
  /** Reached by the client through the gateway. */
  readonly serverAddress: string
  /** `nft` in the gateway's namespace. */
  readonly nft: readonly string[]
  /** The elements of a set, as the kernel tells them. */
  elements(set: string): readonly { val: unknown; timeout?: number; expires?: number; comment?: string }[]
  remove(): void
}

/** Documentation ranges: nobody lives there, so they may be blocked. */
const GATEWAY = '192.0.2.254'
const GATEWAY6 = '2001:db8::fe'
const GATEWAY_MAC = '02:00:00:00:00:fe'
const CLIENT = '192.0.2.1'
const CLIENT6 = '2001:db8::1'
const GATEWAY_BEHIND = '203.0.113.254'
const SERVER = '203.0.113.1'

export function createNetwork(): Network {
  const name = `ct${process.pid}${Math.floor(Math.random() * 1_000)}`
  const gateway = `${name}g`
  const client = `${name}c`
  const server = `${name}s`
  const ip = (...args: string[]): void => {
    run('ip', args, {})
  }
  const remove = () => {
    for (const namespace of [gateway, client, server]) spawnSync('ip', ['netns', 'del', namespace])
  }
  try {
    for (const namespace of [gateway, client, server]) {
      ip('netns', 'add', namespace)
      ip('-n', namespace, 'link', 'set', 'lo', 'up')
    }
    ip(
      '-n',
      gateway,
      'link',
      'add',
      'inside',
      'address',
      GATEWAY_MAC,
      'type',
      'veth',
      'peer',
      'name',
      'outside',
      'netns',
      client,
    )
    ip('-n', gateway, 'addr', 'add', `${GATEWAY}/24`, 'dev', 'inside')
    ip('-n', client, 'addr', 'add', `${CLIENT}/24`, 'dev', 'outside')
    // Without duplicate address detection, for which an address waits a second.
    ip('-n', gateway, 'addr', 'add', `${GATEWAY6}/64`, 'dev', 'inside', 'nodad')
    ip('-n', client, 'addr', 'add', `${CLIENT6}/64`, 'dev', 'outside', 'nodad')
    ip('-n', gateway, 'link', 'set', 'inside', 'up')
    ip('-n', client, 'link', 'set', 'outside', 'up')
    // A router stands between real clients and the gateway: one that is blocked does not keep others from finding it.
    ip('-n', client, 'neigh', 'add', GATEWAY6, 'lladdr', GATEWAY_MAC, 'dev', 'outside', 'nud', 'permanent')
    ip('-n', gateway, 'link', 'add', 'behind', 'type', 'veth', 'peer', 'name', 'uplink', 'netns', server)
    ip('-n', gateway, 'addr', 'add', `${GATEWAY_BEHIND}/24`, 'dev', 'behind')
    ip('-n', server, 'addr', 'add', `${SERVER}/24`, 'dev', 'uplink')
    ip('-n', gateway, 'link', 'set', 'behind', 'up')
    ip('-n', server, 'link', 'set', 'uplink', 'up')
    ip('-n', client, 'route', 'add', 'default', 'via', GATEWAY)
    ip('-n', server, 'route', 'add', 'default', 'via', GATEWAY_BEHIND)
    ip('netns', 'exec', gateway, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward')
  } catch (error) {
    remove()
    throw error
  }
  const nft = ['ip', 'netns', 'exec', gateway, 'nft']
  return {
    gateway,
    client,
    server,
    gatewayAddress: GATEWAY,
    gatewayAddress6: GATEWAY6,
    clientAddress: CLIENT,
    addClient(address) {
      const one = address.includes(':') ? [`${address}/128`, 'nodad'] : [`${address}/32`]
      ip('-n', client, 'addr', 'add', ...one, 'dev', 'outside')
      ip('-n', gateway, 'route', 'add', one[0] ?? '', 'dev', 'inside')
    },
    serverAddress: SERVER,
    nft,
    elements(set) {
      const [command = '', ...args] = nft
      const listing = JSON.parse(run(command, [...args, '-j', 'list', 'set', 'inet', 'clawtrust', set], {}))
      const found = listing.nftables.find((entry: { set?: unknown }) => entry.set !== undefined)?.set
      return (found?.elem ?? []).map((entry: { elem?: unknown }) => entry.elem ?? { val: entry })
    },
    remove,
  }
}
