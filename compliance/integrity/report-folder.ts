import { constants } from 'node:fs'
import { chmod, mkdir, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ClawtrustError, failureCode, failureReason } from '../../core/errors.ts'
import { readRegularBytes } from '../../service/files/regular-file.ts'
import { sha256 } from '../model/digest.ts'
import type { Report } from '../model/report.ts'
import type { RenderedForm } from '../render/render-forms.ts'
import { type ChainedManifest, folderName, HEAD_FILE, headBytes, linkTo, nextPlace } from './chain.ts'
import { readHead } from './head.ts'
import {
  type Declared,
  FILE_NAME,
  MANIFEST_FILE,
  type ManifestLink,
  manifestBytes,
  manifestOf,
  readManifest,
  SIGNATURE_FILE,
} from './manifest.ts'
import { withPageTexts } from './pdf-text.ts'
import type { SigningKey } from './signing-key.ts'

/** What is done to the disk; tests pass one that fails. */
export interface Disk {
  makeFolder(path: string): Promise<void>
  /** A new empty folder whose name begins so. */
  makeTemporary(prefix: string): Promise<string>
  /** Writes a file that does not exist, and waits until it is on the disk. */
  write(path: string, bytes: Uint8Array): Promise<void>
  /** Waits until the names in a folder are on the disk. */
  sync(folder: string): Promise<void>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  list(folder: string): Promise<readonly string[]>
}

export interface NewReport {
  readonly report: Report
  /** What `renderForms` made. */
  readonly files: readonly RenderedForm[]
  /** Without one, the report is not signed. */
  readonly key?: SigningKey | undefined
  /** Times without a report, where the caller knows why. */
  readonly missed?: readonly Declared[]
}

export interface StoredReport {
  /** Its path. */
  readonly folder: string
  readonly link: ManifestLink
  readonly declared: readonly Declared[]
}

const TEMPORARY = '.incomplete-'
const MOST_BYTES_OF_A_MANIFEST = 8 * 1024 * 1024
/** Another process may write a report of the same period at the same time. */
const MOST_ATTEMPTS = 5

/**
 * Writes the folder of a report: whole, or not at all. One about the same period is never replaced: the new one is its
 * next revision. The caller writes one report at a time into a folder.
 *
 * @throws ClawtrustError REPORT_UNWRITABLE; everything is then as before
 */
export async function storeReport(root: string, added: NewReport, disk: Disk = nodeDisk): Promise<StoredReport> {
  try {
    await disk.makeFolder(root)
    await removeIncomplete(root, disk)
    for (let attempt = 1; ; attempt++) {
      const stored = await storeOnce(root, added, disk)
      if (stored !== undefined) return stored
      if (attempt === MOST_ATTEMPTS)
        throw new ClawtrustError('REPORT_UNWRITABLE', `${root}: another process writes reports`)
    }
  } catch (cause) {
    if (cause instanceof ClawtrustError) throw cause
    throw new ClawtrustError(
      'REPORT_UNWRITABLE',
      `The report cannot be written to ${root} (${failureReason(cause)}); nothing was changed. Check its free space and permissions.`,
      { cause, recoverable: true },
    )
  }
}

/** Undefined where another process has taken the name of the folder meanwhile. */
async function storeOnce(root: string, added: NewReport, disk: Disk): Promise<StoredReport | undefined> {
  const { report, key, missed } = added
  const files = withPageTexts(added.files)
  const names = new Set(await disk.list(root))
  const place = nextPlace(report, { known: await knownReports(root, disk), head: await notedHead(root), names }, missed)
  const signer =
    key === undefined ? null : { fingerprint: key.fingerprint, publicKey: key.publicKey, rotations: key.rotations }
  const manifest = manifestOf(report, files, { ...place, key: signer })
  const bytes = manifestBytes(manifest)
  const name = folderName(manifest.period, manifest.revision)
  const link = linkTo({ folder: name, manifest, sha256: sha256(bytes) })
  const temporary = await disk.makeTemporary(join(root, TEMPORARY))
  const head = `${temporary}.head`
  try {
    for (const file of files) await disk.write(join(temporary, checkedName(file.name)), file.bytes)
    await disk.write(join(temporary, MANIFEST_FILE), bytes)
    if (key !== undefined) await disk.write(join(temporary, SIGNATURE_FILE), signatureBytes(key, bytes))
    await disk.sync(temporary)
    // Before the report has its name: what follows needs no space.
    await disk.write(head, headBytes(link))
    await disk.rename(temporary, join(root, name))
  } catch (error) {
    await disk.remove(temporary).catch(() => {})
    await disk.remove(head).catch(() => {})
    if (isTaken(error)) return undefined
    throw error
  }
  // The report is there. A note that is older than it is no finding.
  await disk.rename(head, join(root, HEAD_FILE)).catch(() => disk.remove(head))
  await disk.sync(root).catch(() => {})
  return { folder: join(root, name), link, declared: manifest.declared }
}

const signatureBytes = (key: SigningKey, bytes: Uint8Array): Buffer =>
  Buffer.from(`${Buffer.from(key.sign(bytes)).toString('base64')}\n`)

/** A folder can be renamed to one that is empty only. */
const isTaken = (error: unknown): boolean => ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(failureCode(error) ?? '')

function checkedName(name: string): string {
  if (!FILE_NAME.test(name) || name === MANIFEST_FILE || name === SIGNATURE_FILE)
    throw new TypeError(`file name ${name}`)
  return name
}

/** Of a process that ended while it wrote. */
async function removeIncomplete(root: string, disk: Disk): Promise<void> {
  const names = await disk.list(root)
  for (const name of names.filter(each => each.startsWith(TEMPORARY))) await disk.remove(join(root, name))
}

/** The reports whose manifest can be read; others are found by a check, and named as missing by the next report. */
export async function knownReports(root: string, disk: Disk = nodeDisk): Promise<readonly ChainedManifest[]> {
  const known: ChainedManifest[] = []
  for (const folder of await disk.list(root)) {
    if (folder.startsWith('.')) continue
    try {
      const bytes = await readRegularBytes(join(root, folder, MANIFEST_FILE), MOST_BYTES_OF_A_MANIFEST, 'refuse')
      known.push({ folder, manifest: readManifest(bytes), sha256: sha256(bytes) })
    } catch {
      // A file, or a folder of something else.
    }
  }
  return known
}

async function notedHead(root: string): Promise<ManifestLink | null> {
  try {
    return readHead(await readRegularBytes(join(root, HEAD_FILE), MOST_BYTES_OF_A_MANIFEST, 'refuse'))
  } catch {
    return null
  }
}

const FOLDER_MODE = 0o750
const FILE_MODE = 0o640

export const nodeDisk: Disk = {
  makeFolder: async path => {
    await mkdir(path, { recursive: true, mode: FOLDER_MODE })
  },
  makeTemporary: async prefix => {
    const folder = await mkdtemp(prefix)
    await chmod(folder, FOLDER_MODE)
    return folder
  },
  write: async (path, bytes) => {
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, FILE_MODE)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
  },
  sync: async folder => {
    const handle = await open(folder, constants.O_RDONLY)
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
  rename,
  remove: path => rm(path, { recursive: true, force: true }),
  list: async folder => (await readdir(folder)).sort(),
}
