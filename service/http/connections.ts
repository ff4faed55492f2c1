import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { peerOf } from './peer.ts'

export interface ConnectionLimits {
  /** How many connections the peer of this address may have at the same time. */
  readonly limitOf: (address: string) => number
  /** Called for the first connection of a peer that is refused, not for each. */
  readonly limited: (address: string, limit: number) => void
}

/**
 * Limits the connections of each peer, and tracks which connections have a request in progress, so that a stop waits only for these and not for idle keep-alive
 * connections, unused preconnects or unfinished TLS handshakes.
 */
export class Connections {
  /** By the client's address and port: under TLS, a request has another socket object than its connection. */
  readonly #idle = new Map<string, Socket>()
  readonly #open = new Set<string>()
  /** Connections that were opened under an earlier configuration and carry a request that it let in. */
  readonly #expired = new Set<string>()
  readonly #ofPeers = new Map<string, { count: number; isLimited: boolean }>()
  readonly #limits: ConnectionLimits
  #closing = false

  constructor(limits: ConnectionLimits) {
    this.#limits = limits
  }

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      if (!this.#admit(socket)) return
      const client = endpoint(socket)
      this.#idle.set(client, socket)
      this.#open.add(client)
      socket.once('close', () => {
        for (const known of [this.#idle, this.#open, this.#expired]) known.delete(client)
      })
    })
    server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      const client = endpoint(socket)
      const connection = this.#idle.get(client)
      this.#idle.delete(client)
      response.once('close', () => {
        if (this.#closing || this.#expired.has(client)) socket.destroySoon()
        else if (connection?.destroyed === false) this.#idle.set(client, connection)
      })
    })
  }

  /**
   * Closes every connection that is open now, so that its client is authenticated again: idle ones now, each other one
   * after its response. Until then, it is given no further request, see `hasExpired`.
   */
  expire(): void {
    for (const client of this.#open) this.#expired.add(client)
    for (const socket of this.#idle.values()) socket.destroy()
  }

  hasExpired(socket: Socket): boolean {
    return this.#expired.has(endpoint(socket))
  }

  #admit(socket: Socket): boolean {
    const address = socket.remoteAddress ?? ''
    const peer = peerOf(address)
    const known = this.#ofPeers.get(peer) ?? { count: 0, isLimited: false }
    const limit = this.#limits.limitOf(address)
    if (known.count >= limit) {
      if (!known.isLimited) this.#limits.limited(address, limit)
      known.isLimited = true
      socket.destroy()
      return false
    }
    known.count += 1
    this.#ofPeers.set(peer, known)
    socket.once('close', () => {
      known.count -= 1
      if (known.count === 0) this.#ofPeers.delete(peer)
    })
    return true
  }

  /** Closes the idle connections now, and each other one after its response. */
  close(): void {
    this.#closing = true
    for (const socket of this.#idle.values()) socket.destroy()
  }
}

function endpoint({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
