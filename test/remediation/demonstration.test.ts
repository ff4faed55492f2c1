import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { incidentStates } from '../../remediation/domain/incident.ts'
import { metricDefinitions } from '../../remediation/metrics/definitions.ts'
import { type Demonstration, startDemonstration } from './demonstration.ts'
import { stopAll } from './service.ts'

/** Incidents pass through these, and stay in none of them. */
/** States that pass, and those of kinds of step that are not shipped. */
const passing = ['received', 'blocking', 'acting', 'done', 'failed', 'undone']

describe('the demonstration', () => {
  let demonstration: Demonstration

  beforeAll(async () => {
    demonstration = await startDemonstration()
  }, 60_000)

  afterAll(stopAll)

  it('has an incident in every state that one can stay in', () => {
    const { incidents } = demonstration.service.ledger
    const counts = incidentStates
      .filter(state => !passing.includes(state))
      .map(state => [state, incidents.count(state)])
    expect(counts.filter(([, count]) => count === 0)).toEqual([])
  })

  it('has deliveries that wait, went out and died', () => {
    const { outbox } = demonstration.service.ledger
    for (const state of ['waiting', 'sent', 'dead'] as const) expect(outbox.count(state)).toBeGreaterThan(0)
  })

  it('has a sample of every series', async () => {
    const text = await (await fetch(`${demonstration.url}metrics`)).text()
    const without = metricDefinitions.filter(({ name }) => !new RegExp(`^${name}[ {]`, 'm').test(text))
    expect(without.map(({ name }) => name)).toEqual([])
  })

  it('has an audit trail that verifies, of records that hold what OCSF requires', () => {
    const { audit } = demonstration.service.ledger
    expect(audit.verify()).toMatchObject({ ok: true })
    for (const { sequence, record } of audit.page(0, 1_000)) {
      const { class_uid, activity_id, type_uid, severity_id, ...event } = JSON.parse(record)
      expect([7001, 7004]).toContain(class_uid)
      expect([1, 3, 99]).toContain(activity_id)
      expect(type_uid).toBe(class_uid * 100 + activity_id)
      expect(severity_id).toBeGreaterThanOrEqual(1)
      expect(event).toMatchObject({
        category_uid: 7,
        time: expect.any(Number),
        command_uid: expect.any(String),
        message: expect.any(String),
        metadata: { sequence, product: { name: 'clawtrust' }, version: expect.any(String) },
      })
      if (class_uid === 7004) expect(event.connection_info).toMatchObject({ direction_id: 1 })
    }
  })
})
