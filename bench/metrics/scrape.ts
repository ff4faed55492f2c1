import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'

export interface Scrape {
  readonly ms: number
  readonly bytes: number
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 })

/** One scrape over a kept-alive connection, from the request to the last byte. */
export async function scrape(url: string, headers: Readonly<Record<string, string>>): Promise<Scrape> {
  const begin = performance.now()
  const request = get(url, { agent, headers: { ...headers } })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  if (response.statusCode !== 200) throw new Error(`The scrape was answered ${response.statusCode}.`)
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  await once(response, 'end')
  return { ms: performance.now() - begin, bytes }
}
