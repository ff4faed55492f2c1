import type { EpochMs } from '../../../../core/clock.ts'
import type { Fields } from '../../../toolkit/fields.ts'

/** Every structured value of a line that a template reads. */
export const metaNames = [
  'cause',
  'reason',
  'phase',
  'authReason',
  'authProvided',
  'authMode',
  'deviceId',
  'remoteAddr',
  'localPort',
  'forwardedFor',
] as const

/** Structured values of a line; values come from outside. */
export type Meta = Readonly<Partial<Record<(typeof metaNames)[number], unknown>>>

/** One line of OpenClaw's log, independent of its layout. */
export interface LogLine {
  /** `gateway/ws`, …; empty for the root logger. */
  readonly subsystem: string
  /** The message without ANSI colours and without the mark of a verbose line. */
  readonly text: string
  /** Structured values of the line, if any: always preferred to the text. */
  readonly meta: Meta | undefined
  /** The whole record, for values outside of meta (`dropped`). */
  readonly fields: Fields
  readonly time: EpochMs | undefined
  readonly host: string | undefined
  /** Of the Node.js in which it was written, where the layout says it. */
  readonly runtimeVersion?: string
  /** True if the exporter withheld the message: what is not in meta is lost. */
  readonly withheld?: true
}

const TRUNCATION_MARK = '...(truncated)'

/** True if the logger truncated the message (at 4,096 characters): its end is missing. */
export function isTruncated(line: LogLine): boolean {
  return line.text.endsWith(TRUNCATION_MARK)
}

const ESCAPE = '\u001b'
const ANSI_COLOUR = new RegExp(`${ESCAPE}\\[[0-9;]{0,32}m`, 'g')

/** A coloured message as plain text. */
export function withoutColours(text: string): string {
  return text.includes(ESCAPE) ? text.replace(ANSI_COLOUR, '') : text
}
