import type { ErrorCode } from '../error-catalogue.ts'
import { ClawtrustError } from '../errors.ts'

/** One problem of a configuration file. */
export interface ConfigProblem {
  readonly code: Extract<ErrorCode, `CONFIG_${string}`>
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** Counted from 1; only of faults of the text, such as an indentation. */
  readonly column?: number
  /** The line and a caret below the column, without values; only with a column. */
  readonly excerpt?: string
  /** Which key is wrong, why, and what to do; never a value that may be secret. */
  readonly sentence: string
}

/** A configuration, or all of its problems in the order of the lines. */
export type ConfigResult<T> =
  | {
      readonly ok: true
      readonly config: T
      /** The line of a key, or of its nearest ancestor; undefined if the file contains neither. */
      readonly lineAt: (key: string) => number | undefined
    }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

/** `clawtrust.yml:12: log.levl is not a known key; did you mean "level"?`; an excerpt follows on lines of its own. */
export function formatProblem({ file, line, column, sentence, excerpt }: ConfigProblem): string {
  const place = column === undefined ? `${line}` : `${line}:${column}`
  const text = `${file}:${place}: ${sentence}`
  return excerpt === undefined ? text : `${text}\n${excerpt}`
}

/** The configuration itself; throws a ClawtrustError whose message has one line for each problem. */
export function configOrThrow<T>(result: ConfigResult<T>): T {
  if (result.ok) return result.config
  throw new ClawtrustError(result.problems[0]?.code ?? 'CONFIG_INVALID', result.problems.map(formatProblem).join('\n'))
}
