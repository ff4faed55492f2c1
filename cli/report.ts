import { Command } from 'commander'
import type { CliContext } from './context.ts'
import { checkCatalogueCommand } from './report-check-catalogue.ts'

/** Compliance reports; one file for each command. */
export function reportCommand(context: CliContext): Command {
  return new Command('report')
    .summary('makes and verifies compliance reports')
    .description('Compliance reports: controls that were judged by evidence, with what is unknown.')
    .addCommand(checkCatalogueCommand(context))
}
