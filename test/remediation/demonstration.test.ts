import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { incidentStates } from '../../remediation/ledger/incidents.ts'
import { metricDefinitions } from '../../remediation/metrics/definitions.ts'
import { type Demonstration, startDemonstration } from './demonstration.ts'
import { stopAll } from './service.ts'

/** Incidents pass through these, and stay in none of them. */
const passing = ['received', 'blocking']

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

  it('has an audit trail that verifies', () => {
    expect(demonstration.service.ledger.audit.verify()).toMatchObject({ ok: true })
  })
})
