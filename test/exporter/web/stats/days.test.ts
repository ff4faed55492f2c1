import { describe, expect, it } from '@jest/globals'
import { DAY_MS } from '../../../../core/clock.ts'
import { Days } from '../../../../exporter/web/stats/days.ts'
import { failure, NOON } from '../page/model-facts.ts'

const clock = { now: () => NOON }

describe('the days of a signal', () => {
  it('hold the events of each day by reason, most first', () => {
    const days = new Days(clock)
    days.onEvent(failure({ eventTime: NOON - DAY_MS, count: 2 }))
    days.onEvent(failure({ eventTime: NOON - DAY_MS, labels: { reason: 'rate_limited' }, count: 5 }))
    days.onEvent(failure({ eventTime: NOON }))
    const { days: starts, rows } = days.view(NOON)
    expect(starts).toEqual([NOON - 1.5 * DAY_MS, NOON - 0.5 * DAY_MS])
    expect(rows).toEqual([
      {
        trustZone: 'agent-control',
        signal: 'auth_failures',
        days: [
          [
            { name: 'rate_limited', count: 5 },
            { name: 'token_mismatch', count: 2 },
          ],
          [{ name: 'token_mismatch', count: 1 }],
        ],
      },
    ])
  })

  it('forget what is older than fifteen days', () => {
    const days = new Days(clock)
    days.onEvent(failure({ eventTime: NOON - 16 * DAY_MS }))
    expect(days.view(NOON).rows).toEqual([])
  })

  it('are saved without the days that are too old, once a day begins', () => {
    let now = NOON
    const days = new Days({ now: () => now })
    days.onEvent(failure({ eventTime: now }))
    now += 16 * DAY_MS
    days.onEvent(failure({ eventTime: now }))
    const again = new Days(clock)
    again.restore([{ name: '', value: days.changes()[0]?.value ?? new Uint8Array() }])
    expect(again.view(NOON).rows.flatMap(row => row.days.flat())).toEqual([])
  })

  it('take an event dated ahead of the clock for one of today', () => {
    const days = new Days(clock)
    days.onEvent(failure({ eventTime: NOON + 400 * DAY_MS }))
    expect(days.view(NOON).days).toEqual([NOON - DAY_MS / 2])
  })

  it('are the same after a restart, and saved only when they changed', () => {
    const days = new Days(clock)
    expect(days.changes()).toEqual([])
    days.onEvent(failure({}))
    const [saved] = days.changes()
    expect(days.changes()).toEqual([])
    const again = new Days(clock)
    again.restore([{ name: '', value: saved?.value ?? new Uint8Array() }])
    expect(again.view(NOON)).toEqual(days.view(NOON))
  })
})
