import { describe, expect, it } from '@jest/globals'
import fastify from 'fastify'
import { DAY_MS } from '../../../../core/clock.ts'
import { Posture } from '../../../../exporter/pipeline/posture/posture.ts'
import { postureRoutes } from '../../../../exporter/web/api/posture.ts'
import { createSeriesStore } from '../../../../service/series/store.ts'
import { NOON } from '../../pipeline/fixtures.ts'

function bench(user?: string) {
  const store = createSeriesStore()
  const posture = new Posture({ store, onEvicted: () => undefined })
  const clock = { time: NOON, now: () => clock.time }
  const app = fastify()
  app.decorateRequest('client')
  app.addHook('onRequest', async request => {
    request.client = user === undefined ? {} : { user }
  })
  const logged: unknown[] = []
  postureRoutes({ posture: () => posture, clock, logger: { info: (_words, fields) => logged.push(fields) } })(app)
  posture.see(
    { gateway: 'gw-1', trustZone: 'z' },
    {
      producer: 'openclaw-audit',
      findings: [
        { check: 'models.legacy', target: '', severity: 'medium', summary: 'Old models' },
        { check: 'gateway.bind_no_auth', target: '', severity: 'critical', summary: 'No auth' },
      ],
      facts: {},
      time: NOON,
    },
    NOON,
  )
  const exposed = async () => {
    posture.clockReached(clock.time)
    let text = ''
    for await (const slice of store.render()) text += slice
    return text.split('\n').filter(line => /^clawtrust_posture(?:_accepted)?_findings\{.*bind_no_auth/.test(line))
  }
  const get = async () => (await app.inject('/api/v1/posture')).json()
  const post = (what: string, payload: object) =>
    app.inject({ method: 'POST', url: `/api/v1/posture/${what}`, payload })
  return { clock, get, post, exposed, logged }
}

const accepted = { check: 'gateway.bind_no_auth', gateway: 'gw-1', why: 'a lab', for: '1d', who: 'ann' }

describe('the address of the posture', () => {
  it('lists what is open, the most severe first, and whether it is known', async () => {
    const { clock, get } = bench()
    expect(await get()).toMatchObject({
      snapshots: [{ gateway: 'gw-1', producer: 'openclaw-audit', time: '2026-11-23T12:00:00.000Z', valid: true }],
      findings: [
        { check: 'gateway.bind_no_auth', severity: 'critical', summary: 'No auth', accepted: null },
        { check: 'models.legacy' },
      ],
      acceptances: [],
    })
    clock.time += 2 * DAY_MS
    expect(await get()).toMatchObject({ snapshots: [{ valid: false }], findings: [] })
  })

  it('takes an acceptance with who, why and until when; it is exposed as accepted until it ends', async () => {
    const { clock, get, post, exposed, logged } = bench()
    const place = '{gateway="gw-1",trust_zone="z",check="gateway.bind_no_auth",severity="critical"}'
    expect(await exposed()).toEqual([`clawtrust_posture_findings${place} 1`])
    expect((await post('accept', accepted)).json()).toMatchObject({ who: 'ann', until: '2026-11-24T12:00:00.000Z' })
    expect(await exposed()).toEqual([`clawtrust_posture_accepted_findings${place} 1`])
    expect((await get()).findings[0].accepted).toMatchObject({ who: 'ann', why: 'a lab', in_force: true })
    expect(logged).toMatchObject([{ check: 'gateway.bind_no_auth', who: 'ann', why: 'a lab' }])
    clock.time += DAY_MS
    expect(await exposed()).toEqual([`clawtrust_posture_findings${place} 1`])
    expect((await get()).acceptances).toMatchObject([{ in_force: false, ended_by: null }])
  })

  it('ends an acceptance before its time, and names who did', async () => {
    const { get, post, exposed } = bench('bob')
    expect((await post('accept', accepted)).json().who).toBe('bob')
    expect((await post('expire', { check: accepted.check, gateway: 'gw-1' })).json()).toEqual({ ended: 1 })
    expect((await exposed())[0]).toMatch(/^clawtrust_posture_findings/)
    expect((await get()).acceptances).toMatchObject([{ ended_by: 'bob' }])
    expect((await post('expire', { check: accepted.check })).statusCode).toBe(404)
  })

  it.each([
    [{ ...accepted, check: 'nothing' }, 'check must be a check such as gateway.bind_no_auth'],
    [{ ...accepted, why: undefined }, 'why is missing'],
    [{ ...accepted, for: 'ever' }, 'for must be a duration'],
    [{ ...accepted, check: 'other' }, 'target is missing; without it, every finding that is not known yet'],
  ])('refuses what is wrong: %j', async (payload, sentence) => {
    const answer = await bench().post('accept', payload)
    expect([answer.statusCode, answer.json().error]).toEqual([400, expect.stringContaining(sentence)])
  })
})
