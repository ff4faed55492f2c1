import { describe, expect, it } from '@jest/globals'
import { DAY_MS, HOUR_MS } from '../../../core/clock.ts'
import { parseTarget, type Target } from '../../../core/net/target.ts'
import { Secret } from '../../../core/secret.ts'
import { combine } from '../../../remediation/domain/evidence.ts'
import { enrichmentSchema } from '../../../remediation/enrichment/config.ts'
import { gatherEvidence } from '../../../remediation/enrichment/gather.ts'
import { HttpProvider } from '../../../remediation/enrichment/http-provider.ts'
import { QuestionBudget } from '../../../remediation/enrichment/question-budget.ts'
import type { Fetch } from '../../../service/http-client/bounded-fetch.ts'
import { createLogger } from '../../../service/log/logger.ts'

const target = (text: string) => parseTarget(text) as Target
const finding = (verdict: 'malicious' | 'benign' | 'unknown') => ({ source: verdict, verdict, detail: '' })

describe('several findings', () => {
  it.each([
    [[], 'unknown'],
    [['unknown', 'malicious'], 'malicious'],
    [['unknown', 'benign'], 'benign'],
    [['malicious', 'benign'], 'unknown'],
    [['unknown', 'unknown'], 'unknown'],
  ] as const)('%j are together %s', (verdicts, verdict) => {
    expect(combine(verdicts.map(finding))).toBe(verdict)
  })
})

describe('a provider that is asked over HTTP', () => {
  const config = {
    type: 'http' as const,
    name: 'cti',
    url: 'https://cti.example/{address}',
    allow_http: false,
    header: 'x-api-key',
    score: 'scores.overall',
    malicious_from: 4,
    benign_to: 0,
    cache: HOUR_MS,
    budget: 3,
    timeout: 50,
  }
  const clock = { passed: 0, now: () => clock.passed, monotonic: () => clock.passed }
  const provider = (
    answer: () => Promise<Response>,
    kept = new Map<string, unknown>(),
    { timeout }: { readonly timeout: number } = config,
  ) => {
    const asked: { url: string; headers: unknown }[] = []
    const fetcher: Fetch = (url, init) => {
      asked.push({ url: String(url), headers: init?.headers })
      return answer()
    }
    clock.passed = 0
    const store = {
      read: (name: string) => kept.get(name),
      write: (name: string, value: unknown) => kept.set(name, value),
    }
    const budget = new QuestionBudget(config.name, config.budget, store, clock)
    const counted: string[] = []
    const log: string[] = []
    const logger = createLogger({ destination: { write: line => log.push(line) } })
    const count = (result: string) => void counted.push(result)
    const source = new HttpProvider({ ...config, timeout }, new Secret('key'), {
      budget,
      fetch: fetcher,
      clock,
      logger,
      count,
    })
    const ask = (address: string) => source.ask(target(address), new AbortController().signal)
    return { asked, ask, source, counted, log }
  }
  const scored = (score: unknown) => async () => Response.json({ scores: { overall: score } })

  it.each([
    [5, 'malicious'],
    [4, 'malicious'],
    [3, 'unknown'],
    [0, 'benign'],
    ['5', 'unknown'],
    [undefined, 'unknown'],
  ])('with score %j says %s', async (score, verdict) => {
    expect(await provider(scored(score)).ask('192.0.2.1')).toMatchObject({ source: 'cti', verdict })
  })

  it('is told the key in its header, and the address in its place', async () => {
    const { asked, ask } = provider(scored(5))
    await ask('2001:db8::1')
    expect(asked).toEqual([
      { url: 'https://cti.example/2001%3Adb8%3A%3A1', headers: { accept: 'application/json', 'x-api-key': 'key' } },
    ])
  })

  it('is asked once for an address in the time that an answer is kept', async () => {
    const { asked, ask } = provider(scored(5))
    await ask('192.0.2.1')
    clock.passed = HOUR_MS - 1
    expect(await ask('192.0.2.1')).toMatchObject({ verdict: 'malicious', ageSeconds: 3_600 })
    expect(asked).toHaveLength(1)
    clock.passed = HOUR_MS
    await ask('192.0.2.1')
    expect(asked).toHaveLength(2)
  })

  it('is not asked beyond its budget of a day', async () => {
    const { asked, ask } = provider(scored(5))
    for (const host of [1, 2, 3]) await ask(`192.0.2.${host}`)
    expect(await ask('192.0.2.4')).toMatchObject({ verdict: 'unknown', detail: 'the budget of questions is spent' })
    clock.passed = DAY_MS
    expect(await ask('192.0.2.4')).toMatchObject({ verdict: 'malicious' })
    expect(asked).toHaveLength(4)
  })

  it('is down, and said once to be, while questions are not asked because its budget is spent', async () => {
    const { ask, source, log } = provider(scored(5))
    for (const host of [1, 2, 3]) await ask(`192.0.2.${host}`)
    expect(source.state()).toEqual({ up: true })
    for (const host of [4, 5]) await ask(`192.0.2.${host}`)
    expect(source.state()).toEqual({ up: false, trouble: 'the questions of a day are spent (budget)' })
    expect(log.filter(line => line.includes('are spent'))).toHaveLength(1)
    clock.passed = DAY_MS
    expect(source.state()).toEqual({ up: true })
    await ask('192.0.2.6')
    expect(source.state()).toEqual({ up: true })
  })

  it('is not asked beyond its budget by being started again', async () => {
    const kept = new Map<string, unknown>()
    const first = provider(scored(5), kept)
    for (const host of [1, 2]) await first.ask(`192.0.2.${host}`)
    const second = provider(scored(5), kept)
    expect(await second.ask('192.0.2.3')).toMatchObject({ verdict: 'malicious' })
    expect(await second.ask('192.0.2.4')).toMatchObject({ detail: 'the budget of questions is spent' })
  })

  it.each([
    ['is down', () => Promise.reject(new TypeError('fetch failed'))],
    ['limits us', async () => new Response('', { status: 429 })],
    ['answers nonsense', async () => new Response('<html>')],
    ['knows nothing', async () => new Response('', { status: 404 })],
  ])('is unknown, never benign, where it %s', async (_, answer) => {
    expect(await provider(answer).ask('192.0.2.1')).toMatchObject({ verdict: 'unknown' })
  })

  it('says of a network of which it knows nothing what it said of a host in it', async () => {
    const network = provider(async () => new Response('', { status: 422 }))
    expect(await network.ask('2001:db8::/64')).toMatchObject({ verdict: 'unknown' })
    // A provider that takes no networks does not fail.
    expect(network.source.state()).toEqual({ up: true })
    let score: unknown = 5
    const both = provider(async () => Response.json({ scores: { overall: score } }))
    await both.ask('2001:db8::1')
    score = 2
    expect(await both.ask('2001:db8::/64')).toMatchObject({
      verdict: 'malicious',
      detail: 'score 5 of 2001:db8::1 in it',
    })
    expect(await both.ask('2001:db8:1::/64')).toMatchObject({ verdict: 'unknown', detail: 'score 2' })
    // The budget of questions is spent.
    expect(await both.ask('2001:db8::/63')).toMatchObject({ verdict: 'malicious' })
  })

  it('that fails says so in its state and once in the log, until it answers again', async () => {
    let answer = async () => new Response('', { status: 503 })
    const { ask, source, counted, log } = provider(() => answer())
    expect(source.state()).toEqual({})
    await ask('192.0.2.1')
    await ask('192.0.2.2')
    expect(source.state()).toEqual({ up: false, trouble: 'the provider fails (the provider answered 503)' })
    answer = scored(5)
    await ask('192.0.2.3')
    expect(source.state()).toEqual({ up: true })
    await ask('192.0.2.4')
    expect(counted).toEqual(['failed', 'failed', 'answered', 'over_budget'])
    expect(log.map(line => /msg="(.*)"/.exec(line)?.[1])).toEqual([
      'A threat intelligence provider fails; its verdict is unknown.',
      'A threat intelligence provider answers again.',
      'The questions of a day to a threat intelligence provider are spent; its verdict is unknown.',
    ])
  })

  it.each([
    ['1e999', 'the answer holds no score'],
    ['{"scores":{"overall":1e999}}', 'the answer holds no score'],
    ['{"scores":"constructor"}', 'the answer holds no score'],
    ['null', 'the answer holds no score'],
    ['{"scores":{"overall":5}', 'the answer is not JSON'],
    [`{"scores":{"overall":5},"more":"${'x'.repeat(300_000)}"}`, 'the answer is larger than 262144 bytes'],
  ])('is unknown where it answers %.40s', async (body, detail) => {
    expect(await provider(async () => new Response(body)).ask('192.0.2.1')).toMatchObject({
      verdict: 'unknown',
      detail,
    })
  })

  it.each([
    ['http://cti.example/{address}', {}, 'url'],
    ['http://cti.example/{address}', { allow_http: true }, undefined],
    ['https://cti.example/{address}', {}, undefined],
    ['https://u:p@cti.example/{address}', {}, 'url'],
    ['https://cti example/{address}', {}, 'url'],
    ['https://cti.example/{address}', { header: 'x key' }, 'header'],
  ])('at %s with %j is refused for its %s', (url, more, key) => {
    const source = { type: 'http', name: 'cti', url, score: 'score', malicious_from: 1, ...more }
    const result = enrichmentSchema.safeParse({ threat_intelligence: [source] })
    expect(result.error?.issues.map(({ path }) => path.at(-1))).toEqual(key === undefined ? undefined : [key])
  })

  it('that hangs holds nobody up beyond the deadline', async () => {
    const { source } = provider(() => new Promise(() => {}), new Map(), { timeout: 60_000 })
    const evidence = await gatherEvidence(target('192.0.2.1'), { sources: [source], deadline: 30 })
    expect(evidence).toEqual({
      verdict: 'unknown',
      findings: [{ source: 'cti', verdict: 'unknown', detail: 'no answer by the deadline', validFor: 60_000 }],
      validFor: 60_000,
    })
  })
})
