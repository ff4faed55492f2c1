import { spawnSync } from 'node:child_process'
import { run } from '../servers/run.ts'

/** A network namespace with a gateway's address, and a second one with a client; joined by a pair of interfaces. */
export interface Network {
  /** The namespace that the firewall is in. */
  readonly gateway: string
  readonly client: string
  readonly gatewayAddress: string
  readonly clientAddress: string
  /** Gives the client's namespace a further address of the same network. */
  addClient(address: string): void
  /** `nft` in the gateway's namespace. */
  readonly nft: readonly string[]
  /** The elements of a set, as the kernel tells them. */
  elements(set: string): readonly { val: unknown; timeout?: number; expires?: number; comment?: string }[]
  remove(): void
}

/** Documentation ranges: nobody lives there, so they may be blocked. */
const GATEWAY = '192.0.2.254'
const CLIENT = '192.0.2.1'

export function createNetwork(): Network {
  const name = `ct${process.pid}${Math.floor(Math.random() * 1_000)}`
  const gateway = `${name}g`
  const client = `${name}c`
  const ip = (...args: string[]): void => {
    run('ip', args, {})
  }
  const remove = () => {
    for (const namespace of [gateway, client]) spawnSync('ip', ['netns', 'del', namespace])
  }
  try {
    for (const namespace of [gateway, client]) {
      ip('netns', 'add', namespace)
      ip('-n', namespace, 'link', 'set', 'lo', 'up')
    }
    ip('-n', gateway, 'link', 'add', 'inside', 'type', 'veth', 'peer', 'name', 'outside', 'netns', client)
    ip('-n', gateway, 'addr', 'add', `${GATEWAY}/24`, 'dev', 'inside')
    ip('-n', client, 'addr', 'add', `${CLIENT}/24`, 'dev', 'outside')
    ip('-n', gateway, 'link', 'set', 'inside', 'up')
    ip('-n', client, 'link', 'set', 'outside', 'up')
  } catch (error) {
    remove()
    throw error
  }
  const nft = ['ip', 'netns', 'exec', gateway, 'nft']
  return {
    gateway,
    client,
    gatewayAddress: GATEWAY,
    clientAddress: CLIENT,
    addClient: address => ip('-n', client, 'addr', 'add', `${address}/24`, 'dev', 'outside'),
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
