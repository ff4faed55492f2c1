import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { join } from './servers/joined.ts'

/** An HTTP proxy that builds tunnels (CONNECT), as companies put them before the outside, and knows names that nobody else does. */
export class Tunnel {
  /** Where tunnels were asked for, host and port. */
  readonly asked: string[] = []
  /** Status with which tunnels are refused; undefined where they are built. */
  refusal: number | undefined
  /** User and password, joined by a colon, without which no tunnel is built; undefined where everybody gets one. */
  admitted: string | undefined
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  /** @param names the address, host and port, behind each name */
  constructor(names: Readonly<Record<string, string>>) {
    this.#server = createServer((_, answer) => answer.writeHead(405).end())
    this.#server.on('connect', ({ url = '', headers }, client: Socket) => {
      this.asked.push(url)
      if (!this.#admits(headers['proxy-authorization'])) {
        return void client.end(
          'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="test"\r\n\r\n',
        )
      }
      if (this.refusal !== undefined) return void client.end(`HTTP/1.1 ${this.refusal} Refused\r\n\r\n`)
      const [host, port] = (names[url] ?? url).split(':')
      const onward = connect(Number(port), host, () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n')
        onward.pipe(client)
        client.pipe(onward)
      })
      join(client, onward, this.#sockets)
    })
  }

  #admits(authorization: string | undefined): boolean {
    return this.admitted === undefined || authorization === `Basic ${Buffer.from(this.admitted).toString('base64')}`
  }

  async start(): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Ends all tunnels; new ones may be asked for. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async stop(): Promise<void> {
    this.cut()
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }
}
