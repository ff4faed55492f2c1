import { beforeAll, describe, expect, it } from '@jest/globals'
import { explainReport } from '../../../../cli/explain-report.ts'
import { type ExplainQuery, explain } from '../../../../exporter/web/api/explain.ts'
import { type Bench, bench, countsOf, DAY, key, live, START } from '../../detection/fixtures.ts'

const ask = (setup: Bench, parts: Partial<ExplainQuery> = {}) =>
  explain(setup.scoring, { signal: key.signal, trustZone: key.trustZone, ...parts }, (START + 3 * DAY) * 1000)

const answered = (setup: Bench, parts: Partial<ExplainQuery> = {}) => {
  const explained = ask(setup, parts)
  if (!('answer' in explained)) throw new Error(explained.refused)
  return explained.answer
}

const at = (minute: number) => (START + minute * 60) * 1000

describe('an explanation', () => {
  const setup = bench()
  beforeAll(() => live(setup, countsOf(3500, 2880)))

  it('is of the newest minute, unless a time is named', () => {
    const answer = answered(setup)
    expect(answer).toMatchObject({ series: key, minute: START + 3499 * 60, samples_seen: 3500 })
    expect(answer.trail).toHaveLength(120)
    expect(answer.trail.at(-1)).toMatchObject({ minute: answer.minute, observed: answer.observed })
  })

  it('of a time within an episode is that of its minute with the highest score', () => {
    const answer = answered(setup, { at: at(2890) })
    expect(answer.active).toBe(true)
    expect(answer.score).toBeGreaterThan(90)
    expect(answer.words).toMatch(/times the expected count for a Wednesday night|expected for a Wednesday night/)
    expect(answer.expected_parts).toEqual({ people: answer.expected, job: 0, hourly: 0 })
    expect(answer.trail.at(-1)?.minute).toBe(answer.minute)
  })

  it('of a minute of the last two hours has its figures', () => {
    const answer = answered(setup, { at: at(3450) })
    expect(answer).toMatchObject({ minute: START + 3450 * 60, expected_parts: null, words: null, explanation: null })
  })

  it('says what is not kept, and which series are not known', () => {
    expect(ask(setup, { at: at(1000) })).toEqual({ refused: expect.stringMatching(/^No data of auth_failures/) })
    expect(ask(setup, { gateway: 'edge-9' })).toEqual({
      refused: expect.stringMatching(/is not a scored series/),
    })
    expect(ask(setup, { trustZone: 'nowhere' })).toEqual({
      refused: expect.stringMatching(/in nowhere is not a scored series/),
    })
    const young = bench()
    young.scoring.onBackfill({ key, first: START, end: START + 600, counts: new Map(), partial: new Set() })
    expect(ask(young)).toEqual({ refused: expect.stringMatching(/no scored minute yet/) })
  })

  it('at the terminal shows the figures, the views, the minutes and the episodes', () => {
    const report = explainReport(answered(setup, { at: at(2890) }))
    expect(report).toMatch(
      /^auth_failures in agent-control of edge-1\n2026-11-04 00:\d\d UTC {2}score \d+ of 100, active\n/,
    )
    expect(report).toMatch(/\nWhy: /)
    expect(report).toMatch(/\n {2}count_\d+m +\d+\.\d of \d+\.\d\n/)
    expect(report).toMatch(/ ┤[ ░]*[ ░▓█]+▓/)
    expect(report).toContain('Episodes of the last 15 days, highest score first:\n  2026-11-04 00:')
  })

  it('of a series that learns says how much it has learnt', () => {
    const young = bench()
    live(young, countsOf(30))
    expect(explainReport(answered(young))).toContain('no score yet: 30 of the first 720 minutes are learnt')
  })

  it('lets no sign of a name reach the terminal', () => {
    const answer = answered(setup)
    const hostile = { ...answer, series: { ...answer.series, gateway: 'gw\u001b[31m\u202e' } }
    expect(explainReport(hostile)).toContain('of gw\\u{1b}[31m\\u{202e}\n')
  })
})
