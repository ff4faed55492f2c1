import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What becomes of a request: passed on, answered with a status, cut off, or left without an answer. */
export type Fate = 'pass' | 'cut' | 'hang' | number

/** Stands in front of a server and spoils some of its answers. */
export class FaultyProxy {
  /** Paths of the requests that came. */
  readonly requests: string[] = []
  readonly #server: Server
  #fate: (path: string) => Fate | Promise<Fate> = () => 'pass'

  constructor(target: string) {
    this.#server = createServer(async (incoming, answer) => {
      const path = incoming.url ?? ''
      this.requests.push(path)
      const fate = await this.#fate(path)
      if (incoming.socket.destroyed) return
      if (fate === 'hang') return
      if (fate === 'cut') return void incoming.socket.destroy()
      if (typeof fate === 'number') {
        const error = { type: 'es_rejected_execution_exception', reason: 'made by a test' }
        answer.writeHead(fate, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' })
        return void answer.end(JSON.stringify({ error: { root_cause: [error], ...error }, status: fate }))
      }
      const { method, url, headers } = incoming
      const onward = request(new URL(url ?? '/', target), { ...(method && { method }), headers }, reply => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers)
        reply.pipe(answer)
      })
      onward.on('error', () => answer.destroy())
      incoming.pipe(onward)
    })
  }

  async start(): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Decides the fate of each request, told its path, from now on; one that takes its time holds the request up. */
  spoil(fate: (path: string) => Fate | Promise<Fate>): void {
    this.#fate = fate
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }
}
