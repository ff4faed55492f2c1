/** Primary result codes, https://www.sqlite.org/rescode.html */
export const SQLITE_BUSY = 5
export const SQLITE_CORRUPT = 11
export const SQLITE_FULL = 13
export const SQLITE_NOTADB = 26

/** True for an error of node:sqlite with one of these primary result codes (the low byte). */
export function isSqliteError(error: unknown, ...codes: readonly number[]): boolean {
  const code = typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : undefined
  return typeof code === 'number' && codes.includes(code & 0xff)
}
