import { Command } from 'commander'
import type { CliContext } from './context.ts'
import { elasticCheckCommand } from './elastic-check.ts'
import { elasticSetupCommand } from './elastic-setup.ts'

export function elasticCommand(context: CliContext): Command {
  return new Command('elastic')
    .summary('sets up and checks Elasticsearch')
    .description(
      "Templates, ingest pipeline and roles for OpenClaw's logs in Elasticsearch, and a check of the indices.",
    )
    .addCommand(elasticSetupCommand(context))
    .addCommand(elasticCheckCommand(context))
}
