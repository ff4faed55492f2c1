/** Marks the file as a ledger of clawtrust: "CTRL" in ASCII, in SQLite's application id. */
export const APPLICATION_ID = 0x4354524c

/** Raised whenever the tables change. */
export const SCHEMA_VERSION = 1

/** Beside those of the first ledgers: made where it is missing when a ledger is opened. */
export const LATER_INDEXES = 'CREATE INDEX IF NOT EXISTS outbox_by_age ON outbox (state, created_at);'

/**
 * The steps of incidents, one row each. `due_at` is set while the world has to be brought to what `state` says. They go
 * with their incident.
 */
export const STEPS = `
  CREATE TABLE steps (incident TEXT NOT NULL, position INTEGER NOT NULL, type TEXT NOT NULL, state TEXT NOT NULL,
    mode TEXT NOT NULL, plan TEXT NOT NULL, detail TEXT NOT NULL, attempts INTEGER NOT NULL, due_at INTEGER,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, PRIMARY KEY (incident, position)) WITHOUT ROWID;
  CREATE INDEX steps_due ON steps (due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX steps_pending ON steps (type) WHERE state = 'pending';
  CREATE TRIGGER incident_pruned AFTER DELETE ON incidents BEGIN DELETE FROM steps WHERE incident = OLD.id; END;`

/**
 * `open_key` is set while an incident is open, so that there is one for each playbook and target. `tally.active` counts
 * the blocks in force, kept by triggers, and `starts` the blocks
 * begun in each second: counting rows for each decision would make a flood quadratic.
 * The audit trail can only grow.
 */
export const SCHEMA = `
  CREATE TABLE seen_alerts (key TEXT PRIMARY KEY, last_seen INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX seen_alerts_by_age ON seen_alerts (last_seen);
  CREATE TABLE incidents (id TEXT PRIMARY KEY, playbook TEXT NOT NULL, target TEXT NOT NULL, state TEXT NOT NULL,
    open_key TEXT UNIQUE, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, closes_at INTEGER,
    alerts INTEGER NOT NULL, alert TEXT NOT NULL, facts TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX incidents_by_state ON incidents (state, created_at);
  CREATE INDEX incidents_by_age ON incidents (updated_at);
  CREATE INDEX incidents_to_close ON incidents (closes_at) WHERE open_key IS NOT NULL;
  CREATE TABLE blocks (target TEXT PRIMARY KEY, incident TEXT NOT NULL, state TEXT NOT NULL, since INTEGER NOT NULL,
    expires_at INTEGER NOT NULL, length INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX blocks_by_state ON blocks (state);
  CREATE INDEX blocks_by_expiry ON blocks (expires_at);
  ${STEPS}
  CREATE TABLE starts (second INTEGER PRIMARY KEY, count INTEGER NOT NULL);
  CREATE TABLE tally (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO tally VALUES ('active', 0);
  CREATE TRIGGER block_begun AFTER INSERT ON blocks BEGIN UPDATE tally SET value = value + 1 WHERE name = 'active'; END;
  CREATE TRIGGER block_ended AFTER DELETE ON blocks BEGIN UPDATE tally SET value = value - 1 WHERE name = 'active'; END;
  CREATE TABLE offences (target TEXT PRIMARY KEY, count INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE soft_allows (target TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE outbox (id TEXT PRIMARY KEY, incident TEXT NOT NULL, destination TEXT NOT NULL, state TEXT NOT NULL,
    body TEXT NOT NULL, attempts INTEGER NOT NULL, created_at INTEGER NOT NULL, next_at INTEGER NOT NULL,
    give_up_at INTEGER NOT NULL, last_error TEXT NOT NULL, answer TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX outbox_due ON outbox (state, destination, next_at);
  ${LATER_INDEXES}
  CREATE INDEX outbox_by_incident ON outbox (incident);
  CREATE TABLE commands (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, argument TEXT NOT NULL, actor TEXT NOT NULL,
    answer TEXT);
  CREATE INDEX commands_waiting ON commands (id) WHERE answer IS NULL;
  CREATE TABLE documents (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE audit (sequence INTEGER PRIMARY KEY, record TEXT NOT NULL, hash TEXT NOT NULL);
  CREATE INDEX audit_by_incident ON audit (json_extract(record, '$.command_uid'));
  CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END;
  CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`
