import { Command } from 'commander'
import { failureReason } from '../core/errors.ts'
import { printable } from '../service/log/one-line.ts'
import { readCandidates } from './candidate-policies.ts'
import { checkCompliance } from './check-compliance.ts'
import { checkConnections, checkEvidence, checkRemediationSecrets } from './check-connections.ts'
import { checkFormats } from './check-formats.ts'
import { DEFAULT_CONFIG_FILE, located, readPlacedConfig } from './config-file.ts'
import { type ConfigWarning, configWarnings, environmentWarnings, warningText } from './config-warnings.ts'
import type { CliContext } from './context.ts'
import { exposedSecrets } from './exposed-secrets.ts'
import { requiredConfigFileOption, type ServiceOptions } from './options.ts'
import { findSources } from './sources.ts'

export function checkConfigCommand(context: CliContext): Command {
  return new Command('check-config')
    .description(
      'Checks a configuration file, its secrets, the certificates of its sources, its web configuration file, the catalogue of controls, its candidate policies, and the GeoIP database.\n' +
        'Warns of keys that do not fit each other, of secrets that others can read, of threat lists that cannot be read, and of log files that are missing or whose first lines are in no known format.\n' +
        'Read-only. The exit code is 0 if the file is valid, also with warnings, 2 if it, or a file or variable that it names, cannot be used, and 1 if the GeoIP database cannot be used or the check itself failed.',
    )
    .argument('[file]', 'the configuration file, in place of --config.file')
    .addOption(requiredConfigFileOption())
    .action(async (argument: string | undefined, options: ServiceOptions) => {
      const file = argument ?? options['config.file'] ?? DEFAULT_CONFIG_FILE
      const { config, placeOf, isDefault } = await readPlacedConfig(file, context.folder)
      const warnings = await located(placeOf, async () => {
        await checkConnections(config)
        const ofPolicies: ConfigWarning[] = []
        await readCandidates(config.policy, (key, what) => ofPolicies.push({ key, what }))
        const { destinations } = await checkRemediationSecrets(config)
        const unread = await checkEvidence(config)
        const reports = await checkCompliance({ config, placeOf }, context.folder)
        const exposed = await exposedSecrets(config, destinations)
        return [
          ...configWarnings(config),
          ...ofPolicies,
          ...exposed,
          ...unread,
          ...reports,
          ...(await checkFormats(config)),
        ]
      })
      for (const { web_config_file: web } of [config.exporter, config.remediation, config.compliance]) {
        if (web !== undefined) await context.checkWebConfig(web)
      }
      for (const warning of warnings) context.stderr.write(`warning: ${printable(warningText(warning, placeOf))}\n`)
      for (const sentence of environmentWarnings(process.env)) context.stderr.write(`warning: ${sentence}\n`)
      const meaning = isDefault ? `, but it changes nothing: all defaults apply. ${await defaultSources(context)}` : ''
      context.stdout.write(`${file}: ok${meaning}\n`)
    })
}

/** What the exporter would read where no sources are configured. */
async function defaultSources({ logFolders, containerPlaces = [] }: CliContext): Promise<string> {
  try {
    return `The exporter would say: ${(await findSources({ folders: logFolders, containers: containerPlaces })).sentence}`
  } catch (error) {
    return `The exporter would not start: ${failureReason(error)}.`
  }
}
