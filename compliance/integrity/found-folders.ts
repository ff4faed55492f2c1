import type { Dirent } from 'node:fs'
import { lstat, opendir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { ClawtrustError, failureReason } from '../../core/errors.ts'
import { fileTrouble, readRegularBytes } from '../../service/files/regular-file.ts'
import { REPORT_FILE } from '../render/data/json.ts'
import { HEAD_FILE } from './chain.ts'
import type { FoundFile, FoundFolder } from './check.ts'
import { MANIFEST_FILE, SIGNATURE_FILE } from './manifest.ts'

/** More than any report has: what is larger is not read, so that a check is bounded in time and memory. */
const MOST_BYTES_OF_A_FILE = 64 * 1024 * 1024
const MOST_BYTES_OF_A_REPORT = 256 * 1024 * 1024
/** Of a folder of reports: those of each day of decades, and what was put between them. */
const MOST_NAMES = 20_000
const MOST_FILES = 100

/** A folder that may hold one report, or one folder for each of many. */
export interface FoundReports {
  /** True where the folder is itself that of a report. */
  readonly isOne: boolean
  /** Names of the folders of reports; of the folder itself where it is one. */
  readonly names: readonly string[]
  /** The bytes of chain.json; undefined without one. */
  readonly head: FoundFile | undefined
  /** Folders and links that hold no report, and were left out. */
  readonly others: readonly string[]
  /** Reads one of the folders; nothing outside of it is read. */
  read(name: string): Promise<FoundFolder>
}

/** @throws ClawtrustError USAGE where there is no report */
export async function findReports(path: string): Promise<FoundReports> {
  const folder = resolve(path)
  const entries = await entriesOf(folder).catch(cause => {
    throw new ClawtrustError('USAGE', `${path} cannot be read (${failureReason(cause)}); name the folder of a report`, {
      cause,
    })
  })
  if (entries.length === MOST_NAMES) {
    // A check of some of them would look like one of all.
    throw new ClawtrustError(
      'USAGE',
      `${path} holds ${MOST_NAMES} entries or more, which is more than can be examined; move away what is no report`,
    )
  }
  if (isReport(entries)) {
    const name = basename(folder)
    return { isOne: true, names: [name], head: undefined, others: [], read: () => readFolder(folder, name) }
  }
  const names: string[] = []
  const others: string[] = []
  for (const entry of entries.filter(({ name }) => !name.startsWith('.'))) {
    if (entry.isDirectory() && isReport(await entriesOf(join(folder, entry.name)))) names.push(entry.name)
    else if (entry.isDirectory() || entry.isSymbolicLink()) others.push(entry.name)
  }
  if (names.length === 0) {
    throw new ClawtrustError('USAGE', `${path} holds no report; name the folder of a report, or one with several`)
  }
  const head = entries.some(({ name }) => name === HEAD_FILE) ? await readFile(folder, HEAD_FILE) : undefined
  return { isOne: false, names, head, others, read: name => readFolder(join(folder, name), name) }
}

/** What has so many entries that not all are listed may be one. */
const isReport = (entries: readonly Dirent[]): boolean =>
  entries.length === MOST_NAMES ||
  entries.some(({ name }) => name === MANIFEST_FILE || name === SIGNATURE_FILE || name === REPORT_FILE)

/** In the order of their names; a folder may have millions. */
async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  const entries: Dirent[] = []
  for await (const entry of await opendir(folder)) {
    if (entries.push(entry) === MOST_NAMES) break
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function readFolder(folder: string, name: string): Promise<FoundFolder> {
  const files = new Map<string, FoundFile>()
  // It was a folder when it was listed, and may be a link by now.
  if (!(await lstat(folder)).isDirectory()) return { folder: name, files }
  let left = MOST_BYTES_OF_A_REPORT
  for (const entry of await entriesOf(folder)) {
    if (files.size === MOST_FILES) break
    const file = left > 0 ? await readFile(folder, entry.name) : { refused: 'is not read: the report is too large' }
    files.set(entry.name, file)
    left -= 'bytes' in file ? file.bytes.byteLength : 0
  }
  return { folder: name, files }
}

async function readFile(folder: string, name: string): Promise<FoundFile> {
  try {
    return { bytes: await readRegularBytes(join(folder, name), MOST_BYTES_OF_A_FILE, 'refuse') }
  } catch (error) {
    return { refused: fileTrouble(error) }
  }
}
