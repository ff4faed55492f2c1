import { escapeJsonLine } from '../service/log/one-line.ts'

/** A value as indented JSON for a terminal or a file. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, undefined, 2)
    .split('\n')
    .map(line => escapeJsonLine(line))
    .join('')
