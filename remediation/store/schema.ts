import type { DatabaseSync } from 'node:sqlite'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/clock.ts'
import { OUTBOX, OUTBOX_BY_AGE } from '../../service/delivery/outbox.ts'
import type { SqliteFormat } from '../../service/sqlite/format.ts'
import { addOffendingHosts, OFFENDING_HOSTS } from './offending-hosts.ts'

/**
 * The steps of incidents, one row each. `due_at` is set while the world has to be brought to what `state` says. They go
 * with their incident.
 */
const STEPS = `
  CREATE TABLE steps (incident TEXT NOT NULL, position INTEGER NOT NULL, type TEXT NOT NULL, state TEXT NOT NULL,
    mode TEXT NOT NULL, plan TEXT NOT NULL, detail TEXT NOT NULL, attempts INTEGER NOT NULL, due_at INTEGER,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, PRIMARY KEY (incident, position)) WITHOUT ROWID;
  CREATE INDEX steps_due ON steps (due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX steps_queued ON steps (type) WHERE state = 'pending' AND due_at IS NULL;
  CREATE TRIGGER incident_pruned AFTER DELETE ON incidents BEGIN DELETE FROM steps WHERE incident = OLD.id; END;`

/**
 * What is decided again: the incidents of a playbook and target by age, the actions begun in each second by network, the
 * networks of the proposals that wait, and who waits for room among them. See `countedNetwork`; an empty network is one
 * that is not known and counts for itself.
 */
const STARTS = `
  CREATE TABLE starts (second INTEGER NOT NULL, network TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (second, network)) WITHOUT ROWID;`
const REVIEWS = `
  CREATE INDEX incidents_of_target ON incidents (playbook, target, created_at);
  CREATE TABLE proposals (incident TEXT PRIMARY KEY, network TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX proposals_by_network ON proposals (network);
  CREATE TRIGGER proposal_ended AFTER UPDATE OF state ON incidents
    WHEN OLD.state = 'proposed' AND NEW.state <> 'proposed' BEGIN DELETE FROM proposals WHERE incident = OLD.id; END;
  CREATE TABLE waiting (incident TEXT PRIMARY KEY, lapses INTEGER NOT NULL, events REAL NOT NULL, since INTEGER NOT NULL,
    seen_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TRIGGER waiting_pruned AFTER DELETE ON incidents BEGIN DELETE FROM waiting WHERE incident = OLD.id; END;`

/** Version 4 counts those who wait for room by network; an empty one is not known, and counts for itself. */
const WAITING_BY_NETWORK = `
  ALTER TABLE waiting ADD COLUMN network TEXT NOT NULL DEFAULT '';
  CREATE INDEX waiting_by_network ON waiting (network);`

/** The latest blocks that expired: `ended` is null while none of the target has. */
const OFFENCES_BY_END = 'CREATE INDEX offences_by_end ON offences (ended);'

/**
 * `open_key` is set while an incident is open, so that there is one for each playbook and target. `tally.active` counts
 * the blocks in force, kept by triggers: counting rows for each decision would make a flood quadratic.
 * The audit trail can only grow.
 */
const SCHEMA = `
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
  ${STARTS}
  CREATE TABLE tally (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO tally VALUES ('active', 0);
  CREATE TRIGGER block_begun AFTER INSERT ON blocks BEGIN UPDATE tally SET value = value + 1 WHERE name = 'active'; END;
  CREATE TRIGGER block_ended AFTER DELETE ON blocks BEGIN UPDATE tally SET value = value - 1 WHERE name = 'active'; END;
  CREATE TABLE offences (target TEXT PRIMARY KEY, count INTEGER NOT NULL, last INTEGER NOT NULL,
    ended INTEGER) WITHOUT ROWID;
  ${OFFENCES_BY_END}
  ${OFFENDING_HOSTS}
  CREATE TABLE soft_allows (target TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
  ${OUTBOX}
  ${REVIEWS}
  ${WAITING_BY_NETWORK}
  CREATE TABLE commands (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, argument TEXT NOT NULL, actor TEXT NOT NULL,
    answer TEXT);
  CREATE INDEX commands_waiting ON commands (id) WHERE answer IS NULL;
  CREATE TABLE documents (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE audit (sequence INTEGER PRIMARY KEY, record TEXT NOT NULL, hash TEXT NOT NULL);
  CREATE INDEX audit_by_incident ON audit (json_extract(record, '$.command_uid'));
  CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END;
  CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END;
`

/** Names the document that holds the incidents whose block was pending when version 1 was migrated. */
export const MIGRATED_PENDING = 'migrated_pending'

/**
 * Version 2 has a row for each step. What version 1 knows of steps is written in incidents (a block has a length) and in
 * the outbox. The requests of a block that is not in the kernel yet are not in the outbox: they are the playbook's, so
 * the incidents are noted for the responder. Audit records stay as they are.
 */
function addSteps(database: DatabaseSync): void {
  database.exec(`
    ${OUTBOX_BY_AGE}
    ${STEPS}
    INSERT INTO steps
      SELECT id, 0, 'block',
        CASE state WHEN 'proposed' THEN 'pending' WHEN 'blocking' THEN 'pending' WHEN 'blocked' THEN 'done'
          WHEN 'expired' THEN 'undone' WHEN 'unblocked' THEN 'undone' ELSE 'refused' END,
        coalesce(json_extract(facts, '$.mode'), 'enforce'),
        json_object('target', target, 'length', json_extract(facts, '$.length'), 'resetAfter', 0),
        coalesce(json_extract(facts, '$.detail'), ''), 0, iif(state = 'blocking', updated_at, NULL),
        created_at, updated_at
      FROM incidents WHERE json_extract(facts, '$.length') IS NOT NULL;
    INSERT INTO steps
      SELECT id, row_number() OVER (PARTITION BY id ORDER BY destination) - iif(json_extract(facts, '$.length') IS NULL, 1, 0),
        'request', CASE outbox_state WHEN 'sent' THEN 'done' WHEN 'dead' THEN 'failed' ELSE 'pending' END,
        coalesce(json_extract(facts, '$.mode'), 'enforce'), json_object('destination', destination),
        iif(outbox_state = 'sent', answer, last_error), attempts - iif(outbox_state = 'sent', 1, 0), NULL, created, updated_at
      FROM (SELECT incidents.id, incidents.facts, incidents.updated_at, destination, outbox.state AS outbox_state,
          answer, last_error, attempts, outbox.created_at AS created
        FROM outbox JOIN incidents ON incidents.id = outbox.incident WHERE incidents.state <> 'proposed');
    INSERT INTO documents SELECT '${MIGRATED_PENDING}', json_group_array(id) FROM incidents WHERE state = 'blocking';
  `)
}

/**
 * Defaults of `soft_allow`, `approval_lifetime` and `alert_range` when version 3 was made. The migration is the same
 * whatever is configured now.
 */
const V3_SOFT_ALLOW = DAY_MS
const V3_APPROVAL_LIFETIME = 4 * HOUR_MS
const V3_ALERT_RANGE = 20 * MINUTE_MS

/**
 * Version 3 knows what a decision on a later delivery rests on. The networks of what was begun before are not known.
 * Before, an incident was closed as soon as it was rejected or its proposal or block had expired, because a repeated
 * delivery never led to another decision.
 */
function addReviews(database: DatabaseSync): void {
  database.exec(`
    ALTER TABLE starts RENAME TO starts_v2;
    ${STARTS}
    INSERT INTO starts SELECT second, '', count FROM starts_v2;
    DROP TABLE starts_v2;
    ${REVIEWS}
    INSERT INTO proposals SELECT id, '' FROM incidents WHERE state = 'proposed';
    UPDATE incidents SET closes_at = max(coalesce(closes_at, 0), updated_at + ${V3_SOFT_ALLOW}) WHERE state = 'rejected';
    UPDATE incidents SET closes_at = coalesce(closes_at, updated_at) + ${V3_APPROVAL_LIFETIME},
      facts = iif(json_valid(facts), json_set(facts, '$.lapses', 1), facts) WHERE state = 'lapsed';
    UPDATE incidents SET closes_at = closes_at + ${V3_ALERT_RANGE} WHERE state IN ('blocking', 'blocked', 'expired');
    ALTER TABLE offences ADD COLUMN ended INTEGER;
    UPDATE offences SET ended = expired.ended
      FROM (SELECT target, max(json_extract(facts, '$.expiresAt')) AS ended FROM incidents
        WHERE state = 'expired' AND json_valid(facts) GROUP BY target) AS expired
      WHERE expired.target = offences.target;
    ${OFFENCES_BY_END}
  `)
}

export const LEDGER: SqliteFormat = {
  // "CTRL" in ASCII.
  applicationId: 0x4354524c,
  name: 'a ledger of clawtrust',
  schema: SCHEMA,
  migrations: [addSteps, addReviews, database => database.exec(WAITING_BY_NETWORK), addOffendingHosts],
  // A resolved write has been through fsync.
  pragmas: 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000',
  // It holds the key of approval links.
  mode: 0o600,
}
