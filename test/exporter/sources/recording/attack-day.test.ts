import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../../../core/clock.ts'
import type { SecurityEvent } from '../../../../core/event.ts'
import { type SignalName, signalNames } from '../../../../core/signals.ts'
import { compileTrustZones, defaultZoneRules } from '../../../../core/trust-zones.ts'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import type { Batch, RawRecord } from '../../../../exporter/contracts/source.ts'
import { createPipeline } from '../../../../exporter/pipeline/pipeline.ts'
import { SPRAY_IDENTITIES, SPRAY_WINDOW_MS } from '../../../../exporter/pipeline/spray.ts'
import { createDemoSource } from '../../../../exporter/sources/recording/demo.ts'
import { createSeriesStore } from '../../../../service/series/store.ts'
import { authority, HandClock } from '../../pipeline/fixtures.ts'

/** The attack day is then in the first three days of the history, with enough of ordinary life before it. */
const ATTACK_DAYS_AGO = 13
/** After so many hours of its day the attack is over. */
const ATTACK_HOURS = 12
/** Starts need not fall on a full hour. */
const PAST_THE_HOUR = 17 * MINUTE_MS

const isoDay = (date: EpochMs) => new Date(date).toISOString().slice(0, 10)

/** A whole year in 60 dates: every month, every weekday. */
const year = Array.from({ length: 60 }, (_, index) => {
  const date = Date.UTC(2026, 10, 28) + index * 6 * DAY_MS
  return { day: isoDay(date), date, hours: [0, 6, 12, 18].map(hour => hour + (index % 6)) }
})

/** A date without peculiarity, a leap day, and the day on which summer time begins in Europe. */
const wholeDays = ['2026-12-09', '2028-02-29', '2029-03-25'].map(day => {
  return { day, date: Date.parse(`${day}T00:00:00Z`), hours: Array.from({ length: 24 }, (_, hour) => hour) }
})

/** The history of a demo that starts at this time, until its attack is over. */
async function untilAttackIsOver(start: EpochMs, attack: EpochMs): Promise<readonly Batch[]> {
  const demo = createDemoSource(
    { name: 'demo', attackDaysAgo: ATTACK_DAYS_AGO },
    { clock: { now: () => start, monotonic: () => 0 } },
  )
  const batches: Batch[] = []
  for await (const batch of demo.backfill?.({ cursor: new Map(), signal: new AbortController().signal }) ?? []) {
    batches.push(batch)
    if (batch.watermark >= attack + ATTACK_HOURS * HOUR_MS) break
  }
  return batches
}

const recordsOf = (batches: readonly Batch[]) => batches.flatMap(({ records }) => records)

const textOf = ({ body }: RawRecord) => (typeof body === 'string' ? body : JSON.stringify(body))

/** The first record that the later of two starts tells otherwise than the earlier, as far as both go. */
function firstDifference(earlier: readonly RawRecord[], later: readonly RawRecord[]): RawRecord | undefined {
  const begin = earlier.findIndex(({ id }) => id === later[0]?.id)
  return later.slice(0, earlier.length - begin).find((record, index) => {
    const other = earlier[begin + index]
    return other === undefined || other.id !== record.id || textOf(other) !== textOf(record)
  })
}

/** Events of the attack day, as an exporter counts them that has been running since the days before. */
function liveThrough(batches: readonly Batch[], attack: EpochMs): readonly SecurityEvent[] {
  const clock = new HandClock()
  const events: SecurityEvent[] = []
  const pipeline = createPipeline({
    clock,
    store: createSeriesStore(),
    dispatcher: createDispatcher(dialects),
    sources: [{ name: 'demo', kind: 'recording', durable: false, synthetic: true, health: () => ({ up: true }) }],
    zones: compileTrustZones(defaultZoneRules),
    authority,
    trustedProxies: [],
    offenders: { k: 3, window: 5 * MINUTE_MS, linger: 15 * MINUTE_MS },
    subscribers: [{ onEvent: event => void events.push(event) }],
  })
  for (const batch of batches) {
    clock.time = batch.watermark
    pipeline.ingest('demo', batch)
    while (pipeline.closeMinutes());
  }
  return events.filter(({ eventTime }) => eventTime >= attack && eventTime < attack + DAY_MS)
}

const addressesOf = (events: readonly SecurityEvent[], signal: SignalName) =>
  events
    .filter(event => event.signal === signal)
    .map(({ actor }) => actor.address ?? '')
    .toSorted()

/** The identities that an address tried and the milliseconds that it took, by address. */
function attempts(events: readonly SecurityEvent[]) {
  const tried = events.filter(({ signal, actor }) => signal === 'auth_failures' && actor.identity !== undefined)
  return [...Map.groupBy(tried, ({ actor }) => actor.address ?? '')].map(([address, byAddress]) => {
    const times = byAddress.map(({ eventTime }) => eventTime)
    const identities = new Set(byAddress.map(({ actor }) => actor.identity)).size
    return { address, identities, duration: Math.max(...times) - Math.min(...times) }
  })
}

const attackers = (count: number) => Array.from({ length: count }, (_, index) => `203.0.113.${index + 7}`).toSorted()

describe.each([...year, ...wholeDays])('the attack day of a demo that starts on $day', ({ date, hours }) => {
  const attack = date - ATTACK_DAYS_AGO * DAY_MS
  const starts = hours.map(hour => date + hour * HOUR_MS + PAST_THE_HOUR)
  const afternoon = starts.find(start => start >= date + DAY_MS / 2) ?? date

  let batches: readonly Batch[] = []

  beforeAll(async () => {
    batches = await untilAttackIsOver(afternoon, attack)
  })

  afterAll(() => {
    batches = []
  })

  it('moves every signal, with twelve addresses that spray and six that succeed for the first time', () => {
    const events = liveThrough(batches, attack)
    expect(new Set(events.map(({ signal }) => signal))).toEqual(new Set(signalNames))
    expect(addressesOf(events, 'auth_sprays')).toEqual(attackers(12))
    expect(addressesOf(events, 'first_seen_successes')).toEqual(expect.arrayContaining(attackers(6)))
    // No spray hangs on how the window is cut.
    for (const { identities, duration } of attempts(events)) {
      expect(identities).toBeGreaterThanOrEqual(2 * SPRAY_IDENTITIES)
      expect(duration).toBeLessThan(SPRAY_WINDOW_MS - 5 * MINUTE_MS)
    }
  })

  it('is the same, record for record, whatever the hour of the start', async () => {
    const records = recordsOf(batches)
    for (const start of starts.filter(start => start !== afternoon)) {
      const others = recordsOf(await untilAttackIsOver(start, attack))
      const [earlier, later] = start < afternoon ? [others, records] : [records, others]
      expect(firstDifference(earlier, later)).toBeUndefined()
    }
  })
})
