import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from '@jest/globals'
import { Secret } from '../../../core/secret.ts'
import { createClient, type HttpProxy } from '../../../service/elasticsearch/connection.ts'

const running: Server[] = []
afterEach(() => {
  for (const server of running.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function listening(server: Server): Promise<string> {
  running.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A server that answers every search, behind a proxy that builds tunnels for all and notes what it was shown. */
async function behindProxy(credentials: Omit<HttpProxy, 'url'>) {
  const shown: (string | undefined)[] = []
  const atServer: (string | undefined)[] = []
  const node = await listening(
    createServer(({ headers }, answer) => {
      atServer.push(headers['proxy-authorization'])
      answer.writeHead(200, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' }).end('{}')
    }),
  )
  const proxy = createServer()
  proxy.on('connect', ({ headers, url = '' }, client: Socket) => {
    shown.push(headers['proxy-authorization'])
    const [host, port] = url.split(':')
    const onward = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      onward.pipe(client)
      client.pipe(onward)
    })
    onward.on('error', () => client.destroy())
    client.on('error', () => onward.destroy())
    client.on('close', () => onward.destroy())
  })
  const url = await listening(proxy)
  const client = createClient({
    nodes: [node],
    proxy: { url, ...credentials },
    requestTimeout: 5_000,
    compatibility: 9,
  })
  return { client, shown, atServer }
}

describe('a proxy', () => {
  it.each([
    ['clawtrust', 'plain'],
    ['user@example', 'with: /signs?#%41@ and ümlauts'],
  ])('is shown the user %s and its password as they are, and the server is not', async (username, password) => {
    const { client, shown, atServer } = await behindProxy({ username, password: new Secret(password) })
    await client.search({ index: 'a' })
    await client.close()
    expect(shown).toEqual([`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`])
    expect(atServer).toEqual([undefined])
  })

  it('is shown nothing where it wants nothing', async () => {
    const { client, shown } = await behindProxy({})
    await client.search({ index: 'a' })
    await client.close()
    expect(shown).toEqual([undefined])
  })

  it('that cannot be reached gives a failure without its password', async () => {
    const client = createClient({
      nodes: ['http://127.0.0.1:1'],
      proxy: { url: 'http://127.0.0.1:1', username: 'clawtrust', password: new Secret('never-shown-9') },
      requestTimeout: 5_000,
      compatibility: 9,
    })
    const failure = await client.search({ index: 'a' }).catch(error => error)
    await client.close()
    expect(failure.message).toContain('ECONNREFUSED')
    expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain('never-shown-9')
    expect(JSON.stringify(failure)).not.toContain('never-shown-9')
  })
})
