import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '../../core/clock.ts'
import { Admission } from './admission.ts'
import { peerOf } from './peer.ts'

/** One client must leave room for the others; a proxy stands for many clients. */
const MAX_OF_PEER = 128
const MAX_OF_PROXY = 512
const limits = {
  total: 1_024,
  authenticated: 512,
  // An Alertmanager opens a connection for each of its groups; one that waits takes some KiB.
  waitingOfPeer: 8_192,
  waiting: 16_384,
  quietMs: 500,
  requestMs: 5_000,
}
const LOOK_MS = 100
/** A flood must not fill the log. */
const LOG_INTERVAL_MS = 60_000

export interface ConnectionOptions {
  /** True for the address of a trusted proxy, which may have more connections. */
  readonly isTrustedProxy: (address: string) => boolean
  /** Called at most once a minute for connections that have to wait, and as often for those that are refused. */
  readonly limited: (outcome: 'waits' | 'refused', address: string) => void
  readonly clock: Clock
}

/**
 * Limits the connections of each peer, and tracks which connections have a request in progress, so that a stop waits
 * only for these and not for idle keep-alive connections, unused preconnects or unfinished TLS handshakes.
 */
export class Connections {
  readonly #options: ConnectionOptions
  /** By the addresses and ports: under TLS, a request has another socket object than its connection. */
  readonly #sockets = new Map<string, Socket>()
  readonly #busy = new Set<string>()
  /** Connections that were opened under an earlier configuration and carry a request that it let in. */
  readonly #expired = new Set<string>()
  readonly #loggedAt = new Map<'waits' | 'refused', number>()
  readonly #clock: Clock
  #looking: NodeJS.Timeout | undefined
  /**
   * Time by the looks that were made, which is what connections are measured by: between two, the event loop has read
   * what had arrived. While it is held up, no client seems quiet.
   */
  #elapsed = 0
  #closing = false
  #admission: Admission<string> | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#clock = options.clock
  }

  /** Takes the connections of a server over from it, which gets them when they are to be served. */
  watch(server: Server): void {
    const serve = server.listeners('connection')
    server.removeAllListeners('connection')
    // An option of net.createServer, which those for HTTP and TLS do not take: what waits is not read.
    Object.assign(server, { pauseOnConnect: true })
    const admission = new Admission<string>(limits, {
      serve: connection => {
        const socket = this.#sockets.get(connection)
        for (const listener of serve) listener.call(server, socket)
        socket?.resume()
      },
      close: connection => this.#sockets.get(connection)?.destroy(),
    })
    this.#admission = admission
    server.on('connection', (socket: Socket) => this.#offer(socket, admission))
    server.on('secureConnection', (socket: Socket) => socket.resume())
    server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      const connection = nameOf(socket)
      this.#busy.add(connection)
      admission.begin(connection, this.#elapsed)
      response.once('close', () => {
        this.#busy.delete(connection)
        if (this.#closing || this.#expired.has(connection)) socket.destroySoon()
        else admission.end(connection, this.#elapsed)
      })
    })
  }

  /** The request in progress on this connection is authenticated: it does not count in the limit of its address. */
  prove(socket: Socket): void {
    this.#admission?.prove(nameOf(socket), this.#elapsed)
  }

  /** True while connections of the same address wait: the connection is to be closed with its response. */
  isAwaited({ remoteAddress }: Socket): boolean {
    return this.#admission?.hasWaiting(peerOf(remoteAddress)) === true
  }

  /**
   * Closes every connection that is open now, so that its client is authenticated again: idle ones now, each other one
   * after its response. Until then, it is given no further request, see `hasExpired`.
   */
  expire(): void {
    for (const connection of this.#sockets.keys()) this.#expired.add(connection)
    this.#closeIdle()
  }

  hasExpired(socket: Socket): boolean {
    return this.#expired.has(nameOf(socket))
  }

  /** Closes the idle connections and those that wait now, and each other one after its response. */
  close(): void {
    this.#closing = true
    this.#closeIdle()
    clearInterval(this.#looking)
  }

  #offer(socket: Socket, admission: Admission<string>): void {
    const { remoteAddress: address } = socket
    // The client has gone already.
    if (address === undefined || this.#closing) {
      socket.destroy()
      return
    }
    const connection = nameOf(socket)
    const limit = this.#options.isTrustedProxy(address) ? MAX_OF_PROXY : MAX_OF_PEER
    const peer = { name: peerOf(address), limit }
    this.#sockets.set(connection, socket)
    socket.once('close', () => {
      this.#sockets.delete(connection)
      for (const known of [this.#busy, this.#expired]) known.delete(connection)
      admission.leave(connection, peer.name, this.#elapsed)
    })
    const outcome = admission.offer(connection, peer, this.#elapsed)
    if (outcome === 'served') return
    this.#report(outcome, address)
    this.#looking ??= setInterval(() => this.#look(admission), LOOK_MS).unref()
  }

  #look(admission: Admission<string>): void {
    this.#elapsed += LOOK_MS
    admission.look(this.#elapsed)
    if (admission.waiting > 0) return
    clearInterval(this.#looking)
    this.#looking = undefined
  }

  #report(outcome: 'waits' | 'refused', address: string): void {
    const now = this.#clock.monotonic()
    if (now - (this.#loggedAt.get(outcome) ?? Number.NEGATIVE_INFINITY) < LOG_INTERVAL_MS) return
    this.#loggedAt.set(outcome, now)
    this.#options.limited(outcome, address)
  }

  #closeIdle(): void {
    for (const [connection, socket] of this.#sockets) if (!this.#busy.has(connection)) socket.destroy()
  }
}

function nameOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`
}
