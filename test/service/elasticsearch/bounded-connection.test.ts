import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { errors } from '@elastic/elasticsearch'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createClient } from '../../../service/elasticsearch/connection.ts'

const TIMEOUT = 200

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** A client of a server that treats every request in the same way. */
async function clientOf(listener: RequestListener) {
  server = createServer(listener)
  await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return createClient({ nodes: [`http://127.0.0.1:${port}`], requestTimeout: TIMEOUT, compatibility: 9 })
}

async function failureOf(asked: Promise<unknown>): Promise<{ failure: unknown; after: number }> {
  const began = performance.now()
  const failure = await asked.then(
    () => 'an answer',
    error => error,
  )
  return { failure, after: performance.now() - began }
}

describe('a request to Elasticsearch', () => {
  it('ends after its time where no answer comes', async () => {
    const client = await clientOf(() => undefined)
    const { failure, after } = await failureOf(client.search({ index: 'a' }))
    expect(failure).toBeInstanceOf(errors.TimeoutError)
    expect(after).toBeLessThan(TIMEOUT * 5)
  })

  it('ends after its time where the answer trickles in for ever', async () => {
    const client = await clientOf(async (_, answer) => {
      answer.writeHead(200, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' })
      while (!answer.destroyed) {
        answer.write(' ')
        await pause(TIMEOUT / 10)
      }
    })
    const { failure, after } = await failureOf(client.search({ index: 'a' }))
    expect(failure).toBeInstanceOf(errors.TimeoutError)
    expect(after).toBeLessThan(TIMEOUT * 5)
  })

  it('ends at once where its caller gives up, and leaves the signal of the caller alone otherwise', async () => {
    const client = await clientOf(() => undefined)
    const caller = new AbortController()
    const timedOut = await failureOf(client.search({ index: 'a' }, { signal: caller.signal }))
    expect(timedOut.failure).toBeInstanceOf(errors.TimeoutError)
    expect(caller.signal.aborted).toBe(false)
    const asked = failureOf(client.search({ index: 'a' }, { signal: caller.signal }))
    await pause(20)
    caller.abort()
    const { failure, after } = await asked
    expect(failure).toBeInstanceOf(errors.RequestAbortedError)
    expect(after).toBeLessThan(TIMEOUT)
  })
})
