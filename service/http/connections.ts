import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '../../core/clock.ts'
import { Admission, type AdmissionLimits } from './admission.ts'
import { peerOf } from './peer.ts'

/** One client must leave room for the others; a proxy stands for many clients. */
const MAX_OF_PEER = 128
const MAX_OF_PROXY = 512
const LOOK_MS = 100
/** A flood must not fill the log. */
const LOG_INTERVAL_MS = 60_000

export interface ConnectionOptions {
  readonly limits: AdmissionLimits
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
  /** By their addresses and ports, of which a client may use one again as soon as it has ended the connection. */
  readonly #sockets = new Map<string, Socket>()
  /** The connection of each TLS socket: requests have the latter. */
  readonly #carriers = new WeakMap<Socket, Socket>()
  /** Connections that were opened under an earlier configuration and carry a request that it let in. */
  readonly #expired = new WeakSet<Socket>()
  readonly #loggedAt = new Map<'waits' | 'refused', number>()
  readonly #clock: Clock
  readonly #admission: Admission<Socket>
  #serve: (socket: Socket) => void = () => {}
  #looking: NodeJS.Timeout | undefined
  /**
   * Time by the looks that were made, which is what connections are measured by: between two, the event loop has read
   * what had arrived. While it is held up, no client seems quiet.
   */
  #elapsed = 0
  #closing = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#clock = options.clock
    this.#admission = new Admission(options.limits, {
      serve: socket => this.#serve(socket),
      close: socket => socket.destroy(),
    })
  }

  /** Takes the connections of a server over from it, which gets them when they are to be served. */
  watch(server: Server): void {
    const serve = server.listeners('connection')
    server.removeAllListeners('connection')
    // An option of net.createServer, which those for HTTP and TLS do not take: what waits is not read.
    Object.assign(server, { pauseOnConnect: true })
    this.#serve = socket => {
      if (socket.destroyed) return
      for (const listener of serve) listener.call(server, socket)
      socket.resume()
    }
    server.on('connection', (socket: Socket) => this.#offer(socket))
    server.prependListener('secureConnection', (socket: Socket) => {
      const carrier = this.#sockets.get(nameOf(socket))
      if (carrier !== undefined) this.#carriers.set(socket, carrier)
      socket.resume()
    })
    server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      const connection = this.#carrierOf(socket)
      this.#admission.begin(connection, this.#elapsed)
      response.once('close', () => {
        this.#admission.end(connection, this.#elapsed)
        if (this.#admission.isBusy(connection)) return
        if (this.#closing || this.#expired.has(connection)) socket.destroySoon()
      })
    })
  }

  /** The request in progress on this connection is authenticated: it does not count in the limit of its address. */
  prove(socket: Socket): void {
    this.#admission.prove(this.#carrierOf(socket), this.#elapsed)
  }

  /** True while another connection waits for the place of this one: it is to be closed with its response. */
  isAwaited(socket: Socket): boolean {
    return this.#admission.isAwaited(this.#carrierOf(socket))
  }

  /**
   * Closes every connection that is open now, so that its client is authenticated again: idle ones now, each other one
   * after its response. Until then, it is given no further request, see `hasExpired`.
   */
  expire(): void {
    for (const socket of this.#sockets.values()) this.#expired.add(socket)
    this.#closeIdle()
  }

  hasExpired(socket: Socket): boolean {
    return this.#expired.has(this.#carrierOf(socket))
  }

  /** Closes the idle connections and those that wait now, and each other one after its response. */
  close(): void {
    this.#closing = true
    this.#closeIdle()
    clearInterval(this.#looking)
  }

  #carrierOf(socket: Socket): Socket {
    return this.#carriers.get(socket) ?? socket
  }

  #offer(socket: Socket): void {
    const { remoteAddress: address } = socket
    // The client has gone already.
    if (address === undefined || this.#closing) {
      socket.destroy()
      return
    }
    const name = nameOf(socket)
    const peer = { name: peerOf(address), limit: this.#options.isTrustedProxy(address) ? MAX_OF_PROXY : MAX_OF_PEER }
    // Its client has ended it and uses the port again, which is not seen of a connection that is not read.
    this.#sockets.get(name)?.destroy()
    this.#sockets.set(name, socket)
    socket.once('close', () => {
      if (this.#sockets.get(name) === socket) this.#sockets.delete(name)
      this.#admission.leave(socket, peer.name, this.#elapsed)
    })
    const outcome = this.#admission.offer(socket, peer, this.#elapsed)
    if (outcome === 'served') return
    this.#report(outcome, address)
    this.#looking ??= setInterval(() => this.#look(), LOOK_MS).unref()
  }

  #look(): void {
    this.#elapsed += LOOK_MS
    this.#admission.look(this.#elapsed)
    if (this.#admission.waiting > 0) return
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
    for (const socket of this.#sockets.values()) if (!this.#admission.isBusy(socket)) socket.destroy()
  }
}

function nameOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`
}
