import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { VerifyOptions } from '../../../compliance/integrity/check.ts'
import { findReports } from '../../../compliance/integrity/found-folders.ts'
import type { RenderedFile } from '../../../compliance/integrity/manifest.ts'
import { type Disk, storeReport } from '../../../compliance/integrity/report-folder.ts'
import { newKeyPair, type SigningKey, signingKey } from '../../../compliance/integrity/signing-key.ts'
import { verify } from '../../../compliance/integrity/verify.ts'
import type { Report } from '../../../compliance/model/report.ts'
import { renderers as shipped } from '../../../compliance/render/registry.ts'
import type { Renderer } from '../../../compliance/render/renderer.ts'
import { exampleReport } from '../example-report.ts'

/** A page with sections and values, in the place of the shipped one. */
const htmlRenderer: Renderer = {
  format: 'page',
  file: 'page.html',
  mediaType: 'text/html',
  summary: 'a page of a test',
  render: ({ title, controls }) =>
    Buffer.from(
      `<!doctype html><title>x</title><h1>${encodeURI(title)}</h1>\n${controls
        .map(
          ({ control, status, reason }) =>
            `<section id="${encodeURI(control)}"><b>${status}</b><p>${encodeURI(reason)}</p></section>\n`,
        )
        .join('')}<footer>end</footer>`,
    ),
}

/** A PDF of one page for each control, of the form that Chromium writes. */
const pdfRenderer: Renderer = {
  format: 'pages',
  file: 'pages.pdf',
  mediaType: 'application/pdf',
  summary: 'a PDF of a test',
  reproducible: false,
  render: ({ controls }) =>
    Buffer.from(pdfOf(controls.map(({ control, status }) => `(${control} ${status}) Tj`)), 'latin1'),
}

/** Contents of pages as a PDF; without its table of references, which no reader of pages needs. */
export function pdfOf(contents: readonly string[]): string {
  const kids = contents.map((_, index) => `${10 + 2 * index} 0 R`).join(' ')
  const pages = contents.map(
    (content, index) =>
      `${10 + 2 * index} 0 obj\n<</Type /Page\n/Parent 2 0 R\n/Contents ${11 + 2 * index} 0 R>>\nendobj\n` +
      `${11 + 2 * index} 0 obj\n<</Length ${content.length}>> stream\n${content}\nendstream\nendobj\n`,
  )
  return `%PDF-1.4\n1 0 obj\n<</Type /Catalog\n/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type /Pages\n/Count ${contents.length}\n/Kids [${kids}]>>\nendobj\n${pages.join('')}%%EOF\n`
}

export const renderers: readonly Renderer[] = [
  ...shipped.filter(({ mediaType }) => mediaType !== 'application/pdf'),
  htmlRenderer,
  pdfRenderer,
]

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

export const filesOf = (report: Report): Promise<RenderedFile[]> =>
  Promise.all(renderers.map(async ({ file, render }) => ({ name: file, bytes: await render(report) })))

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
