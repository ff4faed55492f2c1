import { describe, expect, it } from '@jest/globals'
import { sendRequest } from '../../../service/delivery/http-request.ts'

const request = { url: 'https://receiver.example/hook', headers: {}, body: '{}' }

const send = (answer: () => Response | Promise<Response>, secrets: readonly string[] = [], timeout = 20_000) =>
  sendRequest(request, { fetch: async () => answer(), timeout, reference: 'key', secrets })

describe('a request that was answered', () => {
  it.each([
    ['with words', 'no such project', 'answered 400: no such project'],
    ['without words', ' \n', 'answered 400'],
    ['on many lines', 'no such\r\n\r\nproject', 'answered 400: no such project'],
    ['with what a terminal obeys', '\u001b[31mred\u202e', 'answered 400: \\x1b[31mred\\u202e'],
    ['at length', 'x'.repeat(5_000), `answered 400: ${'x'.repeat(200)}…`],
    ['with our token', 'bad token t0k3n', 'answered 400: bad token <secret>'],
    ['with our token in JSON', '{"token":"a\\"b"}', 'answered 400: {"token":"<secret>"}'],
    ['with our token in an address', '/bot1%3Aa/sendMessage', 'answered 400: /bot<secret>/sendMessage'],
  ])('keeps the refusal %s', async (_, body, detail) => {
    const result = await send(() => new Response(body, { status: 400 }), ['t0k3n', 'a"b', '1:a'])
    expect(result).toEqual({ ok: false, detail, retryable: false })
  })

  it.each([
    ['{"key":"SEC-7"}', { reference: 'SEC-7' }],
    ['{"key":7}', { reference: '7' }],
    ['{"key":"SEC-7\\n\\u001b"}', { reference: 'SEC-7 \\x1b' }],
    ['{"key":{"a":1}}', {}],
    ['{"key":null}', {}],
    ['null', {}],
    ['ok', {}],
  ])('keeps the reference in %s', async (body, more) => {
    expect(await send(() => new Response(body))).toEqual({
      ok: true,
      retryable: false,
      detail: 'answered 200',
      ...more,
    })
  })

  it('is sent also where the answer has no end: to send it again would repeat it', async () => {
    const pull = (controller: ReadableStreamDefaultController) => controller.enqueue(new Uint8Array(65_536))
    let isCancelled = false
    const cancel = () => {
      isCancelled = true
    }
    expect(await send(() => new Response(new ReadableStream({ pull, cancel })))).toMatchObject({ ok: true })
    expect(isCancelled).toBe(true)
    const silent = new ReadableStream({ cancel })
    expect(await send(() => new Response(silent), [], 50)).toMatchObject({ ok: true, detail: 'answered 200' })
  })
})
