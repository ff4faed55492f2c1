import { relative } from 'node:path'
import type { Period } from '../compliance/evidence/period.ts'
import { countsOf } from '../compliance/model/build.ts'
import { type ProducedReport, type Production, produce } from '../compliance/produce.ts'
import { folderLease } from '../compliance/schedule/folder-lease.ts'
import { newestPeriod, PERIOD_EXAMPLES, periodNamed, unitOf } from '../compliance/schedule/periods.ts'
import { systemClock } from '../core/clock.ts'
import { ClawtrustError, Fault } from '../core/errors.ts'
import { controlStatuses } from '../core/labels/compliance.ts'
import { createLogger } from '../service/log/logger.ts'
import { printable } from '../service/log/one-line.ts'
import type { CliContext } from './context.ts'
import { productionOf, type ReportOptions, reportConfig } from './report-config.ts'
import { demoProductions } from './report-demo.ts'
import { stopSignal } from './stop-signal.ts'

export interface MakeOptions extends ReportOptions {
  readonly period?: string
  readonly demo?: boolean
}

/** Makes one report now, of the newest period that has ended or of the named one; it is not delivered. */
export async function makeReport(context: CliContext, options: MakeOptions): Promise<void> {
  const placed = await reportConfig(context.folder, options)
  const logger = createLogger({ ...placed.config.log, destination: context.stderr })
  if (options.demo === true) {
    for (const { period, production } of await demoProductions(placed.config, context, logger)) {
      await make(period, production, context)
    }
    return
  }
  const production = await productionOf(placed, context, logger)
  const period = chosenPeriod(options.period, production)
  if (period.end > systemClock.now()) {
    const ended = newestPeriod(unitOf(period.name), period.timeZone, systemClock.now())
    throw new ClawtrustError(
      'USAGE',
      `The period ${period.name} has not ended yet; a report is about a whole period, of which the newest is ${ended.name}.`,
    )
  }
  // Two processes that write into one folder would break the chain of its reports.
  const lease = await folderLease(production.config.output_dir)()
  if (lease === undefined) {
    throw new ClawtrustError(
      'REPORTS_ELSEWHERE',
      'Another process makes reports in this folder; try again when it has ended.',
    )
  }
  try {
    await make(period, production, context)
  } finally {
    await lease.release([])
  }
}

function chosenPeriod(name: string | undefined, { config }: Production): Period {
  const { period: unit, time_zone: timeZone } = config
  if (name === undefined) return newestPeriod(unit, timeZone, systemClock.now())
  const period = periodNamed(name, timeZone)
  if (period !== undefined) return period
  throw new ClawtrustError('USAGE', `${printable(name)} names no period; write it as ${PERIOD_EXAMPLES}.`)
}

async function make(period: Period, production: Production, context: CliContext): Promise<void> {
  const progress = (done: number, all: number) => {
    if (context.stderr.isTTY === true) context.stderr.write(`\r\u001b[KReading evidence: ${done} of ${all}`)
  }
  const { signal, release } = stopSignal(context.process)
  const made = await produce(period, { ...production, progress }, signal)
    .catch(error => {
      if (signal.aborted) throw new Fault('The report was stopped before it was written; there is none.')
      throw error
    })
    .finally(release)
  if (context.stderr.isTTY === true) context.stderr.write('\r\u001b[K')
  context.stdout.write(`${printable(lineOf(made, context.folder))}\n`)
}

/** `2026-11: 41 pass, 3 fail, 9 unknown, 5 manual, 1 exception: clawtrust-reports/2026-11`. */
export function lineOf({ report, folder, files }: ProducedReport, from: string): string {
  const counts = countsOf(report.controls)
  const statuses = controlStatuses.map(status => `${counts[status]} ${status}`).join(', ')
  const shown = relative(from, folder)
  const html = files.includes('report.html') ? '/report.html' : ''
  return `${report.period.name}${report.synthetic ? ' (synthetic)' : ''}: ${statuses}: ${shown.startsWith('..') ? folder : shown}${html}`
}
