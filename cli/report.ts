import { Command, Option } from 'commander'
import type { CliContext } from './context.ts'
import { addServiceOptions } from './options.ts'
import { readAgainOf } from './report-again.ts'
import { checkCatalogueCommand } from './report-check-catalogue.ts'
import { reportKeygenCommand } from './report-keygen.ts'
import { type MakeOptions, makeReport } from './report-make.ts'
import { redeliverCommand, runScheduled, serveCommand } from './report-service.ts'
import { reportVerifyCommand } from './report-verify.ts'

interface Options extends MakeOptions {
  readonly once?: boolean
}

/** Compliance reports; one file for each command. */
export function reportCommand(context: CliContext): Command {
  const command = new Command('report')
    .summary('makes and verifies compliance reports')
    .description(
      'Makes the report of the newest period that has ended: controls that were judged by evidence, with what is unknown.\n' +
        'A second report of the same period is its next revision; nothing is overwritten.',
    )
  return addServiceOptions(command)
    .addOption(new Option('--out <folder>', 'the folder of the reports (default: compliance.output_dir)'))
    .addOption(new Option('--period <name>', 'another period: 2026-11, 2026-W48, 2026-11-30, 2026-Q4'))
    .addOption(
      new Option('--demo', 'reports of an invented company: nothing is read from this machine').conflicts('once'),
    )
    .addOption(
      new Option('--once', 'make and deliver what the schedule says is due, and end: for timers').conflicts('period'),
    )
    .action((options: Options) =>
      options.once === true ? runScheduled(context, options) : makeReport(context, options),
    )
    .addCommand(serveCommand(context))
    .addCommand(redeliverCommand(context))
    .addCommand(reportVerifyCommand(context, options => readAgainOf(context, options)))
    .addCommand(reportKeygenCommand(context))
    .addCommand(checkCatalogueCommand(context))
}
