import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { errors } from '@elastic/elasticsearch'
import { afterEach, describe, expect, it } from '@jest/globals'
import { AnswerTooLarge, searchBytes } from '../../../service/elasticsearch/answer-bytes.ts'
import { createClient } from '../../../service/elasticsearch/connection.ts'

const HEADERS = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' }

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** What becomes of a search at a server that treats every request in the same way. */
async function searched(
  listener: RequestListener,
  { signal = new AbortController().signal, nodes = 1 } = {},
): Promise<unknown> {
  server = createServer(listener)
  await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const urls = Array.from({ length: nodes }, (_, node) => `http://127.0.0.1:${port}/${node}`)
  const client = createClient({ nodes: urls, requestTimeout: 300, compatibility: 9 })
  return searchBytes(client, { index: 'logs' }, { signal, largest: 1_000 }).catch(failure => failure)
}

describe('a search that is answered in bytes', () => {
  it('gives what came, unparsed', async () => {
    const answer = '{"text": "ü\\u00e9"}'
    expect(String(await searched((_, response) => response.writeHead(200, HEADERS).end(answer)))).toBe(answer)
  })

  it('fails with what Elasticsearch says', async () => {
    const error = { error: { type: 'index_not_found_exception', reason: 'no such index [logs]' }, status: 404 }
    const failure = await searched((_, response) => response.writeHead(404, HEADERS).end(JSON.stringify(error)))
    expect(failure).toBeInstanceOf(errors.ResponseError)
    expect(failure).toMatchObject({ statusCode: 404, body: error })
  })

  it('fails with what a proxy says in words', async () => {
    const failure = await searched((_, response) =>
      response.writeHead(502, { ...HEADERS, 'content-type': 'text/plain' }).end('Bad Gateway'),
    )
    expect(failure).toMatchObject({ statusCode: 502, body: 'Bad Gateway' })
  })

  it('breaks off an answer that is too large, and its connection', async () => {
    let isClosed = false
    const failure = await searched((_, response) => {
      response.on('close', () => {
        isClosed = true
      })
      response.writeHead(200, HEADERS).write('x'.repeat(2_000))
    })
    expect(failure).toBeInstanceOf(AnswerTooLarge)
    while (!isClosed) await new Promise(resolve => setTimeout(resolve, 5))
  })

  it('ends after its time where the answer stops in the middle', async () => {
    const failure = await searched((_, response) => response.writeHead(200, HEADERS).write('{"took":'))
    expect(failure).toBeInstanceOf(errors.TimeoutError)
  })

  it('fails where the connection is lost in the middle of the answer', async () => {
    const failure = await searched((_, response) => {
      response.writeHead(200, { ...HEADERS, 'content-length': 100 }).write('{"took":')
      setTimeout(() => response.destroy(), 20)
    })
    expect(failure).toBeInstanceOf(errors.ConnectionError)
  })

  it('ends when its caller gives up', async () => {
    const caller = new AbortController()
    const asked = searched(
      (_, response) => {
        response.writeHead(200, HEADERS).write('{"took":')
        setTimeout(() => caller.abort(new Error('given up')), 20)
      },
      { signal: caller.signal },
    )
    expect(await asked).toBeInstanceOf(errors.ConnectionError)
  })

  it('is tried at the next node where one cannot search now', async () => {
    let asked = 0
    const answers: RequestListener = (_, response) => {
      response.writeHead(asked++ === 0 ? 503 : 200, HEADERS).end('{}')
    }
    expect(String(await searched(answers, { nodes: 2 }))).toBe('{}')
    expect(asked).toBe(2)
  })

  it('is refused where what answers is no Elasticsearch', async () => {
    const headers = { 'content-type': 'application/json' }
    const failure = await searched((_, response) => response.writeHead(200, headers).end('{}'))
    expect(failure).toBeInstanceOf(errors.ProductNotSupportedError)
  })
})
