import type { Logger } from '../service/log/logger.ts'
import type { ContainerPlace } from './containers.ts'
import type { Host } from './doctor-host.ts'
import type { LoadedConfig } from './load-config.ts'
import type { Service, ServiceProcess } from './run-service.ts'

/** What a command uses of its environment; tests pass their own. */
export interface CliContext {
  readonly version: string
  /** The working folder: paths on the command line are relative to it. */
  readonly folder: string
  /** Where to look for OpenClaw's log when no source is configured. */
  readonly logFolders: readonly string[]
  /** Where to look for logs of OpenClaw in containers then. Default: nowhere. */
  readonly containerPlaces?: readonly ContainerPlace[]
  /** How this host is looked at by the doctor. Default: the machine itself. */
  readonly host?: Host
  readonly stdout: TextStream
  /** Set when standard error is a terminal. */
  readonly stderr: Terminal
  readonly process: ServiceProcess
  readonly createExporter: CreateExporter
  readonly createRemediation: CreateRemediation
  /** The user who runs the command, recorded in the audit trail. */
  readonly user: string
  /** Throws CONFIG_* if the web configuration file is invalid. */
  readonly checkWebConfig: (path: string) => Promise<unknown>
}

export interface TextStream {
  write(text: string): unknown
}

/** A terminal: what is written to it can be erased again. */
export interface Terminal extends TextStream {
  readonly isTTY?: boolean
  /** Width in characters. */
  readonly columns?: number
}

/** What a service gets in addition to its configuration. */
export interface ServiceSetup {
  readonly version: string
  readonly logger: Logger
  /** True where other machines may connect without authentication. */
  readonly allowUnauthenticated: boolean
  /** Reads the configuration again, for SIGHUP and POST /-/reload; rejects if it is invalid. */
  readonly loadConfig: () => Promise<LoadedConfig>
  /** Receives the progress of the backfill of a source. Default: log lines. */
  readonly progress?: (source: string, share: number) => void
}

export type CreateExporter = (loaded: LoadedConfig, setup: ServiceSetup) => Service | Promise<Service>
export type CreateRemediation = CreateExporter
