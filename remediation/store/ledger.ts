import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { ClawtrustError } from '../../core/errors.ts'
import { Outbox } from '../../service/delivery/outbox.ts'
import { SqliteFault } from '../../service/sqlite/format.ts'
import { openSqlite } from '../../service/sqlite/open.ts'
import { databaseFailure } from '../../service/sqlite/sqlite-error.ts'
import { ownFolder } from '../../service/state/ownership.ts'
import { statePlaces } from '../../service/state/places.ts'
import { findStateFolder } from '../../service/state/private-folder.ts'
import { AuditTrail } from './audit.ts'
import { Blocks } from './blocks.ts'
import { Commands } from './commands.ts'
import { Documents } from './documents.ts'
import { GroupCommit } from './group-commit.ts'
import { Incidents } from './incidents.ts'
import { OffendingHosts } from './offending-hosts.ts'
import { LEDGER } from './schema.ts'
import { SeenAlerts } from './seen-alerts.ts'
import { Steps } from './steps.ts'
import { WaitingList } from './waiting-list.ts'

/**
 * Everything that must outlive the process: what came in, what was decided and done, and pending deliveries.
 * The rooms' methods are synchronous and belong inside `write`, which resolves when the disk has it.
 */
export interface Ledger {
  readonly seenAlerts: SeenAlerts
  readonly incidents: Incidents
  readonly waiting: WaitingList
  readonly blocks: Blocks
  readonly offendingHosts: OffendingHosts
  readonly steps: Steps
  readonly outbox: Outbox
  readonly commands: Commands
  readonly documents: Documents
  readonly audit: AuditTrail
  /** All of the work or nothing of it; what is asked for in the same moment shares one commit. Rejects where nothing was written. */
  write<T>(work: () => T): Promise<T>
  /** Inside `write`: calls this when the work is on the disk, and never where it is taken back. For metrics and the log. */
  onCommit(call: () => void): void
  close(): Promise<void>
}

/** Where the ledger is in the state folder. */
export const LEDGER_PLACE = statePlaces.remediation
const { database: FILE } = LEDGER_PLACE

/**
 * Opens the ledger of a folder for the one service that owns it. One of an earlier version is migrated, and kept as it was
 * beside it.
 *
 * @throws ClawtrustError STATE_FOLDER_IN_USE, STATE_UNUSABLE, LEDGER_UNUSABLE
 */
export function openLedger(folder: string): Ledger {
  const owner = ownFolder(folder)
  try {
    const path = join(folder, FILE)
    return ledgerOf(open(path, true), owner)
  } catch (error) {
    owner[Symbol.dispose]()
    throw error
  }
}

/**
 * Opens the ledger of a state folder beside the service that owns it: to read, and to leave commands. It migrates nothing.
 *
 * @throws ClawtrustError USAGE, LEDGER_UNUSABLE
 */
export function openLedgerBeside(stateDir: string): Ledger {
  const path = join(findStateFolder(stateDir, LEDGER_PLACE), FILE)
  if (!existsSync(path)) {
    throw new ClawtrustError(
      'USAGE',
      `${stateDir} holds no ledger that this user may read; name the state_dir of the service, and run as its user`,
    )
  }
  return ledgerOf(open(path, false), { [Symbol.dispose]: () => {} })
}

function ledgerOf(database: DatabaseSync, owner: Disposable): Ledger {
  const commits = new GroupCommit(database)
  return {
    seenAlerts: new SeenAlerts(database),
    incidents: new Incidents(database),
    waiting: new WaitingList(database),
    blocks: new Blocks(database),
    offendingHosts: new OffendingHosts(database),
    steps: new Steps(database),
    outbox: new Outbox(database),
    commands: new Commands(database),
    documents: new Documents(database),
    audit: new AuditTrail(database),
    write: work => commits.write(work),
    onCommit: call => commits.onCommit(call),
    async close() {
      await commits.idle()
      database.close()
      owner[Symbol.dispose]()
    },
  }
}

/** A ledger that is damaged or foreign is never replaced: it holds evidence, and what is blocked. */
function open(path: string, migrate: boolean): DatabaseSync {
  try {
    const database = openSqlite(path, LEDGER, { migrate })
    if (migrate) new Blocks(database).recount()
    // From now on, writes wait for locks without the event loop. Reads need no lock that another program can hold.
    database.exec('PRAGMA busy_timeout = 0')
    return database
  } catch (cause) {
    const isOtherVersion = cause instanceof SqliteFault && (cause.kind === 'older' || cause.kind === 'newer')
    const remedy = isOtherVersion
      ? ''
      : '; restore a copy of it, or move it away with its -wal and -shm files: a new ledger contains no blocks'
    const sentence = `The ledger ${path} cannot be used: ${databaseFailure(cause)}${remedy}.`
    throw new ClawtrustError('LEDGER_UNUSABLE', sentence, { cause })
  }
}
