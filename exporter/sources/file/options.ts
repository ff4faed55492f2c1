import type { Clock } from '../../../core/clock.ts'
import type { Logger } from '../../../service/log/logger.ts'
import type { LinesDecoding } from '../../contracts/lines-decoding.ts'
import type { ContainerFilter } from './containers.ts'

export interface FileSourceOptions {
  /** Unique among the sources. */
  readonly name: string
  /** Paths and patterns (`*`, `?`, `[…]`, `{…}`, `**`) of the files to follow. */
  readonly paths: readonly string[]
  /** Chooses among what the paths lead to the logs of some containers. Default: everything is followed. */
  readonly containers?: ContainerFilter
  /** The gateway that wrote the files: a name, or a pattern on a file's path with a group named `gateway`. */
  readonly gateway?: string | RegExp
  /** Where files that are there at the very first start are taken up; see `startOf`. */
  readonly startAt?: StartAt
  /** Milliseconds between two looks at the files. Default: 250. */
  readonly pollInterval?: number
}

export type StartAt = 'beginning' | 'end'

export const DEFAULT_POLL_INTERVAL_MS = 250

export interface FileSourceDependencies {
  readonly clock: Clock
  readonly logger: Pick<Logger, 'warn'>
  /** Texts of which a line must hold at least one to be handed on; none: every line is handed on. */
  readonly decodersWanted: readonly string[]
  /** Decodes what is read of a backlog, by the same decoders. Default: every line is handed on as it is. */
  readonly decoding?: LinesDecoding
  /** Bytes that are read at once. Default: 1 MiB. */
  readonly readBytes?: number
  /** Resolves after that many milliseconds, or at once when the signal aborts. Default: a timer. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

const magic = /[*?[\]{}]/

export const isPattern = (path: string): boolean => magic.test(path)

/**
 * A pattern watches a folder: what lies in it is backfill, counting begins now. A plain path names one file that
 * an operator wants to have read, so it is read from its beginning; a live log needs a pattern anyway, as its name
 * changes with day and rotation.
 */
export const startOf = (options: FileSourceOptions): StartAt =>
  options.startAt ?? (options.paths.some(isPattern) ? 'end' : 'beginning')

/** The gateway of a file: the configured name, or what the configured pattern finds in the file's path. */
export const gatewayOf = (gateway: string | RegExp | undefined, path: string): string | undefined =>
  gateway instanceof RegExp ? path.match(gateway)?.groups?.gateway : gateway
