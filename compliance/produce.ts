import { type Clock, MINUTE_MS } from '../core/clock.ts'
import type { EvidenceStore } from '../core/labels/compliance.ts'
import type { Logger } from '../service/log/logger.ts'
import { archivedReports, previousReport } from './archive.ts'
import { type ComplianceConfig, expectedOf } from './config.ts'
import type { Catalogue } from './controls/catalogue.ts'
import { makeReport } from './engine.ts'
import type { ExpectedCoverage } from './evidence/coverage.ts'
import type { Period } from './evidence/period.ts'
import type { Stores } from './evidence/stores.ts'
import { asOnlyWriter } from './folder-writer.ts'
import { readSigningKey } from './integrity/key-file.ts'
import { type StoredReport, storeReport } from './integrity/report-folder.ts'
import type { Report } from './model/report.ts'
import { PdfNotMade, type PdfOptions, pdfRenderer } from './render/pdf/renderer.ts'
import { renderers } from './render/registry.ts'
import { inOrder, type RenderedForm } from './render/render-forms.ts'

/** The stores of one report: each is one moment of its database, or one connection. */
export interface OpenedStores {
  readonly stores: Stores
  /** Those that are configured and cannot be opened, and why. */
  readonly unopened: Readonly<Partial<Record<EvidenceStore, string>>>
  close(): Promise<void>
}

export interface Production {
  readonly config: ComplianceConfig
  readonly catalogue: Catalogue
  readonly openStores: () => Promise<OpenedStores>
  /** Of the program. */
  readonly version: string
  /** True for the demo. */
  readonly synthetic?: boolean
  /** Default: what the configuration expects. */
  readonly expected?: ExpectedCoverage
  readonly printing: Printing
  readonly clock: Clock
  readonly logger: Logger
  readonly progress?: (done: number, all: number) => void
}

/** What the printing of the PDF uses of the machine. */
export type Printing = Pick<PdfOptions, 'path' | 'temporaryFolder' | 'isRoot'>

export interface ProducedReport extends StoredReport {
  readonly report: Report
  /** Names of its files. */
  readonly files: readonly string[]
}

/**
 * Makes the report of a period and writes it into the folder of the reports, whole or not at all. A second one of the same
 * period is its next revision.
 *
 * @throws ClawtrustError REPORT_UNWRITABLE, REPORT_KEY_UNUSABLE
 */
export async function produce(period: Period, production: Production, signal: AbortSignal): Promise<ProducedReport> {
  const { config, catalogue, version, synthetic = false, clock, logger, progress } = production
  const { output_dir: folder, signing_key_file: keyFile } = config
  // Before the stores are asked: a key that cannot be used would be found after minutes.
  const key = keyFile === undefined ? undefined : await readSigningKey(keyFile)
  const archived = await archivedReports(folder)
  const previous = await previousReport(folder, archived, { period, synthetic })
  const opened = await production.openStores()
  if (Object.keys(opened.stores).length === 0) logger.warn(NO_STORE)
  const report = await makeReport({
    title: config.title,
    organisation: config.organisation ?? '',
    synthetic,
    version,
    catalogue,
    exceptions: config.exceptions,
    longestException: config.longest_exception,
    period,
    generatedAt: clock.now(),
    stores: opened.stores,
    unopened: opened.unopened,
    expected: production.expected ?? expectedOf(config),
    previous,
    signal,
    ...(progress === undefined ? {} : { progress }),
  }).finally(() => opened.close())
  const files = await renderFiles(report, config, { printing: production.printing, logger, signal })
  signal.throwIfAborted()
  const stored = await asOnlyWriter(folder, () => storeReport(folder, { report, files, key }), signal)
  return { report, files: files.map(({ name }) => name), ...stored }
}

const NO_STORE =
  'Everything is unknown: no store of evidence is configured or can be opened, and no database of the exporter or of remediation is in the state folder. Set compliance.prometheus and compliance.elasticsearch, or exporter.state_dir.'

/** Longer than Chromium takes for a large report on a slow machine. */
const PRINT_MS = 2 * MINUTE_MS

export interface Rendering {
  readonly printing: Printing
  readonly logger: Logger
  readonly signal?: AbortSignal
}

/** The forms that are configured, and always the model: everything else is checked against it. */
export async function renderFiles(
  report: Report,
  { formats, chromium }: Pick<ComplianceConfig, 'formats' | 'chromium'>,
  { printing, logger, signal }: Rendering,
): Promise<readonly RenderedForm[]> {
  const wanted = new Set<string>([...formats, 'json'])
  const pdf = pdfRenderer({
    ...printing,
    ...(chromium === undefined ? {} : { chromium }),
    timeout: PRINT_MS,
    note: sentence => logger.info(sentence),
    ...(signal === undefined ? {} : { signal }),
  })
  const files: RenderedForm[] = []
  const ordered = inOrder(report)
  for (const { file, render } of [...renderers, pdf].filter(({ format }) => wanted.has(format))) {
    try {
      files.push({ name: file, bytes: await render(ordered) })
    } catch (error) {
      if (!(error instanceof PdfNotMade)) throw error
      logger.warn(`${error.message[0]?.toUpperCase()}${error.message.slice(1)}.`)
    }
  }
  return files
}
