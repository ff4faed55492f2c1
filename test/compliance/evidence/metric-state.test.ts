import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { stateCoverage } from '../../../compliance/evidence/coverage-state.ts'
import type { MetricRequest } from '../../../compliance/evidence/metric-schema.ts'
import { metricOfState } from '../../../compliance/evidence/metric-state.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import type { MinuteExtent, MinuteSum, StateSource, StateView } from '../../../service/views/state-view.ts'
import { contextOf, periodOf } from './context.ts'

const START = Date.parse('2026-11-02T00:00:00Z')
const END = START + 7 * DAY_MS
const PERIOD = periodOf(START, END)

interface Event {
  readonly minute: number
  readonly gateway: string
  readonly trustZone: string
  readonly count: number
}

/** A state that holds these events of `auth_failures`. */
function stateOf(events: readonly Event[], extent: Partial<MinuteExtent> = {}, sources: StateSource[] = []): StateView {
  return {
    path: '/state.db',
    extent: () => ({ from: START - DAY_MS, to: END + HOUR_MS, ...extent }),
    minutes: (signal, { start, end, step }) =>
      events
        .filter(({ minute }) => signal === 'auth_failures' && minute >= start && minute < end)
        .map(
          ({ minute, gateway, trustZone, count }): MinuteSum => ({
            gateway,
            trustZone,
            count,
            start: start + Math.floor((minute - start) / step) * step,
            newest: minute,
          }),
        ),
    sources: () => sources,
    posture: () => ({ subjects: [], acceptances: [], devices: [] }),
    close: () => {},
  }
}

const read = (state: StateView | undefined, request: Partial<MetricRequest> = { signal: 'auth_failures' }) =>
  metricOfState({ from: 'metric', ...request }, contextOf(PERIOD, state === undefined ? {} : { state }))

const events: readonly Event[] = [
  { minute: START, gateway: 'edge-1', trustZone: 'edge', count: 3 },
  { minute: START + DAY_MS + 5 * MINUTE_MS, gateway: 'edge-2', trustZone: 'edge', count: 4 },
  { minute: END - MINUTE_MS, gateway: 'edge-1', trustZone: 'agent-control', count: 5 },
  { minute: END, gateway: 'edge-1', trustZone: 'edge', count: 1_000 },
]

describe('the increase of a signal from the state', () => {
  it('is what the minutes of the period counted, by trust zone and day', async () => {
    const reading = await read(stateOf(events))
    expect(reading).toMatchObject({
      store: 'state',
      address: '/state.db',
      value: 12,
      byZone: { 'agent-control': 5, edge: 7 },
      newest: END - MINUTE_MS,
      gaps: [],
    })
    expect(reading?.distribution?.map(({ value }) => value)).toEqual([3, 4, 0, 0, 0, 0, 5])
  })

  it('counts the gateways and trust zones that are asked for', async () => {
    expect((await read(stateOf(events), { signal: 'auth_failures', labels: { gateway: 'edge-1' } }))?.value).toBe(8)
    const labels = { gateway: ['edge-1', 'edge-2'], trust_zone: 'edge' }
    expect((await read(stateOf(events), { signal: 'auth_failures', labels }))?.value).toBe(7)
  })

  it('is zero where all minutes are complete and without an event', async () => {
    expect(await read(stateOf([]))).toMatchObject({ value: 0, newest: null, gaps: [] })
  })

  it.each([
    [
      'a label that minutes do not have',
      { signal: 'auth_failures', labels: { reason: 'wrong-token' } },
      'the label reason',
    ],
    ['a metric that is no signal', { metric: 'clawtrust_guard_up', measure: 'last' }, 'minutes of signals only'],
    ['another measure', { signal: 'auth_failures', measure: 'maximum' }, 'only what was counted'],
    ['another way across the series', { signal: 'auth_failures', across: 'maximum' }, 'only what was counted'],
  ])('is unknown of %s, with the reason', async (_, request, reason) => {
    expect(await read(stateOf(events), request as Partial<MetricRequest>)).toMatchObject({
      value: null,
      count: 0,
      gaps: [{ start: START, end: END, reason: expect.stringContaining(reason) }],
    })
  })

  it('is unknown of one gateway where gateways share a series', async () => {
    const shared = [...events, { minute: START, gateway: '__overflow__', trustZone: 'edge', count: 1 }]
    expect((await read(stateOf(shared), { signal: 'auth_failures', labels: { gateway: 'edge-1' } }))?.value).toBeNull()
    expect((await read(stateOf(shared)))?.value).toBe(13)
  })

  it.each([
    ['are deleted by now', { from: START + 2 * DAY_MS }, [[START, START + 2 * DAY_MS]]],
    ['are not complete yet', { to: END - DAY_MS }, [[END - DAY_MS, END]]],
  ])('has a gap where minutes %s', async (_, extent, gaps) => {
    const reading = await read(stateOf(events, extent))
    expect(reading?.gaps?.map(({ start, end }) => [start, end])).toEqual(gaps)
    expect(reading?.distribution?.some(({ value }) => value === null)).toBe(true)
  })

  it.each([
    ['all are deleted', { from: END }],
    ['none is complete', { to: START }],
    ['there is none', { from: null, to: null }],
  ])('is unknown where %s', async (_, extent) => {
    expect(await read(stateOf(events, extent))).toMatchObject({ value: null, gaps: [{ start: START, end: END }] })
  })

  it('is left to others where there is no state', async () => {
    expect(await read(undefined)).toBeUndefined()
  })

  it('is never less than what was counted, unless a gap says so', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ day: fc.integer({ min: 0, max: 6 }), count: fc.integer({ min: 1, max: 9 }) })),
        fc.integer({ min: -1, max: 8 }),
        fc.integer({ min: -1, max: 8 }),
        async (days, from, to) => {
          const all = days.map(({ day, count }) => {
            return { minute: START + day * DAY_MS, gateway: 'g', trustZone: 'z', count }
          })
          const extent = { from: START + from * DAY_MS, to: START + to * DAY_MS }
          const held = all.filter(({ minute }) => minute >= extent.from && minute < extent.to)
          const { value, gaps = [] } = (await read(stateOf(held, extent))) ?? {}
          const total = all.reduce((sum, { count }) => sum + count, 0)
          return value === null || value === total || gaps.length > 0
        },
      ),
    )
  })
})

const source = (more: Partial<StateSource> = {}): StateSource => ({
  name: 'log',
  dialects: ['openclaw-file'],
  since: START - DAY_MS,
  to: END + HOUR_MS,
  lastEvent: END - HOUR_MS,
  losses: [],
  ...more,
})

describe('coverage from the state', () => {
  const coverage = async (...sources: StateSource[]) => {
    const { sources: covered, readings } = await stateCoverage(stateOf([], {}, sources), contextOf(PERIOD, {}))
    return { sources: covered, reading: readings[0] }
  }

  it('names the observers and the last event of a source, and not for how long it was read', async () => {
    const { sources, reading } = await coverage(
      source(),
      source({ name: 'idp', dialects: ['keycloak-json', 'keycloak-text'] }),
    )
    expect(sources).toEqual([
      { source: 'log', observers: ['gateway'], share: null, lastEvent: END - HOUR_MS, gaps: [] },
      { source: 'idp', observers: ['identity-provider'], share: null, lastEvent: END - HOUR_MS, gaps: [] },
    ])
    expect(reading).toMatchObject({ store: 'state', value: null, count: 2, newest: END - HOUR_MS })
  })

  it('is nothing of a source that was read for the first time after the period', async () => {
    const [one] = (await coverage(source({ since: END + DAY_MS, lastEvent: END + DAY_MS }))).sources
    expect(one).toMatchObject({ share: 0, lastEvent: null, gaps: [{ start: START, end: END }] })
  })

  it('has gaps before a source was read, after it was read, and where records were lost', async () => {
    const lost = [START + DAY_MS, START + DAY_MS + MINUTE_MS, START + 2 * DAY_MS, END + DAY_MS]
    const [one] = (await coverage(source({ since: START + HOUR_MS, to: END - HOUR_MS, losses: lost }))).sources
    expect(one?.gaps.map(({ start, end }) => [start, end])).toEqual([
      [START, START + HOUR_MS],
      [END - HOUR_MS, END],
      [START + DAY_MS, START + DAY_MS + 2 * MINUTE_MS],
      [START + 2 * DAY_MS, START + 2 * DAY_MS + MINUTE_MS],
    ])
    expect(one?.share).toBeNull()
  })
})
