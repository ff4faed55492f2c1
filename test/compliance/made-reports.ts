import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { loadCatalogue } from '../../cli/load-catalogue.ts'
import { type ComplianceConfig, complianceSchema } from '../../compliance/config.ts'
import type { ReportSender, ReportSenders } from '../../compliance/delivery/sending.ts'
import { createDemoStores } from '../../compliance/demo/stores.ts'
import type { Stores } from '../../compliance/evidence/stores.ts'
import { ComplianceMetrics } from '../../compliance/metrics.ts'
import type { Production } from '../../compliance/produce.ts'
import { ReportRunner, type RunnerOptions } from '../../compliance/runner.ts'
import { folderLease } from '../../compliance/schedule/folder-lease.ts'
import type { Clock } from '../../core/clock.ts'
import type { RequestResult } from '../../service/delivery/http-request.ts'
import type { Delivery } from '../../service/delivery/outbox.ts'
import { createLogger, type Logger } from '../../service/log/logger.ts'
import type { SeriesStore } from '../../service/series/series.ts'
import { createSeriesStore } from '../../service/series/store.ts'
import { databaseFolder } from '../database-folder.ts'
import { rememberedMetrics } from './remembered-metrics.ts'

/** The section as it is written. */
export type ComplianceInput = NonNullable<z.input<typeof complianceSchema>>

/** A clock that stands until a test turns it. */
export class HandClock implements Clock {
  time: number
  ran = 0
  constructor(time: string) {
    this.time = Date.parse(time)
  }
  now = () => this.time
  monotonic = () => this.ran
  pass(milliseconds: number): void {
    this.time += milliseconds
    this.ran += milliseconds
  }
}

const folders: string[] = []

/** For `afterEach`. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

export function reportFolder(): string {
  const folder = mkdtempSync(join(databaseFolder(), 'clawtrust-reports-'))
  folders.push(folder)
  return folder
}

/** One framework without PDF, so that a report takes a second. */
const quick: ComplianceInput = { frameworks: ['nist-sp-800-207'], formats: ['html', 'json'], period: 'month' }

/** Read and computed once for all tests of a file: neither changes. */
const shipped = loadCatalogue([], '.')
const demoStoresAt = createDemoStores()
const metrics = rememberedMetrics(demoStoresAt(0).prometheus as NonNullable<Stores['prometheus']>)

export async function demoProduction(
  input: ComplianceInput,
  clock: Clock,
  logger: Logger = createLogger({ destination: { write: () => true } }),
): Promise<Production> {
  const config: ComplianceConfig = complianceSchema.parse({ ...quick, ...input })
  const all = await shipped
  const frameworks = all.frameworks.filter(({ id }) => config.frameworks?.includes(id))
  return {
    config,
    catalogue: { ...all, frameworks },
    openStores: async () => ({
      stores: { ...demoStoresAt(clock.now()), prometheus: metrics },
      unopened: {},
      async close() {},
    }),
    version: '0.0.0',
    printing: { path: '', temporaryFolder: '/nonexistent', isRoot: false },
    clock,
    logger,
  }
}

/** A destination that remembers what it got. */
export class Receiver implements ReportSender {
  readonly got: Delivery[] = []
  answer: (delivery: Delivery, signal: AbortSignal) => Promise<RequestResult> | RequestResult = () => delivered
  async send(delivery: Delivery, signal: AbortSignal): Promise<RequestResult> {
    this.got.push(delivery)
    return this.answer(delivery, signal)
  }
}

export const delivered: RequestResult = { ok: true, retryable: false, detail: 'taken' }
export const busy: RequestResult = { ok: false, retryable: true, detail: 'answered 451' }

export interface TestRunner {
  readonly runner: ReportRunner
  readonly series: SeriesStore
  readonly log: string[]
  readonly options: RunnerOptions
}

/** A runner over the demo with one destination, `people`. */
export async function testRunner(
  folder: string,
  clock: Clock,
  receiver: ReportSender,
  more: Partial<RunnerOptions> = {},
): Promise<TestRunner> {
  const log: string[] = []
  const logger = createLogger({ level: 'info', format: 'json', destination: { write: text => log.push(String(text)) } })
  const series = createSeriesStore()
  const senders: ReportSenders = new Map([['people', receiver]])
  const destinations = [{ type: 'folder' as const, name: 'people', path: folder }]
  const production = await demoProduction({ output_dir: folder, destinations }, clock, logger)
  const options: RunnerOptions = {
    production,
    acquire: folderLease(folder),
    senders,
    metrics: new ComplianceMetrics(series),
    random: () => 0.5,
    clock,
    logger,
    ...more,
  }
  return { runner: new ReportRunner(options), series, log, options }
}

/** Samples of a series store, `name{labels} value`. */
export async function samplesOf(series: SeriesStore): Promise<readonly string[]> {
  let text = ''
  for await (const part of series.render()) text += part
  return text.split('\n').filter(line => line !== '' && !line.startsWith('#'))
}
