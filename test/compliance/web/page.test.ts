import { describe, expect, it } from '@jest/globals'
import { compliancePage, type ListedReport, type PageModel } from '../../../compliance/web/page.ts'

const NOW = Date.parse('2026-12-01T07:00:00Z')
const listed = (differences: Partial<ListedReport> = {}): ListedReport => ({
  folder: '2026-11',
  period: '2026-11',
  revision: 1,
  generatedAt: NOW - 3_600_000,
  isSigned: true,
  counts: { pass: 41, fail: 3, unknown: 9, manual: 5, exception: 1 },
  files: ['report.html', 'report.json'],
  ...differences,
})
const page = (differences: Partial<PageModel> = {}): string =>
  JSON.stringify(
    compliancePage({
      version: '0.0.0',
      now: NOW,
      readiness: { ready: true },
      due: [],
      next: NOW + 82_800_000,
      waiting: 0,
      dead: 0,
      reports: [listed()],
      ...differences,
    }),
  )

describe('the page of the service of reports', () => {
  it('says that nothing is due, when the next run is, and what each report says', () => {
    const text = page()
    expect(text).toContain('No report is due.')
    expect(text).toContain('Next run')
    expect(text).toContain('/reports/2026-11/report.html')
    expect(text).toContain('41')
  })

  it('names what is due, and what could not be delivered', () => {
    const text = page({ due: ['2026-10', '2026-11'], dead: 2, waiting: 1 })
    expect(text).toContain('Reports need attention.')
    expect(text).toContain('2026-10, 2026-11')
    expect(text).toContain('2 deliveries failed')
    expect(text).toContain('1 delivery waiting')
  })

  it('shows no number for a report that cannot be read, never zero', () => {
    const text = page({ reports: [listed({ counts: undefined })] })
    expect(text).toContain('–')
    expect(text).not.toContain('>0<')
  })

  it('escapes what stands in names of a folder', () => {
    const text = page({ reports: [listed({ folder: '"><x-one>', period: '<x-two>', files: ['<x-three>'] })] })
    expect(text).not.toMatch(/<x-/)
  })

  it('is the same for the same model', () => expect(page()).toBe(page()))
})
