import { describe, expect, it } from '@jest/globals'
import { MINUTE_MS } from '../../../../core/clock.ts'
import { Losses } from '../../../../exporter/pipeline/losses.ts'
import { Minutes } from '../../../../exporter/pipeline/minutes.ts'
import { type ZoneFacts, zoneViews } from '../../../../exporter/web/page/zone-views.ts'
import { LastHour } from '../../../../exporter/web/stats/last-hour.ts'
import { UsualHours } from '../../../../exporter/web/stats/usual-hours.ts'
import { firstMinute } from '../../../../exporter/web/stats/zone-hour.ts'
import { Turns } from '../../../../service/event-loop/turns.ts'
import { Listener } from '../../pipeline/fixtures.ts'
import { failure, NOON } from './model-facts.ts'

const HALF_PAST = NOON + 30 * MINUTE_MS

/** Minutes that are read by the source `log`. */
function kept(seriesLimit?: number) {
  const losses = new Losses()
  const minutes = new Minutes({
    subscribers: new Listener(),
    losses,
    ...(seriesLimit !== undefined && { seriesLimit }),
  })
  return {
    minutes,
    losses,
    /** Events so many minutes before NOON. */
    count: (ago: number, gateway = 'edge-1', count = 1, source = 'log') => {
      minutes.add(source, minutes.admit(failure({ gateway, count, eventTime: NOON - ago * MINUTE_MS })))
    },
    read: (until: number, source = 'log') => {
      minutes.advance(source, until)
      while (minutes.close(100));
    },
  }
}

function facts(minutes: Minutes, parts: Partial<ZoneFacts> = {}): ZoneFacts {
  const none = {
    lastHour: new LastHour({ now: () => NOON }),
    usualHours: new UsualHours(),
    scoring: { of: () => [] },
    isSynthetic: () => false,
    turns: new Turns(1_000),
  }
  return { now: NOON, minutes, readSince: undefined, ...none, ...parts }
}

async function signalOf(given: ZoneFacts) {
  const [zone] = await zoneViews(given)
  const [signal] = zone?.signals ?? []
  if (signal === undefined) throw new Error('there is no signal')
  return signal
}

describe('the zones of the page', () => {
  it('show sixty minutes, the one under way last', async () => {
    const { minutes, count } = kept()
    count(0)
    const signal = await signalOf(facts(minutes))
    expect(signal.minutes).toHaveLength(60)
    expect(signal.minutes[0]?.start).toBe(firstMinute(NOON))
    expect(signal.minutes.at(-1)).toEqual({ start: NOON, count: 1, mark: 'open' })
  })

  it('add up the counts of gateways, closed minutes and open ones', async () => {
    const { minutes, count, read } = kept()
    count(60)
    count(59, 'edge-1', 2)
    count(7, 'edge-1', 3)
    count(7, 'edge-2', 4)
    read(NOON - MINUTE_MS)
    count(0, 'edge-2', 5)
    const signal = await signalOf(facts(minutes))
    const counts = signal.minutes.map(minute => minute.count)
    expect([counts[0], counts.at(-8), counts.at(-1)]).toEqual([2, 7, 5])
    expect(signal.gateways).toEqual([
      { name: 'edge-2', count: 9 },
      { name: 'edge-1', count: 5 },
    ])
  })

  it('distinguish a minute that was not read from one without events', async () => {
    const readSince = NOON - 30 * MINUTE_MS
    const { minutes, count, read } = kept()
    count(1)
    read(NOON)
    const signal = await signalOf(facts(minutes, { readSince }))
    expect(signal.minutes.find(({ start }) => start === readSince)?.mark).toBe('complete')
    expect(signal.minutes.find(({ start }) => start === readSince - MINUTE_MS)?.mark).toBe('unknown')
  })

  it('call a minute unknown that no source has passed long after its end', async () => {
    const { minutes, count } = kept()
    count(10)
    const signal = await signalOf(facts(minutes))
    expect(signal.minutes.at(-11)?.mark).toBe('unknown')
    expect(signal.minutes.at(-2)?.mark).toBe('open')
  })

  it('take the sum of gateways for a lower bound where one of them is not known', async () => {
    const { minutes, losses, count, read } = kept()
    count(5, 'edge-1', 3)
    count(5, 'edge-2', 4, 'other')
    losses.add('other', NOON / 1000 - 300)
    read(NOON)
    read(NOON, 'other')
    const signal = await signalOf(facts(minutes))
    expect(signal.minutes.at(-6)).toMatchObject({ count: 7, mark: 'partial' })
    expect(signal.minutes.at(-5)).toMatchObject({ count: 0, mark: 'complete' })
  })

  it('name the gateways with most events and count the others', async () => {
    const { minutes, count } = kept()
    for (let gateway = 1; gateway <= 8; gateway++) count(1, `edge-${gateway}`, gateway)
    const { gateways, otherGateways, shared } = await signalOf(facts(minutes))
    expect(gateways.map(({ name }) => name)).toEqual(['edge-8', 'edge-7', 'edge-6'])
    expect({ otherGateways, shared }).toEqual({ otherGateways: 5, shared: 0 })
  })

  it('hold the events of gateways beyond the limit of series, without their names', async () => {
    const { minutes, count } = kept(2)
    for (let gateway = 1; gateway <= 8; gateway++) count(1, `edge-${gateway}`, gateway)
    const { minutes: hour, gateways, shared } = await signalOf(facts(minutes))
    expect(hour.at(-2)?.count).toBe(36)
    expect(gateways.map(({ name }) => name)).toEqual(['edge-2', 'edge-1'])
    expect(shared).toBe(33)
  })

  it('are marked as made up only where every gateway with events is', async () => {
    const { minutes, count } = kept()
    count(1, 'demo')
    const isSynthetic = (gateway: string) => gateway === 'demo'
    expect((await signalOf(facts(minutes, { isSynthetic }))).synthetic).toBe(true)
    count(1, 'edge-1')
    expect((await signalOf(facts(minutes, { isSynthetic }))).synthetic).toBe(false)
    const later = facts(minutes, { isSynthetic, now: HALF_PAST + 60 * MINUTE_MS })
    expect((await signalOf(later)).synthetic).toBe(false)
  })

  it('let the event loop turn after a bounded number of series', async () => {
    const { minutes, count } = kept()
    for (let gateway = 0; gateway < 5_000; gateway++) count(1, `edge-${gateway}`)
    let [looked, most] = [0, 0]
    const turns = new Turns(500, async () => {
      most = Math.max(most, looked)
      looked = 0
    })
    const isSynthetic = () => {
      looked += 1
      return false
    }
    const signal = await signalOf(facts(minutes, { turns, isSynthetic }))
    expect(signal.minutes.at(-2)?.count).toBe(5_000)
    expect(most).toBe(500)
  })
})
