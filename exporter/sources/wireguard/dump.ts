import { isIP } from 'node:net'
import type { EpochMs } from '../../../core/clock.ts'

/** A peer of an interface, as `wg show all dump` writes it. */
export interface DumpedPeer {
  readonly interfaceName: string
  /** 32 bytes in base64. */
  readonly publicKey: string
  /** `address:port`; absent until it is known. */
  readonly endpoint?: string
  /** 0 where there was none. */
  readonly lastHandshake: EpochMs
}

/** Longest line that is looked at, in UTF-16 units: a peer may have many networks. */
const MAX_LINE = 65_536

const KEY = /^[A-Za-z0-9+/]{43}=$/
/** Of Linux: at most 15 bytes. */
const INTERFACE = /^[\w=+.-]{1,15}$/
const SECONDS = /^\d{1,12}$/
const ENDPOINT = /^(?:\[([0-9a-fA-F:.%\w]{2,64})\]|([0-9.]{7,15})):(\d{1,5})$/

/**
 * The peers of a dump. A line of an interface has its private key, and that of a peer may have a preshared key: neither
 * is a part of what is returned.
 *
 * @returns undefined where a line is of neither form
 */
export function readDump(text: string): readonly DumpedPeer[] | undefined {
  const peers: DumpedPeer[] = []
  for (const line of text.split('\n')) {
    if (line === '') continue
    if (line.length > MAX_LINE) return undefined
    const fields = line.split('\t')
    if (fields.length === 5) {
      if (!INTERFACE.test(fields[0] ?? '')) return undefined
      continue
    }
    const peer = peerOf(fields)
    if (peer === undefined) return undefined
    peers.push(peer)
  }
  return peers
}

/** Interface, public key, preshared key, endpoint, allowed IPs, handshake, received, sent, keepalive. */
function peerOf(fields: readonly string[]): DumpedPeer | undefined {
  const [interfaceName = '', publicKey = '', , endpoint = '', , handshake = ''] = fields
  if (fields.length !== 9 || !INTERFACE.test(interfaceName)) return undefined
  if (!KEY.test(publicKey) || !SECONDS.test(handshake)) return undefined
  const known = endpointOf(endpoint)
  if (known === undefined && endpoint !== '(none)') return undefined
  return {
    interfaceName,
    publicKey,
    ...(known !== undefined && { endpoint: known }),
    lastHandshake: Number(handshake) * 1000,
  }
}

function endpointOf(text: string): string | undefined {
  const found = ENDPOINT.exec(text)
  if (found === null) return undefined
  const [, v6, v4] = found
  const isAddress = v6 === undefined ? isIP(v4 ?? '') === 4 : isIP(v6) === 6
  return isAddress ? text : undefined
}

/** The address of an endpoint, without its port. */
export const addressOf = (endpoint: string): string => endpoint.slice(0, endpoint.lastIndexOf(':'))
