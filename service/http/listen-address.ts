import { BlockList } from 'node:net'
import type { ListenAddress } from '../../core/config/schema.ts'
import { ClawtrustError } from '../../core/errors.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true
  return loopback.check(host, host.includes(':') ? 'ipv6' : 'ipv4')
}

export function formatAddress({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** Throws if other machines could connect without authentication. */
export function refuseOpenListener(address: ListenAddress, authenticated: boolean, allowed: boolean): void {
  if (authenticated || allowed || isLoopback(address.host)) return
  throw new ClawtrustError(
    'LISTEN_UNAUTHENTICATED',
    `${formatAddress(address)} is reachable from other machines without authentication: set a web ` +
      'configuration file with basic_auth_users or verified client certificates, listen on 127.0.0.1, or set ' +
      '--web.allow-unauthenticated',
  )
}
