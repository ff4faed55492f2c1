import type { Logger } from '../service/log/logger.ts'
import type { LoadedConfig } from './load-config.ts'
import type { Service, ServiceProcess } from './run-service.ts'

/** What a command touches of its surroundings; a test gives its own. */
export interface CliContext {
  readonly version: string
  /** The working folder: where typed paths start. */
  readonly folder: string
  /** Where to look for OpenClaw's log when nothing names a source. */
  readonly logFolders: readonly string[]
  readonly stdout: TextStream
  /** A terminal where it is one. */
  readonly stderr: Terminal
  readonly process: ServiceProcess
  readonly createExporter: CreateExporter
  readonly createRemediation: CreateRemediation
  /** Who types the command: stands in the audit trail. */
  readonly user: string
  /** Throws CONFIG_* where the web configuration file is wrong. */
  readonly checkWebConfig: (path: string) => Promise<unknown>
}

export interface TextStream {
  write(text: string): unknown
}

/** A terminal: what is written to it can be erased again. */
export interface Terminal extends TextStream {
  readonly isTTY?: boolean
  /** Characters in a line. */
  readonly columns?: number
}

/** What a service is given beside its configuration. */
export interface ServiceSetup {
  readonly version: string
  readonly logger: Logger
  /** True where other machines may come in without showing who they are. */
  readonly allowUnauthenticated: boolean
  /** Reads the configuration again, for SIGHUP and POST /-/reload; rejects where it is wrong. */
  readonly loadConfig: () => Promise<LoadedConfig>
  /** Told how far the past of a source has been read. Default: lines of the log. */
  readonly progress?: (source: string, share: number) => void
}

export type CreateExporter = (loaded: LoadedConfig, setup: ServiceSetup) => Service | Promise<Service>
export type CreateRemediation = CreateExporter
