import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** In the place of a provider of threat intelligence. */
export interface Provider {
  /** `http://127.0.0.1:4000/{address}` */
  readonly url: string
  /** How often it was asked about an address. */
  questions(address: string): number
  /** From now on it says that an address is malicious. */
  report(address: string): void
  stop(): void
}

/** Its score of every address is 0, until one is reported. */
export async function startProvider(): Promise<Provider> {
  const asked: string[] = []
  const reported = new Set<string>()
  const server = createServer(({ url = '' }, response) => {
    const address = decodeURIComponent(url.slice(1))
    asked.push(address)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ score: reported.has(address) ? 100 : 0 }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/{address}`,
    questions: address => asked.filter(one => one === address).length,
    report: address => void reported.add(address),
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
