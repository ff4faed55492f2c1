import { describe, expect, it } from '@jest/globals'
import type { MinuteKey } from '../../../../exporter/contracts/subscriber.ts'
import { UsualHours } from '../../../../exporter/web/stats/usual-hours.ts'

const HOUR = 3600
const key: MinuteKey = { gateway: 'edge-1', trustZone: 'agent-control', signal: 'auth_failures' }
const start = 495_000 * HOUR

/** Ten events in every hour of so many. */
function tenAnHour(hours: UsualHours, first: number, count: number): void {
  for (let hour = 0; hour < count; hour++) hours.onMinute(key, first + hour * HOUR, 10)
}

describe('the usual hour', () => {
  it('is the median of the whole hours, whatever one of them held', () => {
    const hours = new UsualHours()
    tenAnHour(hours, start, 30)
    hours.onMinute(key, start + 5 * HOUR + 60, 100_000)
    expect(hours.usual('agent-control', 'auth_failures')).toBe(10)
  })

  it('is absent before a day is known', () => {
    const hours = new UsualHours()
    tenAnHour(hours, start, 20)
    expect(hours.usual('agent-control', 'auth_failures')).toBeUndefined()
    expect(hours.usual('analytics', 'auth_failures')).toBeUndefined()
  })

  it('adds gateways up', () => {
    const hours = new UsualHours()
    const other = { ...key, gateway: 'edge-2' }
    tenAnHour(hours, start, 30)
    for (let hour = 0; hour < 30; hour++) hours.onMinute(other, start + hour * HOUR, 5)
    expect(hours.usual('agent-control', 'auth_failures')).toBe(15)
  })

  it('takes from a backfill only what is before the minutes that it has counted', () => {
    const hours = new UsualHours()
    hours.onMinute(key, start + 30 * HOUR, 7)
    const counts = new Map(Array.from({ length: 31 }, (_, hour) => [start + hour * HOUR, 10]))
    hours.onBackfill({ key, first: start, end: start + 31 * HOUR, counts, partial: new Set() })
    tenAnHour(hours, start + 31 * HOUR, 1)
    const alone = new UsualHours()
    tenAnHour(alone, start, 30)
    alone.onMinute(key, start + 30 * HOUR, 7)
    tenAnHour(alone, start + 31 * HOUR, 1)
    expect(hours.usual('agent-control', 'auth_failures')).toBe(alone.usual('agent-control', 'auth_failures'))
  })
})
