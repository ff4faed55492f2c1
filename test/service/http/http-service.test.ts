import { once } from 'node:events'
import { get } from 'node:http'
import { createConnection } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { ClawtrustError } from '../../../core/errors.ts'
import { EXPOSITION, startService, stopAll } from './fixtures.ts'

afterEach(stopAll)

describe('/metrics', () => {
  it('streams the text format', async () => {
    const { url } = await startService()
    const response = await fetch(`${url}metrics`, { headers: { 'accept-encoding': 'identity' } })
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(response.headers.get('content-encoding')).toBeNull()
    expect(await response.text()).toBe(EXPOSITION)
  })

  it('is compressed where the client takes gzip', async () => {
    const { url } = await startService()
    const asked = get(`${url}metrics`, { headers: { 'accept-encoding': 'br, gzip;q=0.5' }, agent: false })
    const [response] = await once(asked, 'response')
    expect(response.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(await buffer(response)).toString()).toBe(EXPOSITION)
  })

  it.each([
    ['*/*', 'text', 'text/plain; version=0.0.4; charset=utf-8'],
    ['application/openmetrics-text', 'openmetrics', 'application/openmetrics-text; version=1.0.0; charset=utf-8'],
  ])('is in the format that the client prefers, also compressed: %s', async (accept, format, contentType) => {
    const { url } = await startService({
      exposition: async function* (asked) {
        yield `${asked}\n`
      },
    })
    for (const encoding of ['identity', 'gzip']) {
      const headers = { accept, 'accept-encoding': encoding }
      const response = await fetch(`${url}metrics`, { headers })
      expect(response.headers.get('content-type')).toBe(contentType)
      expect(response.headers.get('vary')).toBe('Accept, Accept-Encoding')
      expect(await response.text()).toBe(`${format}\n`)
    }
    const head = await fetch(`${url}metrics`, { method: 'HEAD', headers: { accept } })
    expect(head.headers.get('content-type')).toBe(contentType)
  })

  it('answers HEAD with the headers alone', async () => {
    const { url } = await startService({
      exposition: () => {
        throw new Error('a HEAD renders nothing')
      },
    })
    const response = await fetch(`${url}metrics`, { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('version=0.0.4')
  })

  it('refuses a scrape beyond the limit, and takes one again when another has ended or was given up', async () => {
    const gate = Promise.withResolvers<void>()
    let refused = 0
    const { url } = await startService({
      maxScrapes: 1,
      scrapeRefused: () => {
        refused += 1
      },
      exposition: async function* () {
        yield 'first\n'
        await gate.promise
      },
    })
    const given = new AbortController()
    const first = await fetch(`${url}metrics`, { signal: given.signal })
    expect((await fetch(`${url}metrics`)).status).toBe(503)
    expect(refused).toBe(1)
    given.abort()
    await first.text().catch(() => {})
    gate.resolve()
    let status = 503
    for (let turn = 0; turn < 50 && status === 503; turn++) status = (await fetch(`${url}metrics`)).status
    expect(status).toBe(200)
  })

  it('ends a scrape that is under way before the service stops', async () => {
    const { url, service } = await startService({
      exposition: async function* () {
        yield 'first\n'
        await new Promise(resolve => setTimeout(resolve, 50))
        yield 'last\n'
      },
    })
    const response = await fetch(`${url}metrics`)
    const stopped = service.stop()
    expect(await response.text()).toBe('first\nlast\n')
    await stopped
    await expect(fetch(url)).rejects.toThrow()
  })
})

/** All but setTimeout. */
const doNotFake = [
  'Date',
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
] as const

describe('a stop', () => {
  it('does not wait for connections that are kept alive or were opened and never used', async () => {
    const { url, service } = await startService()
    await (await fetch(url)).text()
    const unused = createConnection(Number(new URL(url).port), '127.0.0.1')
    await once(unused, 'connect')
    await fetch(`${url}-/healthy`)
    // The timer that closes connections by force never fires: a stop that waited for them would not end.
    jest.useFakeTimers({ doNotFake: [...doNotFake] })
    try {
      await service.stop()
    } finally {
      jest.useRealTimers()
    }
    unused.destroy()
  })
})

describe('the endpoints', () => {
  it('tell healthy, ready, and what is awaited until then', async () => {
    let awaited: string | undefined = 'The backlog of the source gateway is still being read.'
    const { url } = await startService({ notReady: () => awaited })
    expect((await fetch(`${url}-/healthy`)).status).toBe(200)
    const early = await fetch(`${url}-/ready`)
    expect([early.status, await early.text()]).toEqual([503, `${awaited}\n`])
    awaited = undefined
    expect((await fetch(`${url}-/ready`)).status).toBe(200)
  })

  it('reload by POST alone, and tell why the configuration was refused', async () => {
    let reloads = 0
    const { url } = await startService({
      reload: async () => {
        reloads += 1
        if (reloads === 2) throw new ClawtrustError('CONFIG_INVALID', 'clawtrust.yml:3: port must be a number')
        if (reloads === 3) throw new Error('something inside')
      },
    })
    expect((await fetch(`${url}-/reload`)).status).toBe(404)
    const reload = async () => {
      const response = await fetch(`${url}-/reload`, { method: 'POST' })
      return [response.status, await response.text()]
    }
    expect(await reload()).toEqual([200, 'Configuration reloaded.\n'])
    const refused = 'Configuration reload failed; the previous configuration stays in force:'
    expect(await reload()).toEqual([500, `${refused} clawtrust.yml:3: port must be a number\n`])
    expect(await reload()).toEqual([500, `${refused} See the log.\n`])
  })

  it.each([
    [{ origin: 'https://evil.example' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 200],
  ])('do not reload for a page of another site: %j', async (headers, status) => {
    const { url } = await startService()
    expect((await fetch(`${url}-/reload`, { method: 'POST', headers })).status).toBe(status)
  })

  it('check no JSON schema: a route that has one is refused at the start', async () => {
    const schema = { querystring: { type: 'object', required: ['at'] } }
    const starting = startService({ routes: app => void app.get('/breaker', { schema }, async () => 'part') })
    await expect(starting).rejects.toMatchObject({
      cause: { message: expect.stringContaining('which this service does not check') },
    })
  })

  it("serve the page with its own headers and a part's routes behind the same rules", async () => {
    const { url } = await startService({ routes: app => void app.get('/breaker', async () => 'part') })
    const page = await fetch(url)
    expect(await page.text()).toBe('<!doctype html>page')
    expect(page.headers.get('x-frame-options')).toBe('sameorigin')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await (await fetch(`${url}breaker`)).text()).toBe('part')
  })

  it('ask to try again where that may succeed', async () => {
    const page = () => {
      throw new ClawtrustError('STATE_WRITE_FAILED', 'The ledger cannot be written.', { recoverable: true })
    }
    const { url } = await startService({ page })
    const response = await fetch(url)
    expect([response.status, await response.text()]).toEqual([503, 'The request failed; try again, or see the log.\n'])
  })

  it('tell nothing of the inside: no version, no stack', async () => {
    const { url, log } = await startService({
      page: () => {
        throw new Error('secret detail')
      },
    })
    const response = await fetch(url)
    expect([response.status, await response.text()]).toEqual([500, 'The request failed; see the log.\n'])
    expect(response.headers.has('server') || response.headers.has('x-powered-by')).toBe(false)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(log.join('')).toMatch(/error\.name=Error error\.stack=/)
    expect(log.join('')).not.toContain('secret detail')
    expect(await (await fetch(`${url}nowhere`)).text()).toBe('Not found.\n')
  })

  it('refuse a body and headers that are too large', async () => {
    const { url } = await startService({ routes: app => void app.post('/alertmanager', async () => 'taken') })
    const large = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(1_100_000) }
    expect((await fetch(`${url}alertmanager`, large)).status).toBe(413)
    const socket = createConnection(Number(new URL(url).port), '127.0.0.1')
    socket.write(`GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1\.1 431 /)
  })
})

describe('the listener', () => {
  it('says with one sentence that a port is taken', async () => {
    const { url } = await startService()
    const port = Number(new URL(url).port)
    await expect(startService({ listen: { host: '127.0.0.1', port } })).rejects.toThrow(
      `127.0.0.1:${port} cannot be used to listen (EADDRINUSE); choose another address or port`,
    )
  })

  it('is not opened beyond loopback without authentication, unless that is allowed', async () => {
    const listen = { host: '0.0.0.0', port: 0 }
    await expect(startService({ listen })).rejects.toThrow('without authentication')
    const { url } = await startService({ listen, allowUnauthenticated: true })
    expect(url).toMatch(/^http:\/\/localhost:\d+\/$/)
  })
})
