import { lookup } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import type { ProtectedHost, ProtectedNetwork } from '../domain/protected.ts'

/** How long a name is waited for, milliseconds: a resolver that is away must not hold up the start. */
const PATIENCE_MS = 2_000

/** This machine's addresses and resolvers, and the addresses of these names; what cannot be found is left out. */
export async function discoverNetworks(hosts: readonly ProtectedHost[]): Promise<readonly ProtectedNetwork[]> {
  const named = await Promise.all(hosts.map(addressesOf))
  return [...ownAddresses(), ...(await resolvers()), ...named.flat()]
}

function ownAddresses(): readonly ProtectedNetwork[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.map(({ address }) => ({ network: address.replace(/%.*$/, ''), reason: `own address on ${name}` })),
  )
}

async function resolvers(): Promise<readonly ProtectedNetwork[]> {
  const text = await readFile('/etc/resolv.conf', 'utf8').catch(() => '')
  return [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].map(([, network = '']) => ({ network, reason: 'resolver' }))
}

async function addressesOf({ host, reason }: ProtectedHost): Promise<readonly ProtectedNetwork[]> {
  const late = pause(PATIENCE_MS, [], { ref: false })
  const found = await Promise.race([lookup(host, { all: true }), late]).catch(() => [])
  return found.map(({ address }) => ({ network: address, reason }))
}
