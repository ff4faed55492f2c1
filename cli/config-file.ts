import { dirname, resolve } from 'node:path'
import { resolveCompliancePaths } from '../compliance/config.ts'
import { parseConfig } from '../core/config/parse.ts'
import { configOrThrow } from '../core/config/problem.ts'
import { ClawtrustError } from '../core/errors.ts'
import { resolvePaths } from '../exporter/config.ts'
import { resolvePolicyPaths } from '../policy/config.ts'
import { resolveRemediationPaths } from '../remediation/config.ts'
import { fileTrouble, readRegularFile } from '../service/files/regular-file.ts'
import { resolveWebPaths } from '../service/http/config.ts'
import { type Config, configSchema } from './config-schema.ts'

/** Read when no file is named and this one exists. */
export const DEFAULT_CONFIG_FILE = 'clawtrust.yml'

/** Where a key is, such as `clawtrust.yml:12`; the name of the file alone if it contains neither the key nor its section. */
export type PlaceOf = (key: string) => string

/** A configuration, and where its keys are. */
export interface PlacedConfig {
  readonly config: Config
  readonly placeOf: PlaceOf
  /** True if every value is a default, as in an empty file. */
  readonly isDefault: boolean
}

/** The content of an empty file. */
export function defaultConfig(folder: string): PlacedConfig {
  return parseText('', DEFAULT_CONFIG_FILE, folder)
}

/**
 * Reads and validates one file; throws CONFIG_* with one line for each problem. Relative paths in the file are resolved
 * against its folder.
 */
export async function readConfigFile(file: string, folder: string): Promise<Config> {
  return (await readPlacedConfig(file, folder)).config
}

/** The same with the lines of its keys. */
export async function readPlacedConfig(file: string, folder: string): Promise<PlacedConfig> {
  const path = resolve(folder, file)
  const text = await readRegularFile(path).catch(cause => {
    throw new ClawtrustError('CONFIG_UNREADABLE', `${file}: ${fileTrouble(cause)}`, { cause })
  })
  return parseText(text, file, dirname(path))
}

function parseText(text: string, file: string, folder: string): PlacedConfig {
  const result = parseConfig(configSchema, text, file)
  const config = configOrThrow(result)
  const lineAt = result.ok ? result.lineAt : () => undefined
  const absolute = {
    ...config,
    web: resolveWebPaths(config.web, folder),
    exporter: resolvePaths(config.exporter, folder),
    remediation: resolveRemediationPaths(config.remediation, folder),
    compliance: resolveCompliancePaths(config.compliance, folder),
    policy: resolvePolicyPaths(config.policy, folder),
  }
  return {
    config: absolute,
    isDefault: JSON.stringify(config) === JSON.stringify(configSchema.parse({}, { jitless: true })),
    placeOf: key => {
      const line = lineAt(key)
      return line === undefined ? file : `${file}:${line}`
    },
  }
}

/** Does what may fail by a key of the configuration; the error then begins with the place of the key. */
export async function located<T>(placeOf: PlaceOf, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ClawtrustError) || !error.key?.includes('.')) throw error
    const { code, key, recoverable, message, cause } = error
    throw new ClawtrustError(code, `${placeOf(key)}: ${message}`, { cause, recoverable })
  }
}
