import { Command, Option } from 'commander'
import { addCommands, type CreateCommand, type LazyCommands } from './commands.ts'
import { addServiceOptions } from './options.ts'
import type { MakeOptions } from './report-make.ts'

interface Options extends MakeOptions {
  readonly once?: boolean
}

const commands: LazyCommands = {
  serve: {
    usage: '[options]',
    summary: 'makes reports by the schedule, delivers and serves them',
    load: async () => (await import('./report-service.ts')).serveCommand,
  },
  redeliver: {
    usage: '[options] [delivery]',
    summary: 'sends reports again that could not be delivered',
    load: async () => (await import('./report-service.ts')).redeliverCommand,
  },
  verify: {
    usage: '[options] <folder>',
    summary: 'verifies that reports are what was written',
    load: async () => {
      const { reportVerifyCommand } = await import('./report-verify.ts')
      return context =>
        reportVerifyCommand(context, async options => (await import('./report-again.ts')).readAgainOf(context, options))
    },
  },
  keygen: {
    usage: '[options]',
    summary: 'makes the key that signs reports',
    load: async () => (await import('./report-keygen.ts')).reportKeygenCommand,
  },
  'check-catalogue': {
    usage: '<files...>',
    summary: 'checks files of controls',
    load: async () => (await import('./report-check-catalogue.ts')).checkCatalogueCommand,
  },
}

/** Compliance reports; one file for each command. */
export const reportCommand: CreateCommand = (context, isCalled) => {
  const group = new Command('report').description(
    'Makes the report of the newest period that has ended: controls that were judged by evidence, with what is unknown.\n' +
      'A second report of the same period is its next revision; nothing is overwritten.',
  )
  addServiceOptions(group)
    .addOption(new Option('--out <folder>', 'the folder of the reports (default: compliance.output_dir)'))
    .addOption(new Option('--period <name>', 'another period: 2026-11, 2026-W48, 2026-11-30, 2026-Q4'))
    .addOption(
      new Option('--demo', 'reports of an invented company: nothing is read from this machine').conflicts('once'),
    )
    .addOption(
      new Option('--once', 'make and deliver what the schedule says is due, and end: for timers').conflicts('period'),
    )
    .action(async (options: Options) => {
      if (options.once === true) return (await import('./report-service.ts')).runScheduled(context, options)
      return (await import('./report-make.ts')).makeReport(context, options)
    })
  return addCommands(group, commands, context, isCalled)
}
