import type { EpochMs } from '../../../../core/clock.ts'
import type { Fields } from '../../../toolkit/fields.ts'

/** One line of OpenClaw's log, whatever layout it came in. */
export interface LogLine {
  /** `gateway/ws`, …; empty for the root logger. */
  readonly subsystem: string
  /** The message without ANSI colours and without the mark of a verbose line. */
  readonly text: string
  /** Structured values written beside the message, if any: always to be preferred to the text. */
  readonly meta: Fields | undefined
  /** The whole record, for values that stand beside the message (`dropped`). */
  readonly fields: Fields
  readonly time: EpochMs | undefined
  readonly host: string | undefined
  /** True where the exporter withheld the message: what meta does not tell is lost. */
  readonly withheld?: true
}

const TRUNCATION_MARK = '...(truncated)'

/** True where the logger cut the message (at 4,096 characters): its end is missing. */
export function isTruncated(line: LogLine): boolean {
  return line.text.endsWith(TRUNCATION_MARK)
}

const ESCAPE = '\u001b'
const ANSI_COLOUR = new RegExp(`${ESCAPE}\\[[0-9;]{0,32}m`, 'g')

/** A coloured message as plain text. */
export function withoutColours(text: string): string {
  return text.includes(ESCAPE) ? text.replace(ANSI_COLOUR, '') : text
}
