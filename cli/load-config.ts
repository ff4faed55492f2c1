import { lstat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { CandidatePolicy } from '../exporter/contracts/candidate-policy.ts'
import { DEFAULT_CONFIG_FILE, defaultConfig, type PlacedConfig, type PlaceOf, readPlacedConfig } from './config-file.ts'
import type { Config } from './config-schema.ts'
import type { ContainerPlace } from './containers.ts'
import type { ServiceOptions } from './options.ts'
import { type ChosenSources, findSources, namedSources } from './sources.ts'

/** The working folder and the options of a command. */
export interface Invocation {
  readonly folder: string
  readonly options: ServiceOptions
  /** Log files and folders named as arguments; they replace the configured sources. */
  readonly files: readonly string[]
  /** Where to look for OpenClaw's log when no source is configured. */
  readonly logFolders: readonly string[]
  /** Where to look for logs of OpenClaw in containers then. Default: nowhere. */
  readonly containerPlaces?: readonly ContainerPlace[]
}

export interface LoadedConfig {
  readonly config: Config
  /** What is read, for the log and the page; undefined if the configuration file names the sources. */
  readonly notice?: string
  /** Where the keys of the configuration file are. */
  readonly placeOf?: PlaceOf
  /** One sentence for each container that was considered, where no source is configured. */
  readonly considered?: readonly string[]
  /** Of `policy.shadow`, where they were read. */
  readonly candidates?: readonly CandidatePolicy[]
  /** True if recordings are played because there is no log yet. */
  readonly isLogAwaited?: boolean
}

/**
 * The configuration of a service: the file, overridden by the options, with default sources if neither names any. Read
 * again at each reload.
 */
export async function loadConfig(invocation: Invocation): Promise<LoadedConfig> {
  const { folder, options, files } = invocation
  const { config, placeOf } = await readNamedOrDefault(folder, options['config.file'])
  const written = withOptions(config, options, folder)
  if (files.length === 0 && written.exporter.sources.length > 0) return { config: written, placeOf }
  const { sources, sentence, considered = [], isLogAwaited = false } = await defaultSources(invocation)
  return {
    config: { ...written, exporter: { ...written.exporter, sources: [...sources] } },
    notice: sentence,
    considered,
    isLogAwaited,
    placeOf,
  }
}

function defaultSources({ files, folder, logFolders, containerPlaces = [] }: Invocation): Promise<ChosenSources> {
  if (files.length > 0) return namedSources(files, folder)
  return findSources({ folders: logFolders, containers: containerPlaces })
}

/**
 * The file that is named, else `clawtrust.yml` if it is there, else the defaults. A file that may be there and cannot be
 * read, also a link to nothing, is an error, never a reason for the defaults.
 */
export async function readNamedOrDefault(folder: string, file: string | undefined): Promise<PlacedConfig> {
  if (file !== undefined) return readPlacedConfig(file, folder)
  const isAbsent = await lstat(resolve(folder, DEFAULT_CONFIG_FILE)).then(
    () => false,
    ({ code }) => code === 'ENOENT',
  )
  return isAbsent ? defaultConfig(folder) : readPlacedConfig(DEFAULT_CONFIG_FILE, folder)
}

/** Paths in options are relative to the working folder, as in a shell. */
function withOptions(config: Config, options: ServiceOptions, folder: string): Config {
  const { log, exporter } = config
  const webConfigFile = options['web.config.file']
  const stateDir = options['state.dir']
  return {
    ...config,
    log: { level: options['log.level'] ?? log.level, format: options['log.format'] ?? log.format },
    exporter: {
      ...exporter,
      listen_address: options['web.listenAddress'] ?? exporter.listen_address,
      state_dir: stateDir === undefined ? exporter.state_dir : resolve(folder, stateDir),
      ...(webConfigFile === undefined ? {} : { web_config_file: resolve(folder, webConfigFile) }),
    },
  }
}
