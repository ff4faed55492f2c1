import { describe, expect, it } from '@jest/globals'
import type { Source } from '../../../../exporter/contracts/source.ts'
import { type OverviewFacts, overview } from '../../../../exporter/web/page/build-model.ts'
import { renderPage } from '../../../../exporter/web/page/sections/render.ts'
import { Days } from '../../../../exporter/web/stats/days.ts'
import { LastHour } from '../../../../exporter/web/stats/last-hour.ts'
import { UsualHours } from '../../../../exporter/web/stats/usual-hours.ts'
import { Turns } from '../../../../service/event-loop/turns.ts'
import { bench as scoringBench } from '../../detection/fixtures.ts'
import { batchOf, bench, NOON, recordOf } from '../../pipeline/fixtures.ts'

const GATEWAYS = 5_000
const PIECE = 500

/** An exporter without sources that has heard of so many gateways, each with a failed sign-in and a denied call. */
function fleet(gateways: number, minuteSeries?: number) {
  const { scoring } = scoringBench({ seriesLimit: 1_000 })
  const clockOfPage = { now: () => NOON }
  const [lastHour, days, usualHours] = [new LastHour(clockOfPage), new Days(clockOfPage), new UsualHours()]
  const { pipeline, clock } = bench({
    subscribers: [lastHour, usualHours, scoring],
    ...(minuteSeries === undefined ? {} : { minuteSeries }),
  })
  const records = Array.from({ length: gateways }, (_, number) => {
    const origin = { host: `gw-${number}`, subsystem: 'gateway/ws' }
    const denied = { engine: 'openclaw-rpc', policy: 'missing_scope', decision: 'deny' }
    return [
      recordOf(`f${number}`, { origin, time: NOON - 90_000 }),
      recordOf(`d${number}`, { origin, time: NOON - 90_000, signal: 'policy_decisions', labels: denied }),
    ]
  })
  pipeline.ingest('log', batchOf(records.flat()))
  while (pipeline.closeMinutes());
  const facts = (turns: Turns): OverviewFacts => ({
    version: '0',
    clock,
    sources: [],
    pipeline: pipeline.view,
    trustZones: [],
    lastHour,
    days,
    usualHours,
    scoring,
    readiness: { ready: true },
    notes: [],
    turns,
  })
  return { facts, scoring }
}

describe('the page of a source with many inputs in no known format', () => {
  it('names a few of them, says how many there are, and where all are', async () => {
    const facts = fleet(1).facts(new Turns(PIECE))
    const source: Source = {
      name: 'log',
      kind: 'file',
      durable: true,
      health: () => ({ up: true }),
      read: () => {
        throw new Error('the page reads no source')
      },
    }
    const unrecognised = Array.from({ length: 5 }, (_, number) => ({ kind: 'file' as const, name: `${number}.log` }))
    const progress = (name: string) => ({ ...facts.pipeline.progress(name), unrecognised })
    const model = await overview({ ...facts, sources: [source], pipeline: { ...facts.pipeline, progress } })
    const notices = model.sources[0]?.notices ?? []
    expect(notices.slice(0, 3)).toEqual([0, 1, 2].map(number => expect.stringContaining(`file ${number}.log`)))
    expect(notices.slice(3)).toEqual([expect.stringMatching(/^3 are shown of 5 .* \/api\/v1\/sources lists all\.$/)])
  })
})

describe('the page of many gateways', () => {
  it('holds the events of all of them, and the names of few', async () => {
    const { facts } = fleet(GATEWAYS)
    const model = await overview(facts(new Turns(PIECE)))
    const views = model.zones.flatMap(({ signals }) => signals)
    const hours = views.map(({ minutes }) => minutes.reduce((sum, { count }) => sum + count, 0))
    expect(hours).toEqual([GATEWAYS, GATEWAYS])
    expect(model.gatewayCount).toBe(GATEWAYS)
    expect(model.gateways).toHaveLength(100)
    const page = renderPage(model)
    expect(page).toContain('4,997 more')
    expect(page.length).toBeLessThan(200_000)
  })

  it('gives the event loop back after a bounded number of series', async () => {
    const { facts, scoring } = fleet(GATEWAYS)
    let pieces = 0
    const turns = new Turns(PIECE, async () => {
      pieces += 1
    })
    await overview(facts(turns))
    // Each series of minutes once, each scorer for its zone and once more for the strangest times.
    const units = 2 * GATEWAYS + 2 * scoring.list().length
    expect(pieces).toBe(Math.floor(units / PIECE))
  })

  it('counts the events of gateways above the series limit', async () => {
    const { facts } = fleet(300, 100)
    const model = await overview(facts(new Turns(PIECE)))
    const shared = model.zones.flatMap(({ signals }) => signals.map(view => view.shared))
    expect(shared.reduce((sum, count) => sum + count, 0)).toBe(500)
    expect(renderPage(model)).toContain('above the series limit')
    expect(renderPage(model)).not.toContain('__overflow__')
  })
})
