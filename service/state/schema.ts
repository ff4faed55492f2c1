import type { SqliteFormat } from '../sqlite/format.ts'

/**
 * Minutes contain the number of their series instead of its three texts, and are ordered by time: the minutes of one
 * commit are on neighbouring pages, and old minutes are one range to delete.
 */
const SCHEMA = `
  CREATE TABLE series (metric TEXT NOT NULL, labels TEXT NOT NULL, value REAL NOT NULL,
    PRIMARY KEY (metric, labels)) WITHOUT ROWID;
  CREATE TABLE cursors (source TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (source, key)) WITHOUT ROWID;
  CREATE TABLE minute_series (id INTEGER PRIMARY KEY, labels TEXT NOT NULL UNIQUE);
  CREATE TABLE minutes (minute INTEGER NOT NULL, series INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (minute, series)) WITHOUT ROWID;
  CREATE TABLE documents (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE blobs (name TEXT PRIMARY KEY, value BLOB NOT NULL);
`

/**
 * Version 2 has the tables of version 1. Programs of version 1 do not know the documents and blobs that contain pairs,
 * ids and derived signals since then, and would lose them: the version keeps them from opening the file.
 */
const markLayouts = () => {}

export const STATE: SqliteFormat = {
  // "CTRU" in ASCII.
  applicationId: 0x43545255,
  name: 'a state file of clawtrust',
  schema: SCHEMA,
  migrations: [markLayouts],
  // A resolved commit has been through fsync.
  pragmas: 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 1000',
  mode: 0o600,
}
