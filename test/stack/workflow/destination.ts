import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  // biome-ignore lint/suspicious/noExplicitAny: each destination has a form of its own.
  readonly body: any
}

/** In the place of a chat or a ticket system: keeps what it is sent and answers each time the same. */
export async function startDestination(answer: { readonly status: number; readonly body: string }) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = JSON.parse(Buffer.concat(chunks).toString())
    received.push({ path: request.url ?? '', headers: request.headers, body })
    response.statusCode = answer.status
    response.end(answer.body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: received as readonly Received[],
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
