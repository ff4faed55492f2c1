import type { ErrorEntry } from '../../core/error-catalogue.ts'
import { code, page, table } from './markdown.ts'

const INTRODUCTION = `Every error has a stable code and a message that says what is wrong, where and what to do. Log lines contain the code as \`error.code\`; a command, and a service that cannot start, write the message alone to standard error.`

/** docs/errors.md, from the error catalogue. */
export function errorsPage(catalogue: Readonly<Record<string, ErrorEntry>>): string {
  const rows = Object.entries(catalogue).sort(([a], [b]) => (a < b ? -1 : 1))
  return page(
    'Errors',
    INTRODUCTION,
    table(
      ['code', 'meaning', 'remedy'],
      rows.map(([name, { meaning, remedy }]) => [code(name), meaning, remedy]),
    ),
  )
}
