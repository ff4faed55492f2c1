import { z } from 'zod'
import type { Clock } from '../../core/clock.ts'
import { text } from '../../core/config/schema.ts'
import type { SignalName } from '../../core/signals.ts'
import type { Reporter } from '../../decoding/dialects/reporter.ts'
import type { Logger } from '../../service/log/logger.ts'
import type { LinesDecoding } from './lines-decoding.ts'
import type { Source } from './source.ts'

/** Resolves after that many milliseconds, or at once when the signal aborts. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>

export interface SourceDependencies {
  readonly clock: Clock
  /** Its lines have the field `source`. */
  readonly logger: Logger
  /** Texts of which a line must hold at least one to be worth decoding. */
  readonly wanted: readonly string[]
  /** Decodes what log files hold, beside this thread. */
  readonly decoding?: LinesDecoding
  /** How recordings wait for the next record. Default: by the clock of the machine. */
  readonly sleep?: Sleep
}

/** Makes a relative path absolute; an absolute one stays as it is. */
export type AbsolutePath = (path: string) => string

/** All that is known of one kind of source; see exporter/sources/registry.ts. */
export interface SourceKind<Type extends string, Schema extends z.ZodObject> {
  /** Value of the key `type` and of the label `kind`; frozen once it is released. */
  readonly type: Type
  /**
   * Whether positions and counts are kept through restarts. Sources that are not durable cannot be mixed with those
   * that are.
   */
  readonly durable: boolean
  /** Its section of the configuration, with the keys of `sourceKeys`. */
  readonly schema: Schema
  /** Unit of the backlog in its health. */
  readonly backlogUnit: 'bytes' | 'records'
  /** The only signals that its records can move, where its input has no others. */
  readonly signals?: readonly SignalName[]
  /** What it reports, where it decodes what it has seen itself; a dialect reports for all others. */
  readonly reporter?: Reporter
  resolvePaths(config: z.output<Schema>, absolute: AbsolutePath): z.output<Schema>
  /** Imports what reads: of a source that is not configured, only how it is configured is loaded. */
  create(config: z.output<Schema>, dependencies: SourceDependencies): Promise<Source>
}

/** The same kind, its configuration typed by its schema. */
export const defineSource = <Type extends string, Schema extends z.ZodObject>(
  kind: SourceKind<Type, Schema>,
): SourceKind<Type, Schema> => kind

/** The keys that every kind has, to be put first. */
export function sourceKeys<Type extends string>({
  type,
  about,
  durable,
}: {
  readonly type: Type
  /** What it reads, for docs/configuration.md. */
  readonly about: string
  readonly durable: boolean
}) {
  const name = 'Unique among the sources; the value of the label `source`.'
  return {
    type: z.literal(type).describe(about),
    name: text().describe(durable ? `${name} The cursor is stored under it: a renamed source starts again.` : name),
  }
}
