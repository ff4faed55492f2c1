import type { ErrorEntry } from '../../core/error-catalogue.ts'
import { code, page, table } from './markdown.ts'

const INTRODUCTION = `Every error has a code that stays the same, beside a sentence that says what is wrong and where. Log lines carry it as \`error.code\`.`

/** docs/errors.md, from the error catalogue. */
export function errorsPage(catalogue: Readonly<Record<string, ErrorEntry>>): string {
  const rows = Object.entries(catalogue).sort(([a], [b]) => (a < b ? -1 : 1))
  return page(
    'Errors',
    INTRODUCTION,
    table(
      ['code', 'meaning', 'what to do'],
      rows.map(([name, { meaning, remedy }]) => [code(name), meaning, remedy]),
    ),
  )
}
