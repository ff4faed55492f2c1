import { existsSync, realpathSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { Fault } from '../../core/errors.ts'
import { BUSY_MS, faultOfRead } from './examine.ts'
import { older, type SqliteMarks, versionIn } from './format.ts'
import { databaseFailure } from './sqlite-error.ts'

/** What is read beside the service that owns it: by its marks and its version alone. */
export interface SnapshotFormat extends SqliteMarks {
  /** The only version whose tables are known. */
  readonly version: number
}

/**
 * One moment of a database that another process may own and write: what is read later is of the same moment. It changes
 * no byte of the database, and no commit of its owner waits for it; the owner's write-ahead log is not shortened while it
 * is open, so that it is to be closed soon.
 */
export class SqliteSnapshot {
  readonly path: string
  readonly #name: string
  readonly #database: DatabaseSync
  /** Undefined where the locks of SQLite keep what is read from being changed. */
  readonly #bytes: string | undefined

  /** @throws Fault in own words, which names the file */
  constructor(path: string, format: SnapshotFormat) {
    this.path = path
    this.#name = format.name
    const { database, bytes } = this.#attempt(() => open(path))
    this.#database = database
    this.#bytes = bytes
    try {
      this.read(() => begin(database, format))
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** @throws Fault in own words, which names the file */
  read<T>(work: (database: DatabaseSync) => T): T {
    const found = this.#attempt(() => work(this.#database))
    if (this.#bytes !== undefined && this.#bytes !== bytesOf(this.path)) {
      throw new Fault(`${this.path} was changed by its service, which started while it was read; try again`)
    }
    return found
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close()
  }

  #attempt<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      const cause = faultOfRead(error, this.#name)
      throw new Fault(`${this.path} cannot be read: ${databaseFailure(cause)}`, { cause })
    }
  }
}

/**
 * With a write-ahead log, SQLite's locks hold the moment; the index of a writer is read and not written (`readonly_shm`),
 * and made where it is missing. Without a log, no service has begun to write: the file is read as one that does not change
 * (`immutable`), because locks would need files beside it; a service that starts then changes it at its first checkpoint.
 *
 * https://www.sqlite.org/wal.html#readonly, https://www.sqlite.org/uri.html
 */
function open(path: string): { readonly database: DatabaseSync; readonly bytes: string | undefined } {
  if (!existsSync(path)) throw new Fault('there is no such file, or this user may not see it')
  const real = realpathSync(path)
  const [log, hasIndex] = [statSync(`${real}-wal`, { throwIfNoEntry: false }), existsSync(`${real}-shm`)]
  const isLocked = log !== undefined && (log.size > 0 || hasIndex)
  const bytes = isLocked ? undefined : bytesOf(path)
  const url = pathToFileURL(real)
  if (!isLocked) url.search = '?immutable=1'
  else if (hasIndex) url.search = '?readonly_shm=1'
  return { database: new DatabaseSync(url, { readOnly: true, timeout: BUSY_MS }), bytes }
}

/** The first read within a transaction decides which moment it is. */
function begin(database: DatabaseSync, format: SnapshotFormat): void {
  database.exec('BEGIN')
  const version = versionIn(database, format, format.version)
  if (version === undefined) throw new Fault('it has no tables yet; start the service once')
  if (version < format.version) throw older(version, format.version)
}

/** Changes whenever the file is written, replaced or shortened. Its content is never opened here: that would release locks of this process. */
function bytesOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found === undefined ? undefined : [found.dev, found.ino, found.size, found.mtimeNs].join(' ')
}
