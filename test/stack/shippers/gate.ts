import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import { buffer } from 'node:stream/consumers'
import type { Certificates } from '../elasticsearch/servers/certificates.ts'
import { eventually } from '../servers/eventually.ts'
import { freePort } from '../servers/process.ts'

const PORT_LIMIT_MS = 30_000

/**
 * What becomes of a request: it is passed on; or it is passed on and its answer is lost; or it gets this status, as JSON
 * like Elasticsearch's or as HTML like a proxy's.
 */
export type Passage = 'open' | 'deaf' | { readonly status: number; readonly type: 'json' | 'html' }

/** A way over TLS to a server without TLS, which can be closed and opened, and spoilt. */
export class Gate {
  readonly url: string
  passage: Passage = 'open'
  /** Larger requests are answered with 413. */
  limit = Number.POSITIVE_INFINITY
  /** How many requests it has dealt with. */
  requests = 0
  readonly #target: string
  readonly #port: number
  readonly #keys: { readonly key: string; readonly cert: string }
  #server: Server | undefined

  private constructor(target: string, port: number, keys: { key: string; cert: string }) {
    this.#target = target
    this.#port = port
    this.#keys = keys
    this.url = `https://localhost:${port}`
  }

  static async to(target: string, { certificateFile, keyFile }: Certificates): Promise<Gate> {
    const [cert, key] = await Promise.all([readFile(certificateFile, 'utf8'), readFile(keyFile, 'utf8')])
    return new Gate(target, await freePort(), { key, cert })
  }

  /** Waits for the port where another has it: a client that asks for a closed port can connect to itself. */
  async open(): Promise<void> {
    this.#server = await eventually('the port of the gate is free', () => this.#listen(), { limitMs: PORT_LIMIT_MS })
  }

  async #listen(): Promise<Server> {
    const server = createServer(this.#keys, (request, response) => {
      this.#pass(request, response).catch(() => response.destroy())
    })
    server.listen(this.#port, '127.0.0.1')
    await once(server, 'listening')
    return server
  }

  /** Ends all connections and refuses new ones. */
  async close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request)
    const { status, type, content } = await this.#answer(request, body)
    this.requests++
    if (this.passage === 'deaf') response.destroy()
    else response.writeHead(status, { 'content-type': type }).end(content)
  }

  async #answer({ method = 'GET', url, headers }: IncomingMessage, body: Buffer) {
    const refusal = body.length > this.limit ? ({ status: 413, type: 'html' } as const) : this.passage
    if (typeof refusal === 'object') return refusals[refusal.type](refusal.status)
    if (method === 'GET' && url === '/') return this.#welcome()
    const passed = ['content-type', 'content-encoding'].flatMap(name => {
      const value = headers[name]
      return typeof value === 'string' ? [[name, value] as const] : []
    })
    const answer = await fetch(this.#target + url, {
      method,
      headers: Object.fromEntries(passed),
      ...(method === 'GET' ? {} : { body: new Uint8Array(body) }),
    })
    return { status: answer.status, type: 'application/json', content: await answer.text() }
  }

  /** The page of a server that a shipper asks for its version; the distribution for tests has none. */
  async #welcome() {
    const answer = await fetch(`${this.#target}/_nodes/_local?filter_path=nodes.*.version`)
    const { nodes } = (await answer.json()) as { nodes: Readonly<Record<string, { version: string }>> }
    const [node] = Object.values(nodes)
    const content = JSON.stringify({ version: { number: node?.version } })
    return { status: 200, type: 'application/json', content }
  }
}

const refusals = {
  json: (status: number) => ({
    status,
    type: 'application/json',
    content: JSON.stringify({ error: { type: 'test_exception', reason: 'a test' }, status }),
  }),
  html: (status: number) => ({ status, type: 'text/html', content: `<html>${status}</html>` }),
}
