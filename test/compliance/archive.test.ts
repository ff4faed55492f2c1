import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { Archive, archivedReports, previousReport } from '../../compliance/archive.ts'
import { storeReport } from '../../compliance/integrity/report-folder.ts'
import { jsonRenderer } from '../../compliance/render/data/json.ts'
import { renderForms } from '../../compliance/render/render-forms.ts'
import { periodNamed } from '../../compliance/schedule/periods.ts'
import { monthReport } from './integrity/stored-reports.ts'
import { removeFolders, reportFolder } from './made-reports.ts'

afterEach(removeFolders)

async function store(root: string, month: number) {
  const report = monthReport(month)
  return storeReport(root, { report, files: await renderForms(report, [jsonRenderer]) })
}
const periods = (reports: Awaited<ReturnType<Archive['reports']>>) =>
  reports.map(({ manifest }) => manifest.period.name)

describe('the folder of the reports', () => {
  it('is empty where it does not exist, also when it is made later', async () => {
    const root = join(reportFolder(), 'later')
    const archive = new Archive(root)
    expect(await archive.reports()).toEqual([])
    await store(root, 10)
    expect(periods(await archive.reports())).toEqual(['2026-10'])
  })

  it('is read again when a report comes or goes, in the order in which they were made', async () => {
    const root = reportFolder()
    const archive = new Archive(root)
    await store(root, 10)
    expect(periods(await archive.reports())).toEqual(['2026-10'])
    await store(root, 9)
    expect(periods(await archive.reports())).toEqual(['2026-10', '2026-09'])
    expect(await archive.reports()).toBe(await archive.reports())
    rmSync(join(root, '2026-10'), { recursive: true })
    expect(periods(await archive.reports())).toEqual(['2026-09'])
  })

  it('counts statuses of what can be read', async () => {
    const root = reportFolder()
    const archive = new Archive(root)
    await store(root, 10)
    await store(root, 11)
    writeFileSync(join(root, '2026-11', 'report.json'), 'damaged')
    const reports = await archive.reports()
    const counts = await archive.counts(reports)
    expect(reports.map(({ sha256 }) => counts.has(sha256))).toEqual([true, false])
  })

  it('gives the newest earlier report that can be read', async () => {
    const root = reportFolder()
    for (const month of [9, 10]) await store(root, month)
    const archived = await archivedReports(root)
    const earlierThan = (name: string) => {
      const period = periodNamed(name, 'UTC')
      if (period === undefined) throw new TypeError(name)
      return previousReport(root, archived, { period, synthetic: false })
    }
    expect((await earlierThan('2026-11'))?.period.name).toBe('2026-10')
    writeFileSync(join(root, '2026-10', 'report.json'), '{}')
    expect((await earlierThan('2026-11'))?.period.name).toBe('2026-09')
    expect(await earlierThan('2026-09')).toBeNull()
  })
})
