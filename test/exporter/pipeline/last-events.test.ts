import { describe, expect, it } from '@jest/globals'
import { LastEvents } from '../../../exporter/pipeline/last-events.ts'
import { failure, NOON } from '../web/page/model-facts.ts'

describe('the last events', () => {
  it('hold the newest event of each dialect, signal and trust zone, in any order of reading', () => {
    const events = new LastEvents()
    for (const time of [NOON - 5, NOON - 1, NOON - 9])
      events.observe('log', 'a', [failure({ eventTime: time })], { now: () => NOON })
    events.observe('log', 'b', [failure({ trustZone: 'lab' })], { now: () => NOON })
    events.observe('other', 'a', [failure({})], { now: () => NOON })
    expect(events.of('log')).toEqual([
      { source: 'log', dialect: 'a', signal: 'auth_failures', trustZone: 'agent-control', time: NOON - 1 },
      { source: 'log', dialect: 'b', signal: 'auth_failures', trustZone: 'lab', time: NOON },
    ])
  })

  it('take an event from the future for one of now', () => {
    const events = new LastEvents()
    events.observe('log', 'a', [failure({ eventTime: NOON + 86_400_000 })], { now: () => NOON })
    expect(events.of('log')).toMatchObject([{ time: NOON }])
  })

  it('save a row only where it has changed, and are the same after a restart', () => {
    const events = new LastEvents()
    events.observe('log', 'a"\u0000/', [failure({})], { now: () => NOON })
    const rows = events.changes()
    events.observe('log', 'a"\u0000/', [failure({ eventTime: NOON - 1 })], { now: () => NOON })
    expect([rows.length, events.changes()]).toEqual([1, []])
    const restored = new LastEvents()
    restored.restore(rows.map(({ name, value }) => ({ name, value: value ?? 0 })))
    expect(restored.of('log')).toEqual(events.of('log'))
    expect(restored.changes()).toEqual([])
  })
})
