import { type Command, InvalidArgumentError, Option } from 'commander'
import type { z } from 'zod'
import { listenAddress } from '../core/config/schema.ts'
import { expectation } from '../core/config/sentence.ts'
import { logFormats, logLevels } from '../service/log/logger.ts'
import { DEFAULT_CONFIG_FILE } from './config-file.ts'
import type { Config } from './config-schema.ts'

const DEFAULT_FILE = `the configuration file (default: ${DEFAULT_CONFIG_FILE} in the working folder`

/** The options of a service as commander collects them; an option overrides the configuration file. */
export interface ServiceOptions {
  readonly 'config.file'?: string
  readonly 'web.listenAddress'?: Config['exporter']['listen_address']
  readonly 'web.config.file'?: string
  readonly 'web.allowUnauthenticated'?: boolean
  readonly 'state.dir'?: string
  readonly 'log.level'?: Config['log']['level']
  readonly 'log.format'?: Config['log']['format']
}

/** Named like Prometheus's own flags. */
export function addServiceOptions(command: Command): Command {
  return command
    .addOption(configFileOption())
    .addOption(
      new Option('--web.listen-address <address>', 'listen address of the page and of /metrics').argParser(
        parsedBy(listenAddress()),
      ),
    )
    .addOption(new Option('--web.config.file <path>', 'TLS and authentication, in the format of exporter-toolkit'))
    .addOption(new Option('--web.allow-unauthenticated', 'allow other machines to connect without authentication'))
    .addOption(new Option('--state.dir <path>', 'the state folder'))
    .addOption(new Option('--log.level <level>', 'minimum level of log lines').choices([...logLevels]))
    .addOption(new Option('--log.format <format>', 'format of log lines').choices([...logFormats]))
}

/** Of a command that takes the defaults where there is no configuration file. */
export function configFileOption(): Option {
  return new Option('--config.file <path>', `${DEFAULT_FILE}, if it exists)`)
}

/** Of a command that ends with an error where there is no configuration file. */
export function requiredConfigFileOption(): Option {
  return new Option('--config.file <path>', `${DEFAULT_FILE})`)
}

/** An option that is validated by the schema of its configuration key. */
function parsedBy<S extends z.ZodType>(schema: S): (value: string) => z.output<S> {
  return value => {
    const result = schema.safeParse(value)
    if (result.success) return result.data
    throw new InvalidArgumentError(`It must be ${expectation(schema)}.`)
  }
}
