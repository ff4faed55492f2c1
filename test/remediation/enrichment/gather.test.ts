import { describe, expect, it } from '@jest/globals'
import { DAY_MS, HOUR_MS } from '../../../core/clock.ts'
import { parseTarget, type Target } from '../../../core/net/target.ts'
import { Secret } from '../../../core/secret.ts'
import { combine } from '../../../remediation/domain/evidence.ts'
import { gatherEvidence } from '../../../remediation/enrichment/gather.ts'
import { HttpProvider } from '../../../remediation/enrichment/http-provider.ts'
import { QuestionBudget } from '../../../remediation/enrichment/question-budget.ts'
import type { Fetch } from '../../../service/http-client/bounded-fetch.ts'

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
    header: 'x-api-key',
    score: 'scores.overall',
    malicious_from: 4,
    benign_to: 0,
    cache: HOUR_MS,
    budget: 3,
    timeout: 50,
  }
  const clock = { passed: 0, now: () => clock.passed, monotonic: () => clock.passed }
  const provider = (answer: () => Promise<Response>, kept = new Map<string, unknown>()) => {
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
    const source = new HttpProvider(config, new Secret('key'), { budget, fetch: fetcher, clock })
    const ask = (address: string) => source.ask(target(address), new AbortController().signal)
    return { asked, ask, source }
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

  it('that hangs holds nobody up beyond the deadline', async () => {
    const { source } = provider(() => new Promise(() => {}))
    const evidence = await gatherEvidence(target('192.0.2.1'), { sources: [source], deadline: 30 })
    expect(evidence).toEqual({
      verdict: 'unknown',
      findings: [{ source: 'cti', verdict: 'unknown', detail: 'no answer by the deadline' }],
    })
  })
})
