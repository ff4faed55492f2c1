import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import { type BoundedAnswer, boundedFetch, RequestFailed } from '../../../service/http-client/bounded-fetch.ts'

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/** Sends bytes for as long as the client takes them. */
const endless =
  (closed: PromiseWithResolvers<number>): RequestListener =>
  (_request, response) => {
    let sent = 0
    const more = () => {
      while (response.writable) {
        sent += 65_536
        if (!response.write(Buffer.alloc(65_536, 'x'))) return void response.once('drain', more)
      }
    }
    response.on('close', () => closed.resolve(sent))
    more()
  }

const ask = (url: string, more: { timeout?: number; largest?: number; signal?: AbortSignal } = {}) =>
  boundedFetch(fetch, url, { headers: {} }, { timeout: 20_000, largest: 100_000, ...more })

type BodySource = NonNullable<ConstructorParameters<typeof ReadableStream<Uint8Array>>[0]>

/** Its head is there at once: on a busy machine a connection may take longer than an answer is waited for. */
const bodyOf = (source: BodySource) => async () => new Response(new ReadableStream(source))
const short = { timeout: 200, largest: 2 ** 20 }

describe('an answer', () => {
  it('is read whole where it ends within its bounds', async () => {
    const url = await serving((_request, response) => response.writeHead(201).end('grüße'))
    expect(await ask(url)).toMatchObject({ status: 201, text: 'grüße' })
    expect(await ask(url)).not.toHaveProperty('incomplete')
  })

  it('without an end is read up to the limit, and its connection is closed', async () => {
    const closed = Promise.withResolvers<number>()
    const answer = await ask(await serving(endless(closed)))
    expect(answer.text).toHaveLength(100_000)
    expect(answer.incomplete).toBe('the answer is larger than 100000 bytes')
    // What the kernel buffers on both sides may have been sent as well.
    expect(await closed.promise).toBeLessThan(64 * 1024 * 1024)
  })

  it('without an end takes no memory beyond the limit, also from sixteen servers at once', async () => {
    const closed = Array.from({ length: 16 }, () => Promise.withResolvers<number>())
    const urls = await Promise.all(closed.map(one => serving(endless(one))))
    const answers = await Promise.all(urls.map(url => ask(url)))
    await Promise.all(closed.map(({ promise }) => promise))
    expect(answers.reduce((sum, { text }) => sum + text.length, 0)).toBe(1_600_000)
  })

  it('that stops in the middle is given up in time, with what was read', async () => {
    const stopping = bodyOf({ start: body => body.enqueue(Buffer.from('begun')) })
    const { text, incomplete } = await boundedFetch(stopping, 'http://127.0.0.1/', { headers: {} }, short)
    expect({ text, incomplete }).toEqual({ text: 'begun', incomplete: 'no answer within 200 ms' })
  })

  it('that trickles is given up in time, however alive it is', async () => {
    const trickling = bodyOf({
      pull: async body => {
        await nextTurn()
        body.enqueue(Buffer.from('.'))
      },
    })
    const { incomplete } = await boundedFetch(trickling, 'http://127.0.0.1/', { headers: {} }, short)
    expect(incomplete).toBe('no answer within 200 ms')
  })

  it('whose connection breaks says so by a code', async () => {
    const url = await serving((_request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('begun', () => response.destroy())
    })
    expect((await ask(url)).incomplete).toMatch(/^(?:UND_ERR_SOCKET|ECONNRESET)$/)
  })
})

describe('a request', () => {
  const failure = async (work: Promise<BoundedAnswer>): Promise<RequestFailed> => {
    const error = await work.catch(error => error)
    expect(error).toBeInstanceOf(RequestFailed)
    return error
  }

  it.each([
    ['an address that is none', 'secret', {}, 'the address is not an http or https URL'],
    ['another scheme', 'file:///secret', {}, 'the address is not an http or https URL'],
    [
      'credentials in its address',
      'http://u:secret@127.0.0.1/',
      {},
      'the address contains a user or a password; remove them',
    ],
    [
      'a header that cannot be sent',
      'http://127.0.0.1/',
      { authorization: 'secret\nsecret' },
      'the value of the header authorization holds characters that a header cannot hold',
    ],
  ])('with %s is refused in words of our own, for good', async (_, url, headers, words) => {
    const bounds = { timeout: 1_000, largest: 10 }
    const error = await failure(boundedFetch(fetch, url, { headers }, bounds))
    expect(error).toMatchObject({ message: words, retryable: false })
    expect(JSON.stringify([error.message, error.cause])).not.toContain('secret')
  })

  it('that nobody answers may be repeated', async () => {
    const url = await serving(() => {})
    expect(await failure(ask(url, { timeout: 100 }))).toMatchObject({
      message: 'no answer within 100 ms',
      retryable: true,
    })
    servers[0]?.closeAllConnections()
    servers[0]?.close()
    expect(await failure(ask(url))).toMatchObject({ message: 'ECONNREFUSED', retryable: true })
  })

  it('is given up by its signal, also by a fetch that does not follow it', async () => {
    const end = new AbortController()
    const asked = boundedFetch(
      () => new Promise(() => {}),
      'http://127.0.0.1/',
      { headers: {} },
      { timeout: 60_000, largest: 10, signal: end.signal },
    )
    end.abort()
    expect(await failure(asked)).toMatchObject({ message: 'the request was given up' })
  })

  it('quotes nothing of what fetch says', async () => {
    const quoting = async () => {
      throw new TypeError('Headers.append: "secret" is an invalid header value')
    }
    const asked = boundedFetch(quoting, 'http://127.0.0.1/', { headers: {} }, { timeout: 1_000, largest: 10 })
    expect((await failure(asked)).message).toBe('no connection')
  })
})
