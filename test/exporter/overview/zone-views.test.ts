import { describe, expect, it } from '@jest/globals'
import { MINUTE_MS } from '../../../core/clock.ts'
import { LastHour } from '../../../exporter/overview/last-hour.ts'
import { UsualHours } from '../../../exporter/overview/usual-hours.ts'
import { firstMinute, type ZoneFacts, zoneViews } from '../../../exporter/overview/zone-views.ts'
import type { MinuteView } from '../../../exporter/pipeline/minutes.ts'
import { failure, NOON } from './fixtures.ts'

const key = { gateway: 'edge-1', trustZone: 'agent-control', signal: 'auth_failures' } as const
const minute = (ago: number, parts: Partial<MinuteView> = {}): MinuteView => ({
  start: NOON / 1000 - ago * 60,
  count: 1,
  completeness: 'complete',
  ...parts,
})

function facts(parts: Partial<ZoneFacts>): ZoneFacts {
  const none = {
    lastHour: new LastHour(),
    usualHours: new UsualHours(),
    scoring: { of: () => [] },
    isSynthetic: () => false,
  }
  return { now: NOON, recent: [], readSince: undefined, ...none, ...parts }
}

const minutesOf = (given: ZoneFacts) => zoneViews(given)[0]?.signals[0]?.minutes ?? []

describe('the zones of the page', () => {
  it('show sixty minutes, the one under way last', () => {
    const minutes = minutesOf(facts({ recent: [{ key, minutes: [minute(0, { completeness: 'open' })] }] }))
    expect(minutes).toHaveLength(60)
    expect(minutes[0]?.start).toBe(firstMinute(NOON))
    expect(minutes.at(-1)).toEqual({ start: NOON, count: 1, mark: 'open' })
  })

  it('tell a minute in which nobody read from one in which nothing happened', () => {
    const readSince = NOON - 30 * MINUTE_MS
    const minutes = minutesOf(facts({ readSince, recent: [{ key, minutes: [minute(1)] }] }))
    expect(minutes.find(({ start }) => start === readSince)?.mark).toBe('complete')
    expect(minutes.find(({ start }) => start === readSince - MINUTE_MS)?.mark).toBe('unknown')
  })

  it('call a minute unknown that no source has passed long after its end', () => {
    const open = [10, 1].map(ago => minute(ago, { completeness: 'open' }))
    const minutes = minutesOf(facts({ recent: [{ key, minutes: open }] }))
    expect(minutes.at(-11)?.mark).toBe('unknown')
    expect(minutes.at(-2)?.mark).toBe('open')
  })

  it('take the sum of gateways for a lower bound where one of them is not known', () => {
    const other = { ...key, gateway: 'edge-2' }
    const recent = [
      { key, minutes: [minute(5, { count: 3 })] },
      { key: other, minutes: [minute(5, { count: 4, completeness: 'partial' })] },
    ]
    expect(minutesOf(facts({ recent })).at(-6)).toMatchObject({ count: 7, mark: 'partial' })
  })

  it('are marked as made up only where every gateway is', () => {
    const lastHour = new LastHour()
    lastHour.count(failure({ gateway: 'demo' }), NOON)
    const recent = [{ key, minutes: [minute(0)] }]
    const isSynthetic = (gateway: string) => gateway === 'demo'
    expect(zoneViews(facts({ recent, lastHour, isSynthetic }))[0]?.signals[0]?.synthetic).toBe(true)
    lastHour.count(failure({ gateway: 'edge-1' }), NOON)
    expect(zoneViews(facts({ recent, lastHour, isSynthetic }))[0]?.signals[0]?.synthetic).toBe(false)
  })
})
