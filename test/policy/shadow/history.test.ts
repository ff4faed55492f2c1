import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HOUR_MS } from '../../../core/clock.ts'
import type { FlowReport } from '../../../core/flow.ts'
import { MAX_FLOWS } from '../../../policy/model/observed-flow.ts'
import { FlowHistory, type FlowObservation } from '../../../policy/shadow/history.ts'
import { createTimeSlices } from '../../../policy/shadow/time-slices.ts'
import { policyOf } from './replayed.ts'

const window = { since: 0, until: 24 * HOUR_MS }
const historyOf = (observations: readonly FlowObservation[]) => {
  const history = new FlowHistory(window, createTimeSlices([], window))
  for (const observation of observations) history.add(observation)
  return history.flows()
}

const request = {
  source: { address: '10.0.0.1' },
  destination: { address: '10.0.0.2' },
  port: 443,
  transport: 'tcp' as const,
}
const observation = (
  decision: 'allow' | 'deny' | 'audit',
  events: number,
  end?: FlowReport['end'],
  kind: FlowReport['kind'] = 'verdict',
): FlowObservation => ({
  request: { ...request, time: 5 },
  decision,
  ...(end !== undefined && { report: { end, kind } }),
  events,
  firstSeen: 5,
  lastSeen: 7,
  sample: 'log:1',
})
const counts = (...observations: readonly FlowObservation[]) =>
  historyOf(observations).map(({ passed, denied }) => ({ passed, denied }))

describe('a flow that several records report', () => {
  it('counts once, where both ends allow it', () => {
    expect(counts(observation('allow', 9, 'source'), observation('allow', 9, 'destination'))).toEqual([
      { passed: 9, denied: 0 },
    ])
  })

  it('is denied where one end denies it, with the verdict and the drop as one', () => {
    const records = [
      observation('allow', 13, 'source'),
      observation('allow', 10, 'destination'),
      observation('deny', 3, 'destination'),
      observation('deny', 3, 'destination', 'drop'),
    ]
    expect(counts(...records)).toEqual([{ passed: 10, denied: 3 }])
    expect(counts(observation('deny', 2, 'source'), observation('allow', 5, 'source'))).toEqual([
      { passed: 5, denied: 2 },
    ])
  })

  it('passes where it would only have been denied, and counts its requests as no flows', () => {
    expect(counts(observation('audit', 4, 'destination'), observation('allow', 1, 'destination'))).toEqual([
      { passed: 5, denied: 0 },
    ])
    expect(counts(observation('allow', 4, 'source'), observation('allow', 3, 'source', 'request'))).toEqual([
      { passed: 4, denied: 0 },
    ])
  })

  it('counts each record where nothing says which end reports it', () => {
    expect(counts(observation('allow', 4), observation('deny', 3), observation('allow', 1))).toEqual([
      { passed: 5, denied: 3 },
    ])
  })
})

describe('a history of distinct flows', () => {
  const arbitrary = fc.record({
    request: fc.record({
      source: fc.record({ address: fc.constantFrom('10.0.0.1', '10.0.0.2') }),
      destination: fc.record(
        { address: fc.constantFrom('10.0.0.3', '10.0.0.4'), names: fc.constantFrom(['a', 'b'], ['b', 'a'], ['a']) },
        { requiredKeys: ['address'] },
      ),
      port: fc.constantFrom(80, 443),
      time: fc.constant(5),
    }),
    decision: fc.constantFrom('allow' as const, 'deny' as const, 'audit' as const),
    report: fc.constantFrom(
      undefined,
      { end: 'source', kind: 'verdict' } as const,
      { end: 'destination', kind: 'drop' } as const,
    ),
    events: fc.integer({ min: 1, max: 5 }),
    firstSeen: fc.integer({ min: 0, max: 100 }),
    lastSeen: fc.integer({ min: 100, max: 200 }),
    sample: fc.constantFrom('a', 'b'),
  })

  it('is the same by groups of like records as record by record, in any order', () => {
    fc.assert(
      fc.property(fc.array(arbitrary, { maxLength: 40 }), observations => {
        const single = observations.flatMap(one => Array.from({ length: one.events }, () => ({ ...one, events: 1 })))
        expect(historyOf(single.toReversed())).toEqual(historyOf(observations))
      }),
    )
  })
})

describe('a history that is too wide', () => {
  it('is refused with what to do, at the first distinct flow above the limit', () => {
    const history = new FlowHistory(window, createTimeSlices([], window))
    const one = observation('allow', 1)
    const add = (port: number, address: string) =>
      history.add({ ...one, request: { ...one.request, port, source: { address } } })
    for (let flow = 0; flow < MAX_FLOWS; flow++) add(flow % 50_000, `10.0.0.${Math.floor(flow / 50_000)}`)
    expect(() => add(1, '10.0.0.0')).not.toThrow()
    expect(() => add(1, '10.0.0.9')).toThrow(
      'The history has more than 200,000 distinct flows, which is the limit; nothing was written. Choose a shorter --since, or fewer sources',
    )
  })
})

describe('slices of time', () => {
  const byPolicy = (condition: string) =>
    policyOf(`allow x\n  from: any\n  to: a.local:443\n  condition: ${condition}\n`)

  it('are all of the window without a condition on time', () => {
    const slices = createTimeSlices([policyOf('allow x\n  from: any\n  to: a.local:443\n')], window)
    expect(slices.ranges).toEqual([[window]])
  })

  it('are the times at which a condition holds, and the others', () => {
    const slices = createTimeSlices([byPolicy('time=01:30-03:00')], { since: 30_000, until: window.until })
    const [half, end] = [1.5 * HOUR_MS, 3 * HOUR_MS]
    expect(slices.ranges).toEqual([
      [
        { since: 30_000, until: half },
        { since: end, until: window.until },
      ],
      [{ since: half, until: end }],
    ])
    expect([0, half - 1, half, end - 1, end].map(time => slices.at(time))).toEqual([0, 0, 1, 1, 0])
  })

  it('are divided where one of several policies changes its answer, and cover each minute once', () => {
    const days = { since: Date.parse('2026-10-23T00:00:00Z'), until: Date.parse('2026-10-27T00:00:00Z') }
    const policies = [byPolicy('weekday=sat-sun'), byPolicy('time=22:00-06:00')]
    const { ranges } = createTimeSlices(policies, days)
    expect(ranges).toHaveLength(4)
    const all = ranges.flat().sort((a, b) => a.since - b.since)
    expect(all.map(({ until }) => until).slice(0, -1)).toEqual(all.map(({ since }) => since).slice(1))
    expect([all[0]?.since, all.at(-1)?.until]).toEqual([days.since, days.until])
  })
})
