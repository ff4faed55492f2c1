import { beforeAll, describe, expect, it } from '@jest/globals'
import { DAY_MS } from '../../../core/clock.ts'
import { compileTrustZones, defaultZoneRules } from '../../../core/trust-zones.ts'
import { createDecoders } from '../../../exporter/decoders/all.ts'
import { episodeViews } from '../../../exporter/overview/score-views.ts'
import { createPipeline } from '../../../exporter/pipeline/pipeline.ts'
import { createDemoSource } from '../../../exporter/sources/recording/demo.ts'
import { createSeriesStore } from '../../../service/series/store.ts'
import { authority, HandClock, NOON } from '../pipeline/fixtures.ts'
import { type Bench, bench, settle } from './fixtures.ts'

const ATTACK = NOON - 12 * 3_600_000 - 2 * DAY_MS

describe('the attack day of the demo', () => {
  let told: Bench
  let episodes: ReturnType<typeof episodeViews>

  beforeAll(async () => {
    const clock = new HandClock()
    told = bench({ clock: { now: clock.now, monotonic: () => performance.now() } })
    const demo = createDemoSource({ name: 'demo' }, { clock })
    const pipeline = createPipeline({
      clock,
      store: createSeriesStore(),
      decoders: createDecoders(),
      sources: [demo],
      zones: compileTrustZones(defaultZoneRules),
      authority,
      trustedProxies: [],
      offenders: { k: 3, window: 300_000, linger: 900_000 },
      consumer: told.scoring,
      listener: (event, when) => told.scoring.learn(event, when),
    })
    const signal = new AbortController().signal
    for await (const batch of demo.history?.({ cursor: new Map(), signal }) ?? []) pipeline.replay('demo', batch)
    pipeline.finishReplay('demo')
    settle(told)
    episodes = episodeViews(told.scoring, NOON, () => true)
  }, 60_000)

  const hours = (from: number, to: number) => (episode: { readonly peak: number }) =>
    episode.peak >= ATTACK + from * 3_600_000 && episode.peak < ATTACK + to * 3_600_000

  it('is where the strangest minutes of fifteen days lie', () => {
    expect(episodes.slice(0, 6).every(hours(0, 24))).toBe(true)
  })

  it('shows the guessing of a token, and the lockouts that it brought', () => {
    const lockouts = episodes.find(({ signal }) => signal === 'auth_lockouts')
    expect(lockouts).toMatchObject({ trustZone: 'agent-control', gateway: 'demo-gateway' })
    expect(lockouts && hours(2, 3)(lockouts)).toBe(true)
    expect(lockouts?.words).toMatch(/usual for a Saturday night/)
  })

  it('names the spray by addresses that were never seen', () => {
    const spray = episodes.find(({ words }) => words.startsWith('first seen'))
    expect(spray).toMatchObject({ trustZone: 'agent-control', signal: 'auth_failures' })
    expect(spray && hours(4, 6)(spray)).toBe(true)
    expect(spray?.words).toMatch(/first seen: \d+ addresses/)
    expect(spray?.newest[0]).toMatch(/^203\.0\.113\./)
  })

  it('shows the changed rights and what they were used for', () => {
    expect(episodes.some(one => one.signal === 'posture_drifts' && hours(9, 12)(one))).toBe(true)
    expect(episodes.some(one => one.signal === 'policy_decisions' && hours(10, 12)(one))).toBe(true)
  })
})
