import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { ClawtrustError, failureReason } from '../../core/errors.ts'
import { OVERFLOW_FOLDER } from './key-runs.ts'
import { LOCK_FILE, ownFolder } from './ownership.ts'

/** The user as whom the service runs, and the mount points of its machine. Default: those of the process. */
export interface Owner {
  /** The effective user id; undefined on systems without. */
  readonly user: number | undefined
  readonly isMountPoint: (folder: string) => boolean
}

export interface PrivateFolder {
  readonly folder: string
  /** What was changed in an existing folder, one sentence each, for the log. */
  readonly changes: readonly string[]
}

const PRIVATE_FOLDER = 0o700
const PRIVATE_FILE = 0o600
const OTHERS = 0o077
const OTHERS_WRITE = 0o022
const STICKY = 0o1000
const MAX_LINKS = 40

/** The folder of a service in a state folder, and its database; earlier versions kept that in the state folder itself. */
export interface StatePlace {
  readonly service: 'exporter' | 'remediation'
  readonly database: string
}

/** Where the database is, for programs that read it beside its service. */
export function findStateFolder(stateDir: string, { service, database }: StatePlace): string {
  const folder = join(stateDir, service)
  return !existsSync(join(folder, database)) && existsSync(join(stateDir, database)) ? stateDir : folder
}

/**
 * Makes the folder of a service in its state folder, with mode 0700, and moves the files of an earlier version into it.
 * The state folder may be shared with other users if it is sticky or a mount point (a volume of this service).
 *
 * @throws ClawtrustError STATE_UNUSABLE if another user could exchange the files, STATE_FOLDER_IN_USE
 */
export function preparePrivateFolder(stateDir: string, place: StatePlace, owner: Owner = systemOwner()): PrivateFolder {
  const folder = join(stateDir, place.service)
  const changes: string[] = []
  try {
    refuseForeignLinks(folder, owner)
    mkdirSync(stateDir, { recursive: true, mode: PRIVATE_FOLDER })
    closeParent(stateDir, owner, changes)
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER })
    refuseForeignLinks(folder, owner)
    closeFolder(folder, owner, changes)
    moveEarlierState(stateDir, folder, place, changes)
    closeFiles(folder, owner, changes)
  } catch (cause) {
    if (cause instanceof ClawtrustError) throw cause
    throw unusable(stateDir, `${failureReason(cause)}; check that it is a folder that is writable for this user`, cause)
  }
  return { folder, changes }
}

/** Every link on the way: whoever owns a link can point it elsewhere later. */
function refuseForeignLinks(path: string, owner: Owner): void {
  let links = 0
  let at: string = sep
  const parts = resolve(path).split(sep).filter(Boolean)
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const next = join(at, part)
    const found = lstatSync(next, { throwIfNoEntry: false })
    if (found === undefined) return
    if (!found.isSymbolicLink()) {
      at = next
      continue
    }
    if (!isTrusted(found, owner)) throw unusable(path, `${next} is a symbolic link of another user; remove it`)
    if (++links > MAX_LINKS) throw unusable(path, 'it leads through too many symbolic links')
    const target = resolve(at, readlinkSync(next))
    at = sep
    parts.unshift(...target.split(sep).filter(Boolean))
  }
}

const isTrusted = ({ uid }: Stats, { user }: Owner): boolean => user === undefined || uid === 0 || uid === user

/** Who may write into the parent may rename what is in it, unless it is sticky. */
function closeParent(stateDir: string, owner: Owner, changes: string[]): void {
  if (owner.user === undefined || owner.isMountPoint(stateDir)) return
  const found = statSync(stateDir)
  if (!isTrusted(found, owner))
    throw unusable(stateDir, 'it belongs to another user; change its owner to the user of the service')
  if ((found.mode & OTHERS_WRITE) === 0 || (found.mode & STICKY) !== 0) return
  if (found.uid !== owner.user)
    throw unusable(stateDir, 'other users may write into it; remove that permission, or set its sticky bit')
  chmodSync(stateDir, found.mode & 0o7777 & ~OTHERS_WRITE)
  changes.push(`The state folder ${stateDir} was writable for other users; that permission was removed.`)
}

function closeFolder(folder: string, { user }: Owner, changes: string[]): void {
  const found = statSync(folder)
  if (!found.isDirectory()) throw unusable(folder, 'it is not a folder')
  if (user === undefined) return
  if (found.uid !== user)
    throw unusable(folder, 'it belongs to another user; change its owner to the user of the service')
  if ((found.mode & OTHERS) === 0) return
  chmodSync(folder, PRIVATE_FOLDER)
  changes.push(`The state folder ${folder} was open to other users; its mode is now 0700.`)
}

/** Renames the database last: after a crash in between, the next start continues. */
function moveEarlierState(stateDir: string, folder: string, { database }: StatePlace, changes: string[]): void {
  if (!existsSync(join(stateDir, database))) return
  if (existsSync(join(folder, database)))
    throw unusable(
      stateDir,
      `both ${join(stateDir, database)} and ${join(folder, database)} exist; move one of them away`,
    )
  const earlierOwner = ownFolder(stateDir)
  try {
    const files = readdirSync(stateDir).filter(name => isBesides(name, database))
    for (const name of [...files, database]) renameSync(join(stateDir, name), join(folder, name))
    rmSync(join(stateDir, LOCK_FILE), { force: true })
  } finally {
    earlierOwner[Symbol.dispose]()
  }
  changes.push(`The state of an earlier version was moved from ${stateDir} to ${folder}.`)
}

/** Its write-ahead log, its copies and what did not fit into memory. */
const isBesides = (name: string, database: string): boolean =>
  name.startsWith(`${database}.`) || name.startsWith(`${database}-`) || name === OVERFLOW_FOLDER

function closeFiles(folder: string, { user }: Owner, changes: string[]): void {
  if (user === undefined) return
  const open = readdirSync(folder, { withFileTypes: true }).filter(
    entry => entry.isFile() && (statSync(join(folder, entry.name)).mode & OTHERS) !== 0,
  )
  for (const { name } of open) chmodSync(join(folder, name), PRIVATE_FILE)
  if (open.length > 0)
    changes.push(
      `Files in ${folder} were open to other users; their mode is now 0600: ${open.map(({ name }) => name).join(', ')}.`,
    )
}

function systemOwner(): Owner {
  return {
    user: process.geteuid?.(),
    isMountPoint: folder => mountPoints().has(resolve(folder)) || isOtherDevice(folder),
  }
}

/** The mount points of the process (proc(5)); none on systems without. */
function mountPoints(): ReadonlySet<string> {
  try {
    const rows = readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
    return new Set(rows.map(row => (row.split(' ')[4] ?? '').replace(/\\(\d{3})/g, unescaped)))
  } catch {
    return new Set()
  }
}

const unescaped = (_: string, octal: string): string => String.fromCharCode(Number.parseInt(octal, 8))

const isOtherDevice = (folder: string): boolean => statSync(folder).dev !== statSync(dirname(resolve(folder))).dev

function unusable(folder: string, sentence: string, cause?: unknown): ClawtrustError {
  return new ClawtrustError('STATE_UNUSABLE', `The state folder ${folder} cannot be used: ${sentence}.`, { cause })
}
