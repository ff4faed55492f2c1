import { describe, expect, it } from '@jest/globals'
import fastify from 'fastify'
import { explainRoutes } from '../../../../exporter/web/api/explain.ts'
import { feedbackRoutes } from '../../../../exporter/web/api/feedback.ts'
import { type Bench, bench, countsOf, DAY, live, only, START } from '../../detection/fixtures.ts'

const NOW = (START + 4 * DAY) * 1000

function served(setup: Bench) {
  const app = fastify()
  const clock = { now: () => NOW, monotonic: () => 0 }
  explainRoutes({ scoring: () => setup.scoring, clock })(app)
  feedbackRoutes({ scoring: () => setup.scoring, clock, logger: { info() {} } })(app)
  return app
}

const word = {
  signal: 'auth_failures',
  trust_zone: 'agent-control',
  from: '2026-11-04T00:00:00Z',
  to: '2026-11-04T05:00:00Z',
  verdict: 'fine',
}

describe('the addresses of the scorer', () => {
  it('explain a score', async () => {
    const setup = bench()
    live(setup, countsOf(800))
    const answer = await served(setup).inject('/api/v1/explain?signal=auth_failures&trust_zone=agent-control')
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({ samples_seen: 800, score: only(setup).latest?.score })
  })

  it.each([
    ['signal=auth_failure&trust_zone=z', 400, 'signal must be one of'],
    ['signal=auth_failures', 400, 'trust_zone is missing'],
    ['signal=auth_failures&trust_zone=z&at=yesterday', 400, 'at must be a time such as'],
    ['signal=auth_failures&trust_zone=z&gatway=x', 400, 'did you mean "gateway"?'],
    ['signal=auth_failures&trust_zone=z', 404, 'not a scored series'],
  ])('say in a sentence what is wrong with %s', async (query, status, sentence) => {
    const answer = await served(bench()).inject(`/api/v1/explain?${query}`)
    expect(answer.statusCode).toBe(status)
    expect(answer.json().error).toContain(sentence)
  })

  it('take an operator’s word, list it and act by it', async () => {
    const setup = bench()
    live(setup, countsOf(2900, 2880))
    const app = served(setup)
    const answer = await app.inject({ method: 'POST', url: '/api/v1/feedback', payload: word })
    expect(answer.json()).toEqual({ series: 1, expires: '2026-12-04T05:00:00.000Z' })
    expect((await app.inject('/api/v1/feedback')).json()).toMatchObject([{ configured: false }])
    live(setup, countsOf(2905, 2880), 2900)
    expect([only(setup).latest?.active, only(setup).active]).toEqual([true, false])
  })

  it.each([
    [{ ...word, verdict: 'ok' }, 'verdict must be one of "mute", "fine"'],
    [{ ...word, to: word.from }, 'to must be later than from'],
    [{ ...word, from: '2020-11-04T00:00:00Z', to: '2020-11-05T00:00:00Z' }, 'already have expired'],
    [{}, 'signal is missing'],
  ])('refuse a word that is wrong: %j', async (payload, sentence) => {
    const setup = bench()
    const answer = await served(setup).inject({ method: 'POST', url: '/api/v1/feedback', payload })
    expect(answer.statusCode).toBe(400)
    expect(answer.json().error).toContain(sentence)
    expect(setup.scoring.feedbackStore.list(NOW)).toEqual([])
  })
})
