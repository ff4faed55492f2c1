import { resolve } from 'node:path'
import type { PlacedConfig } from './config-file.ts'
import type { Config } from './config-schema.ts'
import { readNamedOrDefault } from './load-config.ts'
import type { ServiceOptions } from './options.ts'

/** The configuration file, overridden by the options; paths in options are relative to the working folder. */
export async function remediationConfig(folder: string, options: ServiceOptions): Promise<PlacedConfig> {
  const placed = await readNamedOrDefault(folder, options['config.file'])
  const { config } = placed
  const { log, remediation } = config
  const webConfigFile = options['web.config.file']
  const stateDir = options['state.dir']
  const withOptions: Config = {
    ...config,
    log: { level: options['log.level'] ?? log.level, format: options['log.format'] ?? log.format },
    remediation: {
      ...remediation,
      listen_address: options['web.listenAddress'] ?? remediation.listen_address,
      state_dir: stateDir === undefined ? remediation.state_dir : resolve(folder, stateDir),
      ...(webConfigFile === undefined ? {} : { web_config_file: resolve(folder, webConfigFile) }),
    },
  }
  return { ...placed, config: withOptions }
}
