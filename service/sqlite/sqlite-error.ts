import { failureReason } from '../../core/errors.ts'

/** Primary result codes, https://www.sqlite.org/rescode.html */
export const SQLITE_ERROR = 1
export const SQLITE_BUSY = 5
export const SQLITE_CORRUPT = 11
export const SQLITE_FULL = 13
export const SQLITE_NOTADB = 26

const words: Readonly<Record<number, string>> = {
  3: 'access was denied',
  [SQLITE_BUSY]: 'another program has locked it',
  6: 'a table is locked',
  8: 'it is read-only',
  10: 'the disk reports an error',
  [SQLITE_CORRUPT]: 'it is damaged',
  [SQLITE_FULL]: 'the disk is full',
  14: 'the file cannot be opened',
  [SQLITE_NOTADB]: 'it is no database',
}

/** True for an error of node:sqlite with one of these primary result codes (the low byte). */
export function isSqliteError(error: unknown, ...codes: readonly number[]): boolean {
  const code = resultCode(error)
  return code !== undefined && codes.includes(code & 0xff)
}

/** Why a database could not be opened, read or written, in words of our own: SQLite's message may quote a statement. */
export function databaseFailure(error: unknown): string {
  const code = resultCode(error)
  if (code === undefined) return failureReason(error)
  return words[code & 0xff] ?? `SQLite reports error ${code}`
}

function resultCode(error: unknown): number | undefined {
  const code = typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : undefined
  return typeof code === 'number' ? code : undefined
}
