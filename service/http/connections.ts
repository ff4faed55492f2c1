import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Knows which connections carry a request, so that a stop waits for these alone: not for kept-alive ones, not for
 * ones that were opened ahead and never used, not for TLS handshakes that do not end.
 */
export class Connections {
  /** By the client's end: under TLS, a request has another socket object than its connection. */
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

  /** Ends the idle connections now, and each other one when its response has ended. */
  close(): void {
    this.#closing = true
    for (const socket of this.#idle.values()) socket.destroy()
  }
}

function endpoint({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
