import { describe, expect, it } from '@jest/globals'
import { DAY_MS } from '../../../../core/clock.ts'
import { assessDays } from '../../../../exporter/web/page/day-assessment.ts'
import { daySection } from '../../../../exporter/web/page/sections/days.ts'
import type { DayRow, DaysView } from '../../../../exporter/web/stats/days.ts'

const row = (totals: readonly number[], parts: Partial<DayRow> = {}): DayRow => ({
  trustZone: 'agent-control',
  signal: 'auth_failures',
  days: totals.map(count => (count === 0 ? [] : [{ name: 'token_mismatch', count }])),
  ...parts,
})
const view = (rows: readonly DayRow[]): DaysView => ({
  days: (rows[0]?.days ?? []).map((_, index) => Date.UTC(2026, 10, 10) + index * DAY_MS),
  rows,
})

describe('the days on the page', () => {
  it('find the day that is far above the median of the others', () => {
    expect(assessDays(row([10, 11, 500, 10, 9, 3]))).toMatchObject({ worst: 2, usual: 10, level: 'anomalous' })
    expect(assessDays(row([10, 11, 12, 10, 9, 3])).level).toBeUndefined()
  })

  it('show no usual while few days are known', () => {
    expect(assessDays(row([1, 500, 1])).usual).toBeUndefined()
  })

  it('put the most anomalous day first and name its reasons', () => {
    const calm = row([900, 900, 910, 900, 1], { trustZone: 'analytics' })
    const markup = daySection(view([calm, row([10, 10, 500, 10, 9])]))?.markup ?? ''
    expect(markup.indexOf('agent-control')).toBeLessThan(markup.indexOf('analytics'))
    expect(markup).toContain('token_mismatch')
    expect(markup).toContain('on 11-12, usual 10')
  })

  it('give every chart a text that says its numbers', () => {
    expect(daySection(view([row([1, 2, 3])]))?.markup).toContain(
      'aria-label="agent-control auth failures by day: 11-10 1, 11-11 2, 11-12 3"',
    )
  })

  it('show hostile names harmlessly', () => {
    const hostile = row([1, 2], { trustZone: '<script>alert(1)</script>' })
    expect(daySection(view([hostile]))?.markup).not.toContain('<script>')
  })

  it('are left out where less than a day is known', () => {
    expect(daySection(undefined)).toBeUndefined()
    expect(daySection(view([row([5])]))).toBeUndefined()
  })
})
