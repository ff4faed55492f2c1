import { Command } from 'commander'
import type { CliContext } from './context.ts'
import { elasticCheckCommand } from './elastic-check.ts'
import { elasticSetupCommand } from './elastic-setup.ts'

export function elasticCommand(context: CliContext): Command {
  return new Command('elastic')
    .summary('makes Elasticsearch ready, and says what is missing there')
    .description(
      "Templates, ingest pipeline and roles for OpenClaw's logs in Elasticsearch, and a look at what is there.",
    )
    .addCommand(elasticSetupCommand(context))
    .addCommand(elasticCheckCommand(context))
}
