import { closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ClawtrustError } from '../../core/errors.ts'
import { ownFolder } from '../../service/state/ownership.ts'
import { AuditTrail } from './audit.ts'
import { Blocks } from './blocks.ts'
import { Commands } from './commands.ts'
import { Documents } from './documents.ts'
import { GroupCommit } from './group-commit.ts'
import { Incidents } from './incidents.ts'
import { Outbox } from './outbox.ts'
import { APPLICATION_ID, LATER_INDEXES, SCHEMA, SCHEMA_VERSION } from './schema.ts'
import { SeenAlerts } from './seen-alerts.ts'
import { Steps } from './steps.ts'

/**
 * Everything that must outlive the process: what came in, what was decided and done, what is still to be told.
 * The rooms' methods are synchronous and belong inside `write`, which resolves when the disk has it.
 */
export interface Ledger {
  readonly seenAlerts: SeenAlerts
  readonly incidents: Incidents
  readonly blocks: Blocks
  readonly steps: Steps
  readonly outbox: Outbox
  readonly commands: Commands
  readonly documents: Documents
  readonly audit: AuditTrail
  /** All of the work or nothing of it; what is asked for in the same moment shares one commit. Rejects where nothing was written. */
  write<T>(work: () => T): Promise<T>
  close(): Promise<void>
}

/** The folder of the ledger holds this file. */
const FILE = 'ledger.db'

/**
 * Opens the ledger of a folder for the one service that owns it.
 *
 * @throws ClawtrustError STATE_FOLDER_IN_USE, STATE_UNUSABLE, LEDGER_UNUSABLE
 */
export function openLedger(folder: string): Ledger {
  const owner = ownFolder(folder)
  try {
    const path = join(folder, FILE)
    const database = existsSync(path) ? openExisting(path) : begin(path)
    return ledgerOf(database, owner)
  } catch (error) {
    owner[Symbol.dispose]()
    throw error
  }
}

/** Opens the ledger of a folder beside the service that owns it: to read, and to leave commands. */
export function openLedgerBeside(folder: string): Ledger {
  const path = join(folder, FILE)
  if (!existsSync(path)) {
    throw new ClawtrustError('USAGE', `${folder} holds no ledger; name the state_dir of the service`)
  }
  return ledgerOf(openExisting(path), { [Symbol.dispose]: () => {} })
}

function ledgerOf(database: DatabaseSync, owner: Disposable): Ledger {
  const commits = new GroupCommit(database)
  return {
    seenAlerts: new SeenAlerts(database),
    incidents: new Incidents(database),
    blocks: new Blocks(database),
    steps: new Steps(database),
    outbox: new Outbox(database),
    commands: new Commands(database),
    documents: new Documents(database),
    audit: new AuditTrail(database),
    write: work => commits.write(work),
    async close() {
      await commits.idle()
      database.close()
      owner[Symbol.dispose]()
    },
  }
}

function begin(path: string): DatabaseSync {
  try {
    // It holds the key of approval links: nobody but owner and group may read it, whatever the folder allows.
    closeSync(openSync(path, 'a', 0o660))
    const database = configure(new DatabaseSync(path))
    database.exec(`BEGIN; ${SCHEMA} COMMIT`)
    return database
  } catch (cause) {
    throw unusable(path, (cause as Error).message, cause)
  }
}

/** A ledger that is damaged or foreign is never replaced: it holds evidence, and what is blocked. */
function openExisting(path: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = configure(new DatabaseSync(path))
    const pragma = (name: string) => Object.values(database?.prepare(`PRAGMA ${name}`).get() ?? {})[0]
    if (pragma('application_id') === 0 && pragma('user_version') === 0) {
      // The process ended between the creation of the file and the commit of its tables.
      database.exec(`BEGIN; ${SCHEMA} COMMIT`)
    }
    if (pragma('application_id') !== APPLICATION_ID) throw new Error('it is not a ledger of clawtrust')
    const version = pragma('user_version')
    if (version !== SCHEMA_VERSION) throw new Error(`it has version ${version}, this clawtrust needs ${SCHEMA_VERSION}`)
    database.exec(LATER_INDEXES)
    return database
  } catch (cause) {
    if (database?.isOpen) database.close()
    throw unusable(path, (cause as Error).message, cause)
  }
}

/** Write-ahead log and full synchronisation: a resolved write has been through fsync. */
function configure(database: DatabaseSync): DatabaseSync {
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000')
  return database
}

function unusable(path: string, why: string, cause: unknown): ClawtrustError {
  const sentence = `The ledger ${path} cannot be used: ${why}; mend it or move it away, knowing that a new one knows of no block.`
  return new ClawtrustError('LEDGER_UNUSABLE', sentence, { cause })
}
