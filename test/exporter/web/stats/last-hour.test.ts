import { describe, expect, it } from '@jest/globals'
import { HOUR_MS, MINUTE_MS } from '../../../../core/clock.ts'
import { LastHour } from '../../../../exporter/web/stats/last-hour.ts'
import { failure, NOON } from '../page/model-facts.ts'

const clock = { now: () => NOON }

describe('the last hour', () => {
  it('ranks reasons by their events', () => {
    const hour = new LastHour(clock)
    hour.onEvent(failure({ count: 2 }))
    hour.onEvent(failure({ labels: { reason: 'device-required' }, count: 3 }))
    expect(hour.reasons('agent-control', 'auth_failures', NOON)).toEqual([
      { name: 'device-required', count: 3 },
      { name: 'token_mismatch', count: 2 },
    ])
  })

  it('lets an event go when its minute has left the hour', () => {
    const hour = new LastHour(clock)
    hour.onEvent(failure({ eventTime: NOON }))
    expect(hour.reasons('agent-control', 'auth_failures', NOON + HOUR_MS - MINUTE_MS)).toHaveLength(1)
    expect(hour.reasons('agent-control', 'auth_failures', NOON + HOUR_MS)).toEqual([])
  })

  it('passes over what happened before it', () => {
    const hour = new LastHour(clock)
    hour.onEvent(failure({ eventTime: NOON - HOUR_MS }))
    expect(hour.reasons('agent-control', 'auth_failures', NOON)).toEqual([])
  })

  it('is not emptied by an event dated ahead of the clock', () => {
    const hour = new LastHour(clock)
    hour.onEvent(failure({}))
    hour.onEvent(failure({ eventTime: NOON + 10 * HOUR_MS }))
    expect(hour.reasons('agent-control', 'auth_failures', NOON)).toEqual([{ name: 'token_mismatch', count: 2 }])
  })
})
