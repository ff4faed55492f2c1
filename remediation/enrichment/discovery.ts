import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { parseJson } from '../../core/json.ts'
import { readRegularFile } from '../../service/files/regular-file.ts'
import type { Logger } from '../../service/log/logger.ts'
import type { ProtectedHost, ProtectedNetwork } from '../domain/protected.ts'

/** How long a name is waited for, milliseconds: a resolver that is away must not hold up the start. */
const PATIENCE_MS = 2_000
/** The same for the network namespace of the firewall. */
const NAMESPACE_PATIENCE_MS = 5_000

/** The network namespace in which the firewall's command works. */
export interface FirewallNamespace {
  /** Runs iproute2's `ip` in it with these arguments. */
  readonly ip: (args: readonly string[], input: string) => Promise<{ readonly code: number; readonly stdout: string }>
  readonly logger: Logger
}

/**
 * This machine's addresses and resolvers, and the addresses of these names; what cannot be found is left out.
 *
 * @param namespace where the firewall works in another network namespace: what it must not block is the addresses there
 */
export async function discoverNetworks(
  hosts: readonly ProtectedHost[],
  namespace?: FirewallNamespace,
): Promise<readonly ProtectedNetwork[]> {
  const named = await Promise.all(hosts.map(addressesOf))
  const inNamespace = namespace === undefined ? [] : await namespaceAddresses(namespace)
  return [...inNamespace, ...ownAddresses(), ...(await resolvers()), ...named.flat()]
}

/** As `ip -j address` writes them. */
const linksSchema = z.array(
  z.looseObject({ ifname: z.string(), addr_info: z.array(z.looseObject({ local: z.string() })) }),
)

async function namespaceAddresses({ ip, logger }: FirewallNamespace): Promise<readonly ProtectedNetwork[]> {
  const late = pause(NAMESPACE_PATIENCE_MS, { code: -1, stdout: '' }, { ref: false })
  const { code, stdout } = await Promise.race([ip(['-j', 'address'], ''), late])
  const links = linksSchema.safeParse(code === 0 ? parseJson(stdout) : undefined)
  if (!links.success) {
    logger.error(
      'The addresses in the network namespace of firewall.command are unknown: ip -j address failed there.',
      {
        code,
      },
    )
    return []
  }
  return links.data.flatMap(({ ifname, addr_info }) =>
    addr_info.map(({ local }) => ({ network: local, reason: `own address on ${ifname}, in the firewall's namespace` })),
  )
}

function ownAddresses(): readonly ProtectedNetwork[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.map(({ address }) => ({ network: address.replace(/%.*$/, ''), reason: `own address on ${name}` })),
  )
}

async function resolvers(): Promise<readonly ProtectedNetwork[]> {
  const text = await readRegularFile('/etc/resolv.conf').catch(() => '')
  return [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].map(([, network = '']) => ({ network, reason: 'resolver' }))
}

async function addressesOf({ host, reason }: ProtectedHost): Promise<readonly ProtectedNetwork[]> {
  const late = pause(PATIENCE_MS, [], { ref: false })
  const found = await Promise.race([lookup(host, { all: true }), late]).catch(() => [])
  return found.map(({ address }) => ({ network: address, reason }))
}
