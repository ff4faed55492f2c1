import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { ledger } from '../../../compliance/evidence/ledger.ts'
import type { Reading } from '../../../compliance/evidence/reading.ts'
import { remediationSummary } from '../../../compliance/model/remediation.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { openLedger } from '../../../remediation/store/ledger.ts'
import { openLedgerView } from '../../../service/views/ledger-file.ts'
import type { LedgerAction, LedgerIncident, LedgerPeriod, LedgerView } from '../../../service/views/ledger-view.ts'
import { stopAll, temporaryFolder } from '../../remediation/service.ts'
import { RemediationStory } from '../../remediation/story.ts'
import { contextOf, periodOf } from './context.ts'

afterEach(stopAll)

const START = Date.parse('2026-11-24T00:00:00Z')
const PERIOD = periodOf(START, START + 7 * DAY_MS)

type Measure = Parameters<typeof ledger.read>[0]['measure']

const read = (view: LedgerView | undefined, measure: Measure, statistic: 'p95' | 'median' = 'p95'): Promise<Reading> =>
  ledger.read({ from: 'ledger', measure, statistic }, contextOf(PERIOD, view === undefined ? {} : { ledger: view }))

const measures = ledger.schema.shape.measure.options

const nothing: LedgerPeriod = {
  since: START,
  newest: START,
  incidents: [],
  actions: [],
  damaged: { incidents: 0, records: 0 },
  chain: { verified: true, detail: '', records: 1, head: 'a'.repeat(64) },
}

const viewOf = (period: Partial<LedgerPeriod>): LedgerView => ({
  path: '/ledger.db',
  period: () => ({ ...nothing, ...period }),
  close: () => {},
})

const incident = (id: string, more: Partial<LedgerIncident> = {}): LedgerIncident => ({
  id,
  playbook: 'brute-force',
  target: '192.0.2.1',
  receivedAt: START,
  firedAt: null,
  firstEvent: null,
  damaged: false,
  ...more,
})

const action = (kind: LedgerAction['kind'], of: string, more: Partial<LedgerAction> = {}): LedgerAction => ({
  kind,
  incident: of,
  time: START + MINUTE_MS,
  target: '192.0.2.1',
  actor: '',
  ...more,
})

describe('evidence of the ledger', () => {
  it('measures what the service has done, by a ledger that it writes', async () => {
    const story = await RemediationStory.begin()
    await story.alert('brute-force', '198.51.100.7', { first_event: '2026-11-23T23:55:00Z' })
    await story.pass(HOUR_MS + MINUTE_MS)
    await story.alert('brute-force', '198.51.100.23')
    await story.command('unblock', '198.51.100.23', 'alice')
    await story.alert('brute-force', '198.51.100.24')
    await story.pass(3 * HOUR_MS)
    await story.alert('privilege-upgrade', '198.51.100.24')
    await story.answer('reject', 'bob')
    await story.alert('privilege-upgrade', '198.51.100.40')
    await story.pass(6 * HOUR_MS)
    await story.alert('privilege-upgrade', '198.51.100.42')
    await story.pass(10 * MINUTE_MS)
    await story.answer('approve', 'alice')
    await story.alert('policy-denials', '198.51.100.80')
    await story.alert('brute-force', '10.0.0.8')
    const view = openLedgerView(join(story.service.folder, 'state', 'remediation', 'ledger.db'))
    const values: Record<string, number | null> = {}
    for (const measure of measures) values[measure] = (await read(view, measure)).value
    expect(values).toEqual({
      incidents: 8,
      undecided: 1,
      observed: 1,
      refused: 1,
      proposed: 3,
      rejected: 1,
      lapsed: 1,
      enforced: 4,
      failed: 0,
      expired: 2,
      rolled_back: 1,
      // The address that alice released, and the one that bob refused to block again.
      false_blocks: 2,
      time_to_detect: expect.any(Number),
      time_to_decide: expect.any(Number),
      time_to_contain: expect.any(Number),
      chain_verified: 1,
    })
    // The alert of the story began to fire a minute ago, and its first event was five minutes before midnight.
    expect(values.time_to_detect).toBeGreaterThanOrEqual(4 * 60)
    expect(values.time_to_detect).toBeLessThan(4 * 60 + 30)
    // Only alice's answer took ten minutes.
    expect((await read(view, 'time_to_contain', 'median')).value).toBeLessThan(30)
    expect(values.time_to_contain).toBeGreaterThanOrEqual(500)
    const summary = remediationSummary(view.period(PERIOD.start, PERIOD.end))
    expect(summary).toMatchObject({
      incidents: 8,
      proposed: 3,
      enforced: 4,
      observed: 1,
      expired: 2,
      rolledBack: 1,
      falseBlocks: 2,
      timeToDetect: { count: 1 },
      timeToDecide: { count: 7 },
      timeToContain: { count: 4 },
      chain: { verified: true, detail: '' },
    })
    view.close()
  })

  it('is unknown without a ledger, and of a ledger in which nothing ever happened', async () => {
    const folder = temporaryFolder()
    await openLedger(folder).close()
    const view = openLedgerView(join(folder, 'ledger.db'))
    for (const measure of measures) {
      expect(await read(undefined, measure)).toMatchObject({
        value: null,
        newest: null,
        gaps: [{ start: PERIOD.start }],
      })
      expect(await read(view, measure)).toMatchObject({ value: null, newest: null, gaps: [{ start: PERIOD.start }] })
    }
    expect(remediationSummary(view.period(PERIOD.start, PERIOD.end))).toBeNull()
    view.close()
  })

  it('is zero, and no gap, where the ledger was there and nothing happened', async () => {
    const reading = await read(viewOf({ since: START - DAY_MS, newest: START - HOUR_MS }), 'false_blocks')
    expect(reading).toMatchObject({ value: 0, gaps: [], newest: START - HOUR_MS })
  })

  it('has no time where there was nothing to measure', async () => {
    for (const measure of ['time_to_detect', 'time_to_decide', 'time_to_contain'] as const) {
      expect((await read(viewOf({ incidents: [incident('a')] }), measure)).value).toBeNull()
    }
  })

  it('has a gap before the ledger begins, and over a trail of which records cannot be read', async () => {
    const begun = await read(viewOf({ since: START + DAY_MS }), 'incidents')
    expect(begun.gaps).toEqual([expect.objectContaining({ of: 'ledger', start: START, end: START + DAY_MS })])
    const damaged = await read(viewOf({ damaged: { incidents: 0, records: 2 } }), 'incidents')
    expect(damaged.gaps).toEqual([expect.objectContaining({ start: PERIOD.start, end: PERIOD.end })])
  })

  it('says that the chain is broken, and where', async () => {
    const chain = { verified: false, detail: 'record 7 is missing', records: 6, head: 'b'.repeat(64) }
    expect(await read(viewOf({ chain }), 'chain_verified')).toMatchObject({ value: 0, result: chain, gaps: [] })
  })

  it('counts a false block once, and none that ended when its time was over', async () => {
    const actions = [
      action('enforced', 'a'),
      action('expired', 'a'),
      action('enforced', 'b', { target: '192.0.2.2' }),
      action('released', 'b', { target: '192.0.2.2', actor: 'alice' }),
      action('rejected', 'c', { target: '192.0.2.2', actor: 'bob' }),
      action('rejected', 'd', { target: '192.0.2.9', actor: 'bob' }),
    ]
    expect(await read(viewOf({ actions }), 'false_blocks')).toMatchObject({ value: 1, samples: ['b'] })
  })

  it('takes no time as negative where a clock was set back', async () => {
    const actions = [action('decided', 'a', { time: START - MINUTE_MS })]
    expect((await read(viewOf({ incidents: [incident('a')], actions }), 'time_to_decide')).value).toBeNull()
  })

  it('counts by playbook and day, and names five of the incidents', async () => {
    const incidents = Array.from({ length: 7 }, (_, day) =>
      incident(`incident ${day}`, { receivedAt: START + day * DAY_MS, playbook: day < 2 ? 'ask' : 'block' }),
    )
    const reading = await read(viewOf({ incidents }), 'incidents')
    expect(reading.result).toMatchObject({ by_playbook: { ask: 2, block: 5 } })
    expect(reading.samples).toHaveLength(5)
    expect(reading.distribution?.map(({ value }) => value)).toEqual([1, 1, 1, 1, 1, 1, 1])
  })

  it('has words and a unit for every measure', () => {
    for (const measure of measures) {
      expect(ledger.sentence({ from: 'ledger', measure, statistic: 'p95' })).toMatch(/^[A-Z].{10,90}$/)
      expect(ledger.unit({ from: 'ledger', measure, statistic: 'p95' })).toMatch(
        /^(|seconds|incidents|proposals|blocks|actions)$/,
      )
    }
  })
})
