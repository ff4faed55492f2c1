import { dirname, resolve } from 'node:path'
import { parseConfig } from '../core/config/parse.ts'
import { configOrThrow } from '../core/config/problem.ts'
import { ClawtrustError } from '../core/errors.ts'
import { resolvePaths } from '../exporter/config.ts'
import { resolveRemediationPaths } from '../remediation/config.ts'
import { fileTrouble, readRegularFile } from '../service/files/regular-file.ts'
import { resolveWebPaths } from '../service/http/config.ts'
import { type Config, configSchema } from './config-schema.ts'

/** Read when no file is named and this one exists. */
export const DEFAULT_CONFIG_FILE = 'clawtrust.yml'

/** The content of an empty file. */
export function defaultConfig(folder: string): Config {
  return parseText('', DEFAULT_CONFIG_FILE, folder)
}

/**
 * Reads and validates one file; throws CONFIG_* with one line for each problem. Relative paths in the file are resolved
 * against its folder.
 */
export async function readConfigFile(file: string, folder: string): Promise<Config> {
  const path = resolve(folder, file)
  const text = await readRegularFile(path).catch(cause => {
    throw new ClawtrustError('CONFIG_UNREADABLE', `${file}: ${fileTrouble(cause)}`, { cause })
  })
  return parseText(text, file, dirname(path))
}

function parseText(text: string, file: string, folder: string): Config {
  const config = configOrThrow(parseConfig(configSchema, text, file))
  return {
    ...config,
    web: resolveWebPaths(config.web, folder),
    exporter: resolvePaths(config.exporter, folder),
    remediation: resolveRemediationPaths(config.remediation, folder),
  }
}
