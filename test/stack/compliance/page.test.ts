import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { NO_CHANGES } from '../../../compliance/model/changes.ts'
import type { Report } from '../../../compliance/model/report.ts'
import { htmlDocument } from '../../../compliance/render/html/document.ts'
import { hostileReport, hostileTexts, largeReport } from '../../compliance/hostile-report.ts'
import { sampleReport } from '../../compliance/sample-report.ts'
import { withCommands } from '../../requirements.ts'
import { findChromium, launchChromium } from '../page/browser.ts'

/** The content of A4 with the margins of the style sheet, in CSS pixels: 186 mm by 274 mm on the first page. */
const printed = { width: 703, height: 1035 }

withCommands('chromium-headless-shell').describe('the HTML of a report in Chromium', () => {
  let folder: string
  let browser: Browser
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'clawtrust-report-page-'))
    browser = await launchChromium(findChromium() as string)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function open(report: Report, viewport: { width: number; height: number }, media: 'screen' | 'print') {
    const file = join(folder, 'report.html')
    writeFileSync(file, htmlDocument(report))
    const page = await browser.newPage({ viewport })
    const complaints: string[] = []
    page.on('console', message => complaints.push(message.text()))
    page.on('pageerror', error => complaints.push(error.message))
    page.on('request', request => {
      if (request.url() !== `file://${file}`) complaints.push(request.url())
    })
    await page.emulateMedia({ media })
    await page.goto(`file://${file}`)
    return { page, complaints }
  }

  const wide = hostileTexts.find(text => text.startsWith('www')) as string
  const long = hostileTexts.find(text => text.startsWith('long words')) as string
  const everyText = (text: string) => hostileReport(largeReport(60, { synthetic: true, redacted: true }), [text])
  const reports: readonly (readonly [string, Report])[] = [
    ['the sample', sampleReport()],
    ['hostile texts', hostileReport(largeReport(60, { synthetic: true, redacted: true }))],
    ['wide words of 10,000 letters', everyText(wide)],
    ['long texts', everyText(long)],
    ['nothing at all', emptyReport()],
  ]

  it.each(reports)('has all of page one within one page of A4: %s', async (_, report) => {
    const { page } = await open(report, printed, 'print')
    const [head, one] = await page.evaluate<[number, number][]>(
      `['.masthead', '.one'].map(name => document.querySelector(name)).map(one => [one.scrollHeight, one.clientHeight])`,
    )
    expect(head?.[0]).toBeLessThanOrEqual(head?.[1] as number)
    expect(one?.[0]).toBeLessThanOrEqual(one?.[1] as number)
    expect((head?.[1] as number) + (one?.[1] as number)).toBeLessThanOrEqual(printed.height)
    const wider = await page.evaluate<string[]>(
      `[...document.querySelectorAll('.one *')].filter(one => one.getBoundingClientRect().right > ${printed.width + 1}).map(one => one.className)`,
    )
    expect(wider).toEqual([])
    await page.close()
  })

  const screens = [360, 768, 1280].map(width => ({ width, height: 900 }))
  it.each(screens)('fits a screen of $width pixels without a complaint or a request', async viewport => {
    for (const [, report] of reports.slice(0, 4)) {
      const { page, complaints } = await open(report, viewport, 'screen')
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width)
      expect(await page.evaluate<number>('document.scripts.length')).toBe(0)
      expect(complaints).toEqual([])
      await page.close()
    }
  })

  it('gives a screen reader landmarks, headings, tables and charts with their words', async () => {
    const { page } = await open(sampleReport(), { width: 1280, height: 900 }, 'screen')
    for (const landmark of ['banner', 'main', 'contentinfo', 'navigation'] as const) {
      expect(await page.getByRole(landmark).count()).toBe(1)
    }
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Zero-trust compliance report')
    expect(await page.getByRole('img', { name: /^caddy-edge: 87\.1 % of the period observed, 1 gap$/ }).count()).toBe(2)
    expect(await page.getByRole('table', { name: 'Controls by pillar and status' }).getByRole('row').count()).toBe(9)
    expect(await page.getByRole('article', { name: /AC-7 Unsuccessful Logon Attempts/ }).count()).toBe(1)
    await page.close()
  })
})

/** The least that a report can be: nothing is configured, nothing is known. */
function emptyReport(): Report {
  return {
    ...sampleReport(),
    organisation: '',
    frameworks: [],
    stores: [],
    coverage: { share: null, sources: [], gaps: [] },
    controls: [],
    evidence: [],
    changes: NO_CHANGES,
    trend: [],
    remediation: null,
    exceptions: [],
    risks: [],
    previous: null,
  }
}
