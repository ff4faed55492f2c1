import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** In the place of a gateway: answers with the status that the path ends in (`/hooks/401`), else 200. */
export interface RefusingUpstream {
  readonly port: number
  stop(): Promise<void>
}

/** @param port default: a free one */
export async function startRefusingUpstream(port = 0): Promise<RefusingUpstream> {
  const server = createServer((request, response) => {
    response.statusCode = Number(/\/(\d{3})(?:\?|$)/.exec(request.url ?? '')?.[1] ?? 200)
    response.end()
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  const stop = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { port: (server.address() as AddressInfo).port, stop }
}
