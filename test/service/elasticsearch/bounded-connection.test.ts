import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { errors } from '@elastic/elasticsearch'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createClient } from '../../../service/elasticsearch/connection.ts'
import { explainFailure } from '../../../service/elasticsearch/failure.ts'

const TIMEOUT = 200
/** Longer than a test may take. */
const NEVER = 600_000

/** Those that came: none where the time was over before the connection was there. */
let requests = 0
let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** A client of a server that treats every request in the same way. */
async function clientOf(listener: RequestListener, requestTimeout = TIMEOUT) {
  requests = 0
  server = createServer(listener).on('request', () => {
    requests += 1
  })
  await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return createClient({ nodes: [`http://127.0.0.1:${port}`], requestTimeout, compatibility: 9 })
}

const failureOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'an answer',
    error => error,
  )

describe('a request to Elasticsearch', () => {
  it('ends after its time where no answer comes', async () => {
    const client = await clientOf(() => undefined)
    expect(await failureOf(client.search({ index: 'a' }))).toBeInstanceOf(errors.TimeoutError)
    expect(requests).toBeLessThanOrEqual(1)
  })

  it('ends after its time where the answer trickles in for ever', async () => {
    const client = await clientOf(async (_, answer) => {
      answer.writeHead(200, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' })
      while (!answer.destroyed) {
        answer.write(' ')
        await pause(TIMEOUT / 10)
      }
    })
    expect(await failureOf(client.search({ index: 'a' }))).toBeInstanceOf(errors.TimeoutError)
    expect(requests).toBeLessThanOrEqual(1)
  })

  it('ends where its answer has no end, and closes the connection', async () => {
    const closed = Promise.withResolvers<number>()
    const client = await clientOf((_, answer) => {
      answer.writeHead(200, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' })
      let sent = 0
      const more = () => {
        while (answer.writable) {
          sent += 1_048_576
          if (!answer.write(Buffer.alloc(1_048_576, ' '))) return void answer.once('drain', more)
        }
      }
      answer.on('close', () => closed.resolve(sent))
      more()
    }, 60_000)
    const failure = explainFailure(await failureOf(client.search({ index: 'a' })), {
      index: ['a'],
      address: 'http://es.example',
    })
    expect(failure).toMatchObject({
      code: 'ELASTICSEARCH_FAILED',
      message: expect.stringMatching(/gives a larger answer than clawtrust reads/),
    })
    // What both kernels buffer may have been sent as well.
    expect(await closed.promise).toBeLessThan(128 * 1_048_576)
  }, 60_000)

  it('leaves the signal of its caller alone where no answer comes', async () => {
    const client = await clientOf(() => undefined)
    const { signal } = new AbortController()
    expect(await failureOf(client.search({ index: 'a' }, { signal }))).toBeInstanceOf(errors.TimeoutError)
    expect(signal.aborted).toBe(false)
  })

  it('ends at once where its caller gives up', async () => {
    const came = Promise.withResolvers<void>()
    const client = await clientOf(() => came.resolve(), NEVER)
    const caller = new AbortController()
    const asked = failureOf(client.search({ index: 'a' }, { signal: caller.signal }))
    await came.promise
    caller.abort()
    expect(await asked).toBeInstanceOf(errors.RequestAbortedError)
  })
})
