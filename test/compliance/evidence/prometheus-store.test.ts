import { describe, expect, it } from '@jest/globals'
import { prometheusStore, readPrometheusConnection } from '../../../compliance/evidence/prometheus-store.ts'
import { MINUTE_MS } from '../../../core/clock.ts'
import { prometheusSettings } from '../../../core/config/prometheus.ts'
import type { Fetch } from '../../../service/http-client/bounded-fetch.ts'

const signal = new AbortController().signal
const url = 'http://prometheus.test:9090'

interface Sent {
  readonly url: string
  readonly init: RequestInit
}

/** A store whose server gives these answers in turn. */
function answering(...answers: readonly (Response | Error)[]) {
  const sent: Sent[] = []
  const fetch = (async (url: string, init: RequestInit) => {
    sent.push({ url, init })
    const answer = answers[Math.min(sent.length, answers.length) - 1] as Response | Error
    if (answer instanceof Error) throw answer
    return answer.clone()
  }) as unknown as Fetch
  const connection = { url, headers: { authorization: 'Bearer s3cret' }, secrets: ['s3cret'], timeout: 1_000, fetch }
  return { store: prometheusStore(connection), sent }
}

const success = (data: unknown, more: object = {}) => Response.json({ status: 'success', data, ...more })
const vector = (...result: readonly object[]) => success({ resultType: 'vector', result })

describe('a store of metrics', () => {
  it('asks as the HTTP API says, with its credentials, and reads a vector', async () => {
    const { store, sent } = answering(vector({ metric: { __name__: 'up', job: 'a' }, value: [1_790_000_000.5, '1'] }))
    expect(await store.instant('up{job="a"}', 1_790_000_000_500, signal)).toEqual([
      { labels: { __name__: 'up', job: 'a' }, samples: [[1_790_000_000_500, 1]] },
    ])
    expect(sent[0]?.url).toBe(`${url}/api/v1/query`)
    expect(sent[0]?.init.method).toBe('POST')
    expect(sent[0]?.init.headers).toMatchObject({ authorization: 'Bearer s3cret' })
    expect(sent[0]?.init.body).toBe('query=up%7Bjob%3D%22a%22%7D&time=1790000000.5')
  })

  it('reads a matrix, a scalar, and leaves out what is no finite number', async () => {
    const matrix = {
      resultType: 'matrix',
      result: [
        {
          metric: {},
          values: [
            [1, '5'],
            [2, 'NaN'],
            [3, '+Inf'],
            [4, '1e3'],
          ],
        },
      ],
    }
    expect(await answering(success(matrix)).store.instant('x[5m]', 0, signal)).toEqual([
      {
        labels: {},
        samples: [
          [1_000, 5],
          [4_000, 1_000],
        ],
      },
    ])
    expect(await answering(success({ resultType: 'scalar', result: [1, '7'] })).store.instant('7', 0, signal)).toEqual([
      { labels: {}, samples: [[1_000, 7]] },
    ])
    expect(await answering(vector({ metric: {}, value: [1, 'NaN'] })).store.instant('x', 0, signal)).toEqual([])
  })

  it('asks for a long range in parts that Prometheus answers, and joins them', async () => {
    const part = (time: number) =>
      success({ resultType: 'matrix', result: [{ metric: { a: 'b' }, values: [[time, '1']] }] })
    const { store, sent } = answering(part(1), part(2), part(3))
    const window = { start: 0, end: 25_000 * MINUTE_MS, step: MINUTE_MS }
    expect(await store.range('x', window, signal)).toEqual([
      {
        labels: { a: 'b' },
        samples: [
          [1_000, 1],
          [2_000, 1],
          [3_000, 1],
        ],
      },
    ])
    const asked = sent.map(({ init }) => Object.fromEntries(new URLSearchParams(String(init.body))))
    expect(asked.map(({ start, end }) => [Number(start) / 60, Number(end) / 60])).toEqual([
      [0, 9_999],
      [10_000, 19_999],
      [20_000, 25_000],
    ])
  })

  it('lists no alert rule whose evaluation fails: it never fires', async () => {
    const rule = (name: string, health: string) => ({ type: 'alerting', name, health })
    const rules = [rule('A', 'ok'), rule('B', 'err'), rule('C', 'ok'), rule('C', 'err'), rule('D', 'unknown')]
    expect(await answering(success({ groups: [{ rules }] })).store.alertRules?.(signal)).toEqual(['A', 'D'])
  })

  it('lists the names of alert rules', async () => {
    const rules = [
      { type: 'alerting', name: 'B' },
      { type: 'recording', name: 'job:x' },
      { type: 'alerting', name: 'A' },
    ]
    const { store, sent } = answering(success({ groups: [{ rules }, { rules: [{ type: 'alerting', name: 'A' }] }] }))
    expect(await store.alertRules?.(signal)).toEqual(['A', 'B'])
    expect(sent[0]?.init.method).toBeUndefined()
  })

  it.each<[string, Response | Error, RegExp]>([
    ['nothing listens', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), /cannot be reached: ECONNREFUSED$/],
    ['the credentials are refused', new Response('no', { status: 401 }), /refuses the credentials \(401\)/],
    [
      'an expression is refused, without the secret that the server quotes',
      Response.json({ status: 'error', errorType: 'bad_data', error: 'token s3cret\n\u001b[31m' }, { status: 400 }),
      /could not evaluate the expression: bad_data: token <secret> \S+\[31m$/,
    ],
    [
      'only a part was read',
      success({ resultType: 'vector', result: [] }, { warnings: ['store thanos-2 is unavailable'] }),
      /answered only in part: store thanos-2 is unavailable$/,
    ],
    [
      'a node of VictoriaMetrics did not answer',
      success({ resultType: 'vector', result: [] }, { isPartial: true }),
      /answered only in part$/,
    ],
    ['another program answers', new Response('<html>', { status: 200 }), /does not answer as Prometheus \(200\)/],
    ['a redirection', new Response('', { status: 302 }), /does not answer as Prometheus \(302\)/],
    ['JSON of another form', Response.json([]), /does not answer as Prometheus/],
    ['data of another form', success({ result: 5 }), /not as its documentation says/],
    ['a series of another form', vector({ metric: { a: 1 }, value: [1, '1'] }), /not as its documentation says/],
    ['a sample of another form', vector({ metric: {}, value: [1, 1] }), /not as its documentation says/],
    ['a native histogram', vector({ metric: {}, histogram: [1, {}] }), /not as its documentation says/],
  ])('is a fault in own words where %s', async (_, answer, words) => {
    await expect(answering(answer).store.instant('up', 0, signal)).rejects.toThrow(words)
  })

  it('is given up after two requests without an answer, and only in a row', async () => {
    const refused = Object.assign(new Error('x'), { code: 'ECONNREFUSED' })
    const { store, sent } = answering(refused, vector(), refused, refused, vector())
    const ask = () => store.instant('up', 0, signal).catch(String)
    expect([await ask(), await ask()]).toEqual([expect.stringMatching(/ECONNREFUSED$/), []])
    for (let request = 0; request < 4; request++) expect(await ask()).toMatch(/ECONNREFUSED$/)
    expect(sent).toHaveLength(4)
  })

  it('is ended by its signal', async () => {
    const end = new AbortController()
    end.abort(new Error('the end'))
    await expect(answering(vector()).store.instant('up', 0, end.signal)).rejects.toThrow('the end')
  })
})

describe('the connection to Prometheus', () => {
  const read = (settings: object, environment = {}) =>
    readPrometheusConnection(prometheusSettings.parse({ url, ...settings }), environment, 'compliance.prometheus.')

  it('has the credentials in headers and among what is never shown', async () => {
    const basic = await read({ username: 'reader', password: `\${PASSWORD}` }, { PASSWORD: 'pass' })
    expect(basic.headers.authorization).toBe(`Basic ${btoa('reader:pass')}`)
    expect(basic.secrets).toEqual(['pass', '', btoa('reader:pass')])
    const bearer = await read({ bearer_token: 'token', tenant: 'blue' })
    expect(bearer.headers).toEqual({ authorization: 'Bearer token', 'x-scope-orgid': 'blue' })
    expect((await read({})).headers).toEqual({})
  })

  it('names the key of a secret that cannot be read', async () => {
    await expect(read({ bearer_token_file: '/nowhere/token' })).rejects.toThrow(
      'compliance.prometheus.bearer_token_file',
    )
  })

  it.each<[object, string]>([
    [{ url: 'http://user:pass@prometheus.test' }, 'url'],
    [{ url: 'prometheus.test' }, 'url'],
    [{ url, username: 'a' }, 'password'],
    [{ url, username: 'a', password: 'b', bearer_token: 'c' }, 'username'],
    [{ url, ca_file: '/ca.pem' }, 'ca_file'],
    [{ url: 'https://x', client_cert_file: '/c.pem' }, 'client_key_file'],
  ])('is refused with %j at %s', (settings, key) => {
    expect(prometheusSettings.safeParse(settings).error?.issues.map(({ path }) => path.join('.'))).toEqual([key])
  })

  it('has its address without a slash at the end', async () => {
    expect((await read({ url: 'https://mimir.test/prometheus/' })).url).toBe('https://mimir.test/prometheus')
  })
})
