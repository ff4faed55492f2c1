/** Marks the file as clawtrust's own: "CTRU" in ASCII, in SQLite's application id. */
export const APPLICATION_ID = 0x43545255

/** Raised whenever the tables change; a file of another version is set aside. */
export const SCHEMA_VERSION = 1

/**
 * Minutes carry the number of their series instead of its three texts, and stand in the order of time: the minutes of
 * one commit lie on neighbouring pages, and the old ones are one range to delete.
 */
export const SCHEMA = `
  CREATE TABLE series (metric TEXT NOT NULL, labels TEXT NOT NULL, value REAL NOT NULL,
    PRIMARY KEY (metric, labels)) WITHOUT ROWID;
  CREATE TABLE cursors (source TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (source, key)) WITHOUT ROWID;
  CREATE TABLE minute_series (id INTEGER PRIMARY KEY, labels TEXT NOT NULL UNIQUE);
  CREATE TABLE minutes (minute INTEGER NOT NULL, series INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (minute, series)) WITHOUT ROWID;
  CREATE TABLE documents (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE blobs (name TEXT PRIMARY KEY, value BLOB NOT NULL);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`
