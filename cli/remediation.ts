import { Command } from 'commander'
import { createLogger } from '../service/log/logger.ts'
import { checkRemediationSecrets } from './check-connections.ts'
import { located } from './config-file.ts'
import { warnOfConfig } from './config-warnings.ts'
import type { CliContext } from './context.ts'
import { addServiceOptions, type ServiceOptions } from './options.ts'
import { remediationConfig } from './remediation-config.ts'
import { ledgerCommands } from './remediation-ledger.ts'
import { runService } from './run-service.ts'

export function remediationCommand(context: CliContext): Command {
  const command = new Command('remediation').description(
    'Serves the webhook that Alertmanager and Grafana call, and a page.\n' +
      'Without a configuration, it only records decisions (mode observe).',
  )
  addServiceOptions(command).action((options: ServiceOptions) => serve(context, options))
  const explicit = new Command('serve')
    .summary('runs the service (default)')
    .description('Runs the service, as `clawtrust remediation` without a command does.')
  addServiceOptions(explicit).action((_, self: Command) => serve(context, self.optsWithGlobals()))
  command.addCommand(explicit)
  for (const one of ledgerCommands(context)) command.addCommand(one)
  return command
}

async function serve(context: CliContext, options: ServiceOptions): Promise<void> {
  const load = async () => {
    const loaded = await remediationConfig(context.folder, options)
    // Read here for the line of a key whose secret cannot be used; the service reads them again.
    await located(loaded.placeOf, () => checkRemediationSecrets(loaded.config))
    return loaded
  }
  const loaded = await load()
  const logger = createLogger({ ...loaded.config.log, destination: context.stderr })
  warnOfConfig(loaded, logger)
  const service = await context.createRemediation(loaded, {
    version: context.version,
    logger,
    allowUnauthenticated: options['web.allowUnauthenticated'] ?? false,
    loadConfig: async () => warnOfConfig(await load(), logger),
  })
  await runService(service, context.process, logger, url => context.stdout.write(`Open ${url}\n`))
}
