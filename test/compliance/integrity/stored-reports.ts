import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { VerifyOptions } from '../../../compliance/integrity/check.ts'
import { findReports } from '../../../compliance/integrity/found-folders.ts'
import { type Disk, storeReport } from '../../../compliance/integrity/report-folder.ts'
import { newKeyPair, type SigningKey, signingKey } from '../../../compliance/integrity/signing-key.ts'
import { verify } from '../../../compliance/integrity/verify.ts'
import type { Report } from '../../../compliance/model/report.ts'
import type { Renderer } from '../../../compliance/render/contract/renderer.ts'
import { renderers as shipped } from '../../../compliance/render/registry.ts'
import { renderForms } from '../../../compliance/render/render-forms.ts'
import { exampleReport } from '../example-report.ts'

/** A PDF that Chromium printed, whatever the report says. */
const pdfRenderer: Renderer = {
  format: 'pdf',
  file: 'report.pdf',
  mediaType: 'application/pdf',
  summary: 'a PDF of a test',
  reproducible: false,
  render: () => readFileSync(new URL('../../fixtures/compliance/three-pages-of-chromium.pdf', import.meta.url)),
}

export const renderers: readonly Renderer[] = [...shipped, pdfRenderer]

/** What verifies here is the version that made the reports. */
export const options = (differences: Partial<VerifyOptions> = {}): VerifyOptions => ({
  renderers,
  trusted: [],
  version: '0.3.0',
  ...differences,
})

export const temporaryRoot = (): string => join(mkdtempSync(join(tmpdir(), 'clawtrust-reports-')), 'reports')

export const newKey = (): SigningKey => signingKey(newKeyPair().privatePem)

/** The example of one month of 2026. */
export function monthReport(month: number, differences: Partial<Report> = {}): Report {
  const start = (each: number) => new Date(Date.UTC(2026, each - 1, 1)).toISOString()
  const made = new Date(Date.UTC(2026, month, 1, 6)).toISOString()
  return exampleReport({
    id: `0b7c1f5e-2a63-5d0e-9c1b-5a1f7e4d2c${String(month).padStart(2, '0')}`,
    period: { name: start(month).slice(0, 7), start: start(month), end: start(month + 1), timeZone: 'UTC' },
    generatedAt: made,
    ...differences,
  })
}

export const filesOf = (report: Report) => renderForms(report, renderers)

export async function store(root: string, report: Report, key?: SigningKey, disk?: Disk) {
  return storeReport(root, { report, files: await filesOf(report), key }, disk)
}

/** September to November in a new folder. */
export async function threeMonths(key?: SigningKey): Promise<string> {
  const root = temporaryRoot()
  for (const month of [9, 10, 11]) await store(root, monthReport(month), key)
  return root
}

export const verified = async (path: string, differences: Partial<VerifyOptions> = {}) =>
  verify(await findReports(path), options(differences))
