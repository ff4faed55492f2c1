import { closeSync, existsSync, openSync, readSync, realpathSync, rmSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { failureCode } from '../../core/errors.ts'
import { damaged, pragma, type SqliteFormat, versionIn, versionOf } from './format.ts'
import { isSqliteError, SQLITE_CORRUPT, SQLITE_ERROR, SQLITE_NOTADB } from './sqlite-error.ts'

/** How long to wait for a lock of another connection, milliseconds. */
export const BUSY_MS = 2_000

/**
 * Checks a database completely and changes no byte of it or of the files beside it. Its owner calls it before this process
 * has a connection to it.
 *
 * @returns the version; undefined if there is no file, or it has no tables yet
 * @throws SqliteFault `foreign`, `newer`, `damaged`; errors of SQLite and of the file system
 */
export function examineSqlite(path: string, format: SqliteFormat): number | undefined {
  if (sizeOf(path) === 0) {
    // SQLite would delete the log.
    if (hasLog(path)) throw damaged('only its write-ahead log, the -wal file, has content')
    return undefined
  }
  const { version, place } = attempt(path, () =>
    readUnchanged(path, database => {
      const version = versionIn(database, format, versionOf(format))
      const found = String(pragma(database, 'quick_check(1)'))
      return { version, place: found === 'ok' ? undefined : placeOf(found, database) }
    }),
  )
  // SQLite takes a file of a few bytes for an empty one.
  const missing = version === undefined || place !== undefined ? missingBytes(path) : undefined
  const damage = missing ?? place
  if (damage !== undefined) throw damaged(damage)
  return version
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (isDamage(error)) throw damaged(missingBytes(path) ?? UNREADABLE, error)
    throw error
  }
}

/**
 * Opens a database to read it. No file is changed: without a write-ahead log, SQLite reads the file as one that does not
 * change (`immutable`); with a log, it uses the index in the `-shm` file of a writer (`readonly_shm`), or its own in memory.
 *
 * https://www.sqlite.org/uri.html, https://www.sqlite.org/wal.html#readonly
 */
export function readUnchanged<T>(path: string, read: (database: DatabaseSync) => T): T {
  const real = realPathOf(path)
  const index = `${real}-shm`
  const isLogged = hasLog(path)
  // SQLite reads no log without the file of its index, and ignores an empty one.
  const lacksIndex = isLogged && !existsSync(index)
  if (lacksIndex) closeSync(openSync(index, 'a', 0o600))
  try {
    const url = pathToFileURL(real)
    url.search = isLogged ? '?readonly_shm=1' : '?immutable=1'
    const database = new DatabaseSync(url, { readOnly: true, timeout: BUSY_MS })
    try {
      return read(database)
    } finally {
      database.close()
    }
  } finally {
    if (lacksIndex) rmSync(index, { force: true })
  }
}

/** https://www.sqlite.org/fileformat.html#the_write_ahead_log */
const LOG_HEADER_BYTES = 32

/**
 * Whether there is a write-ahead log with content. A process that was killed when it had begun one leaves its header, for
 * which a read-only connection without a writer beside it fails with SQLITE_PROTOCOL.
 */
const hasLog = (path: string): boolean => sizeOf(`${realPathOf(path)}-wal`) > LOG_HEADER_BYTES

const UNREADABLE = 'SQLite cannot read its pages'

const isDamage = (error: unknown): boolean => isSqliteError(error, SQLITE_CORRUPT, SQLITE_NOTADB)

/** What SQLite reports of damage as a `SqliteFault`; every other error as it is. */
export const asSqliteFault = (error: unknown): unknown => (isDamage(error) ? damaged(UNREADABLE, error) : error)

/**
 * The same, and damage that SQLite does not report as such: other tables, and a number that JavaScript cannot hold.
 *
 * @param name as in `SqliteMarks`
 */
export function faultOfRead(error: unknown, name: string): unknown {
  if (isSqliteError(error, SQLITE_ERROR)) return damaged(`its tables are not those of ${name}`, error)
  if (failureCode(error) === 'ERR_OUT_OF_RANGE') return damaged('a number in it is out of range', error)
  return asSqliteFault(error)
}

const MAGIC = 'SQLite format 3\0'
const HEADER_BYTES = 100

/**
 * What the header says of a file that is no database, or is shorter than it was. Not while this process has a connection to
 * the file: closing the file releases the locks of all of them.
 *
 * https://www.sqlite.org/fileformat.html, https://www.sqlite.org/howtocorrupt.html
 */
function missingBytes(path: string): string | undefined {
  const header = Buffer.alloc(HEADER_BYTES)
  const file = openSync(path, 'r')
  try {
    readSync(file, header)
  } finally {
    closeSync(file)
  }
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) return 'it does not begin as a SQLite database does'
  const pageBytes = header.readUInt16BE(16)
  const whole = (pageBytes === 1 ? 65_536 : pageBytes) * header.readUInt32BE(28)
  const size = sizeOf(path)
  return size < whole ? `${size} of its ${whole} bytes are there` : undefined
}

const PLACE = /\bTree (\d+) page (\d+)/

/** Where the check found damage. Its own texts may quote what is stored. */
function placeOf(found: string, database: DatabaseSync): string {
  const [, root, page] = PLACE.exec(found) ?? []
  if (root === undefined) return "SQLite's check finds rows that contradict their table or index"
  const row = database.prepare('SELECT tbl_name AS name FROM sqlite_schema WHERE rootpage = ?').get(Number(root))
  const table = /^\w{1,40}$/.exec(String(row?.name))
  return `page ${page}${table === null ? '' : ` of the table ${table}`} cannot be read`
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** SQLite keeps the log and its index beside the file to which a link leads. */
const realPathOf = (path: string): string => (existsSync(path) ? realpathSync(path) : path)
