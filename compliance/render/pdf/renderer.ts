import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault, failureCode, failureReason } from '../../../core/errors.ts'
import { FileRefused, fileTrouble, readRegularBytes } from '../../../service/files/regular-file.ts'
import type { Report } from '../../model/report.ts'
import type { Renderer } from '../contract/renderer.ts'
import { htmlDocument } from '../html/document.ts'
import { findChromium, print } from './chromium.ts'
import { withDates } from './dates.ts'
import { withNodeNames } from './node-names.ts'

export interface PdfOptions {
  /** The program that prints; the first on the PATH where it is not set. */
  readonly chromium?: string
  readonly path: string
  /** Where a folder for the profile and the document is made, and removed. */
  readonly temporaryFolder: string
  /** Milliseconds. */
  readonly timeout: number
  readonly isRoot: boolean
  readonly signal?: AbortSignal
  /** Takes sentences that an operator has to know and that are no failure. */
  readonly note: (sentence: string) => void
}

const MAX_PDF = 256 * 1024 * 1024

/** Why there is no PDF, a sentence without a full stop. The other forms of the report are made nevertheless. */
export class PdfNotMade extends Fault {}

/** The form for paper and for archives: the HTML, printed by Chromium, tagged and with an outline. */
export const pdfRenderer = (options: PdfOptions): Renderer => ({
  format: 'pdf',
  file: 'report.pdf',
  mediaType: 'application/pdf',
  reproducible: false,
  summary: 'The same pages as a tagged PDF with an outline, printed by Chromium',
  render: report => pdfOf(report, options),
})

/** @throws PdfNotMade where Chromium is missing or does not print */
async function pdfOf(report: Report, options: PdfOptions): Promise<Uint8Array> {
  const program = options.chromium ?? findChromium(options.path)
  if (program === undefined) {
    throw new PdfNotMade(
      'the report is made without PDF: no Chromium was found on the PATH; install the package chromium or google-chrome, or set the path of the program',
    )
  }
  if (options.isRoot) {
    options.note(
      'Chromium prints the PDF without its sandbox, because this process runs as root; it has no network, and the document no scripts.',
    )
  }
  const pdf = withNodeNames(await printed(report, program, options))
  const dated = datedAs(pdf, report)
  if (dated === undefined) {
    options.note(
      'This Chromium writes the times of a PDF in another form: the bytes of the PDF differ from run to run.',
    )
  }
  return dated ?? pdf
}

async function printed(
  report: Report,
  program: string,
  { path, temporaryFolder, timeout, isRoot, signal }: PdfOptions,
): Promise<Uint8Array> {
  const folder = await mkdtemp(join(temporaryFolder, 'clawtrust-report-')).catch(error => {
    throw new PdfNotMade(
      `the report is made without PDF: no folder can be made in ${temporaryFolder} (${failureReason(error)})`,
    )
  })
  try {
    const document = join(folder, 'report.html')
    const pdf = join(folder, 'report.pdf')
    await writeFile(document, htmlDocument(report), { mode: 0o600 })
    await print({ program, folder, document, pdf, timeout, isRoot, path }, signal)
    return await readRegularBytes(pdf, MAX_PDF)
  } catch (error) {
    throw new PdfNotMade(`the report is made without PDF: ${program} ${troubleOf(error, folder)}`, { cause: error })
  } finally {
    // Its processes may write for a moment after they were ended.
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

/** To follow the path of the program. */
function troubleOf(error: unknown, folder: string): string {
  if (error instanceof Fault && !(error instanceof FileRefused)) return failureReason(error)
  if (failureCode(error) !== 'ENOENT') return `wrote a PDF that ${fileTrouble(error)}`
  return `wrote no PDF; where it is a snap it cannot reach ${folder}: install Chromium or Google Chrome as a package`
}

function datedAs(pdf: Uint8Array, { generatedAt }: Report): Uint8Array | undefined {
  const time = Date.parse(generatedAt)
  try {
    return Number.isNaN(time) ? undefined : withDates(pdf, time)
  } catch (error) {
    throw new PdfNotMade(
      `the report is made without PDF: what Chromium wrote cannot be read, because ${failureReason(error)}`,
    )
  }
}
