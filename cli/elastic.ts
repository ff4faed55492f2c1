import { Command } from 'commander'
import { addCommands, type CreateCommand, type LazyCommands } from './commands.ts'

const commands: LazyCommands = {
  setup: {
    usage: '[options]',
    summary: 'prints or sends the setup calls for Elasticsearch',
    load: async () => (await import('./elastic-setup.ts')).elasticSetupCommand,
  },
  check: {
    usage: '[options]',
    summary: 'checks privileges, indices, mappings, clocks and documents',
    load: async () => (await import('./elastic-check.ts')).elasticCheckCommand,
  },
}

export const elasticCommand: CreateCommand = (context, isCalled) => {
  const group = new Command('elastic').description(
    "Templates, ingest pipeline and roles for OpenClaw's logs in Elasticsearch, and a check of the indices.",
  )
  return addCommands(group, commands, context, isCalled)
}
