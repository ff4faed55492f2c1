import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from './joined.ts'

/** A way of TCP from one port of loopback to another, which can be cut and mended. */
export class Relay {
  readonly port: number
  readonly target: number
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined

  constructor(port: number, target: number) {
    this.port = port
    this.target = target
  }

  /** Opens the way, for the first time or again. */
  async open(): Promise<void> {
    const server = createServer(near => {
      const far = connect(this.target, '127.0.0.1')
      near.pipe(far)
      far.pipe(near)
      join(near, far, this.#sockets)
    })
    this.#server = server
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.port, '127.0.0.1', resolve))
  }

  /** Ends all connections and refuses new ones. */
  async cut(): Promise<void> {
    const closed = new Promise(resolve => this.#server?.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }
}
