import { parse } from 'yaml'

/** What of OpenClaw's configuration decides which of its records exist; nothing else of it is kept: it holds secrets. */
export interface OpenclawConfig {
  /** `logging.file`. */
  readonly logFile?: string
  /** True for `logging.consoleStyle: json`. */
  readonly hasJsonConsole: boolean
  /** `diagnostics.otel` is enabled with its logs. */
  readonly exportsLogs: boolean
}

/** Reads JSON5, in which OpenClaw's configuration is written; undefined where the text is none. */
export function readOpenclawConfig(text: string): OpenclawConfig | undefined {
  let root: unknown
  try {
    // Without its comments, JSON5 is read as YAML, whose flow style has its other liberties.
    root = parse(withoutComments(text).replaceAll('\t', ' '), { maxAliasCount: 0, logLevel: 'error' })
  } catch {
    return undefined
  }
  if (typeof root !== 'object' || root === null) return undefined
  const logging = member(root, 'logging')
  const file = member(logging, 'file')
  const otel = member(member(root, 'diagnostics'), 'otel')
  return {
    ...(typeof file === 'string' && file !== '' ? { logFile: file } : {}),
    hasJsonConsole: member(logging, 'consoleStyle') === 'json',
    exportsLogs: member(otel, 'enabled') === true && member(otel, 'logs') === true,
  }
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined
}

/** Replaces the comments of JSON5 by spaces; those in strings are none. */
function withoutComments(text: string): string {
  let out = ''
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string
    if (quote !== '') {
      if (character === '\\') out += character + (text[++at] ?? '')
      else {
        if (character === quote) quote = ''
        out += character
      }
    } else if (text.startsWith('//', at)) {
      const end = text.indexOf('\n', at)
      at = (end === -1 ? text.length : end) - 1
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2)
      at = end === -1 ? text.length : end + 1
      out += ' '
    } else {
      if (character === '"' || character === "'") quote = character
      out += character
    }
  }
  return out
}
