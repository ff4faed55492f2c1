import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Tracks which connections have a request in progress, so that a stop waits only for these and not for idle keep-alive
 * connections, unused preconnects or unfinished TLS handshakes.
 */
export class Connections {
  /** By the client's address and port: under TLS, a request has another socket object than its connection. */
  readonly #idle = new Map<string, Socket>()
  #closing = false

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      const client = endpoint(socket)
      this.#idle.set(client, socket)
      socket.once('close', () => this.#idle.delete(client))
    })
    server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      const client = endpoint(socket)
      const connection = this.#idle.get(client)
      this.#idle.delete(client)
      response.once('close', () => {
        if (this.#closing) socket.destroySoon()
        else if (connection?.destroyed === false) this.#idle.set(client, connection)
      })
    })
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
