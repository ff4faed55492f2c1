import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import {
  type Catalogue,
  controlsOf,
  qualifiedId,
  unknownParameters,
  withParameters,
} from '../compliance/controls/catalogue.ts'
import type { Production } from '../compliance/produce.ts'
import { systemClock } from '../core/clock.ts'
import { ClawtrustError } from '../core/errors.ts'
import type { Logger } from '../service/log/logger.ts'
import type { PlacedConfig } from './config-file.ts'
import type { Config } from './config-schema.ts'
import type { CliContext } from './context.ts'
import { loadCatalogue } from './load-catalogue.ts'
import { readNamedOrDefault } from './load-config.ts'
import type { ServiceOptions } from './options.ts'

export interface ReportOptions extends ServiceOptions {
  /** The folder of the reports. */
  readonly out?: string
}

/** The configuration file, overridden by the options; paths in options are relative to the working folder. */
export async function reportConfig(folder: string, options: ReportOptions): Promise<PlacedConfig> {
  const placed = await readNamedOrDefault(folder, options['config.file'])
  const { config } = placed
  const { log, compliance, exporter, remediation } = config
  const webConfigFile = options['web.config.file']
  const stateDir = options['state.dir']
  // Where the databases of both services are looked for.
  const state = stateDir === undefined ? {} : { state_dir: resolve(folder, stateDir) }
  const outputDir = options.out ?? compliance.output_dir
  const withOptions: Config = {
    ...config,
    log: { level: options['log.level'] ?? log.level, format: options['log.format'] ?? log.format },
    exporter: { ...exporter, ...state },
    remediation: { ...remediation, ...state },
    compliance: {
      ...compliance,
      output_dir: resolve(folder, outputDir),
      listen_address: options['web.listenAddress'] ?? compliance.listen_address,
      ...(webConfigFile === undefined ? {} : { web_config_file: resolve(folder, webConfigFile) }),
    },
  }
  return { ...placed, config: withOptions }
}

/** What a report of this configuration is made with. @throws ClawtrustError CONFIG_* */
export async function productionOf(
  { config, placeOf }: PlacedConfig,
  context: CliContext,
  logger: Logger,
): Promise<Production> {
  return {
    config: config.compliance,
    catalogue: await configuredCatalogue({ config, placeOf }, context.folder),
    openStores: async () => (await import('./report-stores.ts')).openReportStores(config, process.env),
    version: context.version,
    printing: { path: process.env.PATH ?? '', temporaryFolder: tmpdir(), isRoot: process.getuid?.() === 0 },
    clock: systemClock,
    logger,
  }
}

/** The frameworks of the configuration, with its parameters. @throws ClawtrustError CONFIG_* with the line of the key */
export async function configuredCatalogue(
  { config: { compliance }, placeOf }: Pick<PlacedConfig, 'config' | 'placeOf'>,
  folder: string,
): Promise<Catalogue> {
  const all = await loadCatalogue(compliance.catalogue, folder)
  const wanted = compliance.frameworks
  const missing = wanted?.find(id => all.frameworks.every(framework => framework.id !== id))
  if (missing !== undefined) {
    const known = all.frameworks.map(({ id }) => id).join(', ')
    throw new ClawtrustError(
      'CONFIG_INVALID',
      `${placeOf('compliance.frameworks')}: ${missing} is the id of no framework; they are ${known}`,
    )
  }
  const controls = new Set(controlsOf(all).map(qualifiedId))
  const nowhere = compliance.exceptions.findIndex(({ control }) => !controls.has(control))
  if (nowhere >= 0) {
    const id = compliance.exceptions[nowhere]?.control
    throw new ClawtrustError(
      'CONFIG_INVALID',
      `${placeOf(`compliance.exceptions[${nowhere}].control`)}: ${id} is no control of a framework; write one such as nist-sp-800-53/AC-7 (docs/controls.md)`,
    )
  }
  const chosen = { frameworks: all.frameworks.filter(({ id }) => wanted === undefined || wanted.includes(id)) }
  const [unknown] = unknownParameters(all, Object.keys(compliance.parameters))
  if (unknown !== undefined) {
    throw new ClawtrustError(
      'CONFIG_INVALID',
      `${placeOf('compliance.parameters')}: ${unknown} is the id of no parameter of a framework; see docs/compliance.md`,
    )
  }
  return withParameters(chosen, compliance.parameters)
}
