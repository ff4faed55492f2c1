import { Command } from 'commander'
import { printable } from '../service/log/one-line.ts'
import { checkConnections, checkEvidence, checkRemediationSecrets } from './check-connections.ts'
import { checkFormats } from './check-formats.ts'
import { DEFAULT_CONFIG_FILE, readConfigFile } from './config-file.ts'
import { configWarnings } from './config-warnings.ts'
import type { CliContext } from './context.ts'
import { requiredConfigFileOption, type ServiceOptions } from './options.ts'

export function checkConfigCommand(context: CliContext): Command {
  return new Command('check-config')
    .summary('checks a configuration file')
    .description(
      'Checks a configuration file, its secrets, the certificates of its sources, its web configuration file, and the GeoIP database.\n' +
        'Warns of keys that do not fit each other, of threat lists that cannot be read, and of log files that are missing or whose first lines are in no known format. Read-only.',
    )
    .argument('[file]', 'the configuration file, in place of --config.file')
    .addOption(requiredConfigFileOption())
    .action(async (argument: string | undefined, options: ServiceOptions) => {
      const file = argument ?? options['config.file'] ?? DEFAULT_CONFIG_FILE
      const config = await readConfigFile(file, context.folder)
      const { exporter, remediation } = config
      await checkConnections(config)
      await checkRemediationSecrets(config)
      const unread = await checkEvidence(config)
      for (const { web_config_file: web } of [exporter, remediation]) {
        if (web !== undefined) await context.checkWebConfig(web)
      }
      for (const warning of [...configWarnings(config), ...unread, ...(await checkFormats(config))])
        context.stderr.write(`warning: ${printable(warning)}\n`)
      context.stdout.write(`${file}: ok\n`)
    })
}
