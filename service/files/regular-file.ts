import { type BigIntStats, constants, type Stats } from 'node:fs'
import { type FileHandle, lstat, open, stat } from 'node:fs/promises'
import { Fault, failureReason } from '../../core/errors.ts'

/** What a path may lead to besides a regular file. */
const otherKinds = {
  EISDIR: { name: 'a directory', is: found => found.isDirectory() },
  FIFO: { name: 'a FIFO', is: found => found.isFIFO() },
  SOCKET: { name: 'a socket', is: found => found.isSocket() },
  SYMLINK: { name: 'a symbolic link', is: found => found.isSymbolicLink() },
  DEVICE: { name: 'a device', is: found => found.isCharacterDevice() || found.isBlockDevice() },
} as const satisfies Record<string, { name: string; is: (found: Stats | BigIntStats) => boolean }>
export type OtherKind = keyof typeof otherKinds

/** Undefined for a regular file. */
export function otherKindOf(found: Stats | BigIntStats): OtherKind | undefined {
  return (Object.keys(otherKinds) as OtherKind[]).find(kind => otherKinds[kind].is(found))
}

export const isOtherKind = (code: string): boolean => Object.hasOwn(otherKinds, code)

/** Why a file is not read. The message begins with `it`. */
export class FileRefused extends Fault {
  readonly code: OtherKind | 'TOO_LARGE'
  /** To follow the path in a sentence. */
  readonly what: string
  /** What to do. */
  readonly advice: string

  constructor(code: FileRefused['code'], what: string, advice: string) {
    super(`it ${what}`)
    this.code = code
    this.what = what
    this.advice = advice
  }
}

/** What is wrong with a file and what to do, to follow its path in a sentence. */
export function fileTrouble(error: unknown): string {
  if (error instanceof FileRefused) return `${error.what}; ${error.advice}`
  return `cannot be read (${failureReason(error)}); check the path and its permissions`
}

/** More than any certificate chain, key or configuration. */
const MAX_BYTES = 1024 * 1024

/** `refuse`: the name itself must be that of the file, which may be in a folder of others. */
export type Links = 'follow' | 'refuse'

/**
 * Opens a file that a user names, to read it. It never waits: opening a FIFO would wait for a writer.
 *
 * @throws FileRefused unless it is a regular file; Node's errors with their `code`
 */
export async function openRegularFile(path: string, links: Links = 'follow'): Promise<FileHandle> {
  // Before it is opened: opening a device may have an effect.
  refuseOtherKind(await (links === 'follow' ? stat(path) : lstat(path)))
  const noFollow = links === 'follow' ? 0 : constants.O_NOFOLLOW
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | noFollow)
  try {
    // Something else may have taken its place.
    refuseOtherKind(await file.stat())
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

/** A whole file as text in UTF-8; see `readRegularBytes`. */
export async function readRegularFile(path: string, maxBytes = MAX_BYTES): Promise<string> {
  return (await readRegularBytes(path, maxBytes)).toString('utf8')
}

/**
 * Reads a whole file that a user names.
 *
 * @throws FileRefused unless it is a regular file of at most so many bytes; Node's errors with their `code`
 */
export async function readRegularBytes(path: string, maxBytes: number, links: Links = 'follow'): Promise<Buffer> {
  const file = await openRegularFile(path, links)
  try {
    const { size } = await file.stat()
    let buffer = Buffer.alloc(Math.min(size, maxBytes) + 1)
    let length = 0
    // The size is not believed: a file may grow, and files of /proc have none.
    for (let read = -1; read !== 0; length += read) {
      if (length > maxBytes) throw tooLarge(maxBytes)
      if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(2 * length, maxBytes) + 1)
      read = (await file.read(buffer, length, buffer.length - length)).bytesRead
    }
    return buffer.subarray(0, length)
  } finally {
    await file.close()
  }
}

/** @param bytes a whole number of KiB */
export function tooLarge(bytes: number): FileRefused {
  const size = [30, 20].find(power => bytes % 2 ** power === 0) ?? 10
  const unit = { 30: 'GiB', 20: 'MiB', 10: 'KiB' }[size]
  return new FileRefused('TOO_LARGE', `is larger than ${bytes / 2 ** size} ${unit}`, 'is this the right file?')
}

/** @throws FileRefused unless it is a regular file */
export function refuseOtherKind(found: Stats): void {
  const kind = otherKindOf(found)
  if (kind === undefined) return
  const what = `is ${otherKinds[kind].name} and not a regular file`
  throw new FileRefused(kind, what, 'set the path of a regular file')
}
