import { beforeAll, describe, expect, it } from '@jest/globals'
import { DAY_MS, type EpochMs, HOUR_MS } from '../../../core/clock.ts'
import { signalNames, signals } from '../../../core/signals.ts'
import { compileTrustZones, defaultZoneRules } from '../../../core/trust-zones.ts'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import { createPipeline } from '../../../exporter/pipeline/pipeline.ts'
import { createDemoSource } from '../../../exporter/sources/recording/demo.ts'
import { episodeViews } from '../../../exporter/web/page/score-views.ts'
import { Turns } from '../../../service/event-loop/turns.ts'
import { createSeriesStore } from '../../../service/series/store.ts'
import { authority, HandClock, NOON } from '../pipeline/fixtures.ts'
import { type Bench, bench, settle } from './fixtures.ts'

/** The scores of a demo that starts at this time, after all of its backfill. */
async function scoresOfDemo(start: EpochMs): Promise<Bench> {
  const clock = new HandClock()
  clock.time = start
  const scored = bench({ clock: { now: clock.now, monotonic: () => performance.now() } })
  const demo = createDemoSource({ name: 'demo' }, { clock })
  const pipeline = createPipeline({
    clock,
    store: createSeriesStore(),
    dispatcher: createDispatcher(dialects),
    sources: [demo],
    zones: compileTrustZones(defaultZoneRules),
    authority,
    trustedProxies: [],
    offenders: { k: 3, window: 300_000, linger: 900_000 },
    subscribers: [scored.scoring],
  })
  const signal = new AbortController().signal
  for await (const batch of demo.backfill?.({ cursor: new Map(), signal }) ?? []) pipeline.backfill('demo')?.add(batch)
  pipeline.backfill('demo')?.finish()
  settle(scored)
  return scored
}

/** Start of the attack day of a demo that starts at this time. */
const attackOf = (start: EpochMs) => (Math.floor(start / DAY_MS) - 2) * DAY_MS

describe('the attack day of the demo', () => {
  let episodes: Awaited<ReturnType<typeof episodeViews>>

  beforeAll(async () => {
    episodes = await episodeViews((await scoresOfDemo(NOON)).scoring, NOON, () => true, new Turns(1_000))
  }, 60_000)

  const hours = (from: number, to: number) => (episode: { readonly peak: number }) =>
    episode.peak >= attackOf(NOON) + from * HOUR_MS && episode.peak < attackOf(NOON) + to * HOUR_MS

  it('has the episodes with the highest scores of fifteen days', () => {
    expect(episodes.slice(0, 6).every(hours(0, 24))).toBe(true)
  })

  it('shows the guessing of a token, and the lockouts that it brought', () => {
    const lockouts = episodes.find(({ signal }) => signal === 'auth_lockouts')
    expect(lockouts).toMatchObject({ trustZone: 'agent-control', gateway: 'demo-gateway' })
    expect(lockouts && hours(2, 3)(lockouts)).toBe(true)
    expect(lockouts?.words).toMatch(/expected (?:count )?for a Saturday night/)
  })

  it('names addresses that were never seen, by which the spray came', () => {
    const spray = episodes.find(({ words }) => /first seen: \d+ addresses/.test(words))
    expect(spray).toMatchObject({ trustZone: 'agent-control' })
    expect(spray && hours(4, 7)(spray)).toBe(true)
    expect(spray?.newest[0]).toMatch(/^203\.0\.113\./)
  })

  it('shows the changed rights and what they were used for', () => {
    expect(episodes.some(one => one.signal === 'posture_drifts' && hours(9, 12)(one))).toBe(true)
    expect(episodes.some(one => one.signal === 'policy_decisions' && hours(10, 12)(one))).toBe(true)
  })
})

/**
 * Every weekday once, at all times of the day and in all seasons; 2026-11-28 is the date on which no address sprayed.
 */
const starts = [
  '2026-11-28T03:40:00Z',
  '2026-12-27T23:59:59Z',
  '2027-02-01T00:00:00Z',
  '2027-03-30T08:05:00Z',
  '2027-06-23T19:30:00Z',
  '2027-10-28T13:00:00Z',
  '2028-03-03T16:45:00Z',
]

describe.each(starts)('a demo that starts at %s', text => {
  const start = Date.parse(text)
  /** Of each signal that records report, the highest score of the attack. */
  const highest = new Map<string, number>()

  beforeAll(async () => {
    const { scoring } = await scoresOfDemo(start)
    for (const { key, episodes } of scoring.list()) {
      for (const { peak } of episodes.list(start / 1000)) {
        const sinceAttack = peak.minuteStart * 1000 - attackOf(start)
        if (sinceAttack < 0 || sinceAttack >= 12 * HOUR_MS) continue
        highest.set(key.signal, Math.max(highest.get(key.signal) ?? 0, peak.score ?? 0))
      }
    }
  }, 60_000)

  it.each(signalNames.filter(name => !('derivedFrom' in signals[name])))(
    'has a high score of %s in its attack',
    name => {
      expect(highest.get(name)).toBeGreaterThan(75)
    },
  )
})
