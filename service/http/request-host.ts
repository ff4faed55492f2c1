import { isIPv4, isIPv6 } from 'node:net'

/** The names of this service that a request without authentication may use. */
export interface KnownHosts {
  /** The address that the service listens on: a name or an address. */
  readonly listen: string
  /** The name of the machine. */
  readonly machine: string
  /** The host of `external_url` and the entries of `web.allowed_hosts`. */
  readonly configured: readonly string[]
}

const HOST = /^(?:\[([0-9a-fA-F:.]{2,45})\]|([a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*)\.?)(?::\d{0,5})?$/i
const MAX_LENGTH = 263

/**
 * True if the `Host` of a request is an IP literal, `localhost` or a known name. A browser sends the name of the page's
 * own site, so a site whose name was pointed at this address (DNS rebinding) is refused: an IP literal is never resolved.
 * Ports, case and one trailing dot are ignored.
 */
export function isKnownHost(header: string | undefined, { listen, machine, configured }: KnownHosts): boolean {
  if (header === undefined || header.length > MAX_LENGTH) return false
  const [, bracketed, name] = HOST.exec(header) ?? []
  if (bracketed !== undefined) return isIPv6(bracketed)
  if (name === undefined) return false
  return isIPv4(name) || ['localhost', listen, machine, ...configured].some(known => isSameName(known, name))
}

const isSameName = (known: string, name: string): boolean =>
  known.toLowerCase().replace(/\.$/, '') === name.toLowerCase()

const AUTHORITY = /^https?:\/\/([^/?#]*)/i

/** The host that a request names: that of an absolute target precedes the header (RFC 9112, 3.2.2). */
export const namedHost = (target: string | undefined, header: string | undefined): string | undefined =>
  AUTHORITY.exec(target ?? '')?.[1] ?? header

export const UNKNOWN_HOST =
  'This Host is not a name of the service; add it to web.allowed_hosts in clawtrust.yml, or use the IP address.\n'
