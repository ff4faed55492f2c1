import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from '@jest/globals'
import { systemClock } from '../../../../core/clock.ts'
import { Secret } from '../../../../core/secret.ts'
import type { Source } from '../../../../exporter/contracts/source.ts'
import { type LogRoutesOptions, logRoutes } from '../../../../exporter/web/api/logs.ts'
import type { Roles } from '../../../../service/http/roles.ts'
import { createLogger } from '../../../../service/log/logger.ts'
import { startService, stopAll } from '../../../service/http/fixtures.ts'
import { Receiving } from '../../sources/otlp/receiving.ts'
import { decodedResponse, encoded, requestOf, signIn } from '../../sources/otlp/requests.ts'
import { statusOf } from './otlp-status.ts'

const PROTOBUF = 'application/x-protobuf'
const JSON_TYPE = 'application/json'

const nobody = { anyone: false, users: [], certificates: [] }
const roles: Roles = {
  scrape: nobody,
  view: nobody,
  command: nobody,
  deliver: { ...nobody, token: new Secret('a-token-of-the-sender') },
}

let receiving: Receiving | undefined
afterEach(async () => {
  await receiving?.stop()
  await stopAll()
})

/** The route over a source that is read, committed every 20 ms. */
async function start(more: Partial<LogRoutesOptions> = {}, service: { roles?: () => Roles } = {}) {
  const to = new Receiving()
  receiving = to
  const committing = setInterval(() => to.commit(), 20).unref()
  const routes = logRoutes({
    sources: () => [to.source],
    notReady: () => undefined,
    clock: systemClock,
    logger: createLogger({ destination: { write: line => logged.push(line) } }),
    ...more,
  })
  const logged: string[] = []
  const { url } = await startService({ routes, ...service })
  const post = async (body: Uint8Array, headers: Record<string, string> = {}) => {
    const response = await fetch(new URL('/v1/logs', url), {
      method: 'POST',
      body,
      headers: { 'content-type': PROTOBUF, ...headers },
    })
    const bytes = new Uint8Array(await response.arrayBuffer())
    return { status: response.status, headers: response.headers, bytes, text: Buffer.from(bytes).toString() }
  }
  return { to, url, post, logged, committing }
}

const one = requestOf([signIn(1)])

describe('POST /v1/logs', () => {
  it('answers an empty ExportLogsServiceResponse in the encoding of the request, compressed or not', async () => {
    const { post, to } = await start()
    const plain = await post(encoded(one, 'protobuf'))
    expect([plain.status, plain.headers.get('content-type'), plain.bytes.length]).toEqual([200, PROTOBUF, 0])
    const compressed = await post(gzipSync(encoded(requestOf([signIn(2)]), 'protobuf')), { 'content-encoding': 'gzip' })
    expect(compressed.status).toBe(200)
    const json = await post(encoded(requestOf([signIn(3)]), 'json'), { 'content-type': `${JSON_TYPE}; charset=utf-8` })
    expect([json.status, json.headers.get('content-type'), json.text]).toEqual([200, JSON_TYPE, '{}'])
    expect(to.records).toHaveLength(3)
  })

  it('answers the number of rejected records as partial success', async () => {
    const { post } = await start()
    const request = requestOf([signIn(1), signIn(2, { body: { stringValue: 'x'.repeat(140_000) } })])
    const { status, bytes } = await post(encoded(request, 'protobuf'))
    expect(status).toBe(200)
    const partialSuccess = { rejectedLogRecords: 1, errorMessage: expect.stringMatching(/^Records .*\.$/) }
    expect(decodedResponse(bytes)).toEqual({ partialSuccess })
    const json = requestOf([signIn(1), signIn(3, { timeUnixNano: {} })])
    const { text } = await post(encoded(json, 'json'), { 'content-type': JSON_TYPE })
    expect(JSON.parse(text)).toMatchObject({ partialSuccess: { rejectedLogRecords: '1' } })
  })

  it('answers what is wrong with a google.rpc.Status in the encoding of the request', async () => {
    const { post, logged } = await start()
    const cases: readonly [Uint8Array, Record<string, string>, number, number][] = [
      [Buffer.from('garbage'), {}, 400, 3],
      [Buffer.from('{"resourceLogs":[{'), { 'content-type': JSON_TYPE }, 400, 3],
      [Buffer.from('{"resourceLogs":{}}'), { 'content-type': JSON_TYPE }, 400, 3],
      [Buffer.from('no gzip'), { 'content-encoding': 'gzip' }, 400, 3],
      [gzipSync(Buffer.alloc(1_000)).subarray(0, 20), { 'content-encoding': 'gzip' }, 400, 3],
      [Buffer.from('x'), { 'content-encoding': 'br' }, 415, 3],
      [Buffer.from('x'), { 'content-type': 'text/plain' }, 415, 3],
      [Buffer.alloc(16 * 2 ** 20 + 1), {}, 413, 8],
      [gzipSync(Buffer.alloc(64 * 2 ** 20)), { 'content-encoding': 'gzip' }, 413, 8],
      [Buffer.alloc(5 * 2 ** 20, ' '), { 'content-type': JSON_TYPE }, 413, 8],
      [Buffer.from('['.repeat(600_000)), { 'content-type': JSON_TYPE }, 413, 8],
    ]
    for (const [body, headers, status, code] of cases) {
      const answer = await post(body, headers)
      expect([headers, answer.status]).toEqual([headers, status])
      const { code: given, message } = statusOf(answer.bytes, answer.headers.get('content-type') ?? '')
      expect([given, message]).toEqual([code, expect.stringMatching(/^[A-Z].*\.$/)])
      expect(answer.headers.get('retry-after')).toBeNull()
    }
    // One line a minute, however many are refused.
    expect(logged).toHaveLength(1)
  })

  it('asks the sender to try again while it cannot count, and says so where no source is configured', async () => {
    const later = await start({ notReady: () => 'The state cannot be written.' })
    const busy = await later.post(encoded(one, 'protobuf'))
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '2'])
    expect(statusOf(busy.bytes, PROTOBUF)).toEqual({ code: 14, message: 'The state cannot be written.' })
    await later.to.stop()
    const stopped = await start({ sources: () => undefined })
    expect((await stopped.post(encoded(one, 'protobuf'))).status).toBe(503)
    await stopped.to.stop()
    const none = await start({ sources: (): Source[] => [] })
    const missing = await none.post(encoded(one, 'json'), { 'content-type': JSON_TYPE })
    expect([missing.status, JSON.parse(missing.text).code]).toEqual([404, 5])
  })

  it('answers 503 where a commit takes too long, and 200 to the repeat, with the record counted once', async () => {
    const { to, post, committing } = await start({ answerMs: 50 })
    clearInterval(committing)
    const late = await post(encoded(one, 'protobuf'))
    expect([late.status, late.headers.get('retry-after')]).toEqual([503, '2'])
    const repeat = post(encoded(one, 'protobuf'))
    await to.untilAwaited()
    await pause(5)
    to.commit()
    expect((await repeat).status).toBe(200)
    expect(to.committedIds).toHaveLength(1)
  })

  it('refuses a sender without the token of the role deliver, in the words of OTLP', async () => {
    const { post, to } = await start({}, { roles: () => roles })
    const none = await post(encoded(one, 'protobuf'))
    expect([none.status, statusOf(none.bytes, PROTOBUF).code]).toEqual([401, 16])
    const wrong = await post(encoded(one, 'json'), { 'content-type': JSON_TYPE, authorization: 'Bearer wrong' })
    expect([wrong.status, JSON.parse(wrong.text).code]).toEqual([401, 16])
    const right = await post(encoded(one, 'protobuf'), { authorization: 'Bearer a-token-of-the-sender' })
    expect(right.status).toBe(200)
    expect(to.records).toHaveLength(1)
  })

  it('holds no memory for bodies that are announced and not sent, or sent slowly, and answers others meanwhile', async () => {
    const { url, post } = await start()
    const { port } = new URL(url)
    const slow = Array.from({ length: 50 }, () => {
      const socket = connect(Number(port), '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write(
        `POST /v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${PROTOBUF}\r\nContent-Length: 16000000\r\n\r\n\n`,
      )
      return socket
    })
    await Promise.all(slow.map(socket => once(socket, 'connect')))
    expect((await post(encoded(one, 'protobuf'))).status).toBe(200)
    for (const socket of slow) socket.destroy()
  })
})
