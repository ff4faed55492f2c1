import { rmSync } from 'node:fs'
import { afterAll, describe, expect, it } from '@jest/globals'
import { archivedReports, previousReport } from '../../compliance/archive.ts'
import type { Report } from '../../compliance/model/report.ts'
import { periodNamed } from '../../compliance/schedule/periods.ts'
import { monthReport, store, temporaryRoot } from './integrity/stored-reports.ts'

const root = temporaryRoot()
afterAll(() => rmSync(root, { recursive: true, force: true }))

const iso = (time: number): string => new Date(time).toISOString()

/** A report of a period by its name. */
function reportOf(name: string, timeZone = 'UTC', more: Partial<Report> = {}): Report {
  const period = periodNamed(name, timeZone)
  if (period === undefined) throw new TypeError(name)
  return monthReport(10, { period: { name, start: iso(period.start), end: iso(period.end), timeZone }, ...more })
}

async function previousOf(name: string, timeZone = 'UTC', synthetic = false): Promise<string | undefined> {
  const period = periodNamed(name, timeZone)
  if (period === undefined) throw new TypeError(name)
  const previous = await previousReport(root, await archivedReports(root), { period, synthetic })
  return previous === null ? undefined : `${previous.period.name} ${previous.period.timeZone}`
}

describe('the report that a new one is compared with', () => {
  it('is of the same unit, and real where the new one is', async () => {
    await store(root, reportOf('2026-09'))
    await store(root, reportOf('2026-10-31'))
    await store(root, reportOf('2026-W44'))
    await store(root, reportOf('2026-10', 'UTC', { synthetic: true }))
    expect(await previousOf('2026-11')).toBe('2026-09 UTC')
    expect(await previousOf('2026-11', 'UTC', true)).toBe('2026-10 UTC')
    expect(await previousOf('2026-11-01')).toBe('2026-10-31 UTC')
    expect(await previousOf('2026-W45')).toBe('2026-W44 UTC')
    expect(await previousOf('2026-Q4')).toBeUndefined()
  })

  it('is not one of the same period, in another time zone either', async () => {
    await store(root, reportOf('2026-12', 'Europe/Berlin'))
    expect(await previousOf('2026-12')).toBe('2026-09 UTC')
    expect(await previousOf('2027-01', 'America/New_York')).toBe('2026-12 Europe/Berlin')
  })
})
