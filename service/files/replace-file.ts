import { chmod, chown, lstat, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { failureReason } from '../../core/errors.ts'
import { FileRefused, fileTrouble, refuseOtherKind } from './regular-file.ts'

/** The bits of a mode that are not its kind. */
const PERMISSIONS = 0o7777

/**
 * Replaces the content of a file that a user names, as a whole or not at all: a reader sees the content from before or
 * the new one. Its mode stays, its owner where that may be set, and a link to it still leads to it.
 *
 * @throws FileRefused unless it is a regular file; Node's errors with their `code`
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const target = await realpath(path)
  const found = await stat(target)
  refuseOtherKind(found)
  await putInPlace(target, text, 0o600, async unfinished => {
    // Another user may not give a file away.
    await chown(unfinished, found.uid, found.gid).catch(() => undefined)
    await chmod(unfinished, found.mode & PERMISSIONS)
  })
}

/** As `replaceFile`, of a file that may not be there: it is made then, with the mode of new files. */
export async function createOrReplaceFile(path: string, text: string): Promise<void> {
  const isAbsent = await lstat(path).then(
    () => false,
    ({ code }) => code === 'ENOENT',
  )
  await (isAbsent ? putInPlace(path, text, 0o666) : replaceFile(path, text))
}

/** Why a file could not be replaced or made; follows its name. */
export const writeTrouble = (error: unknown): string =>
  error instanceof FileRefused
    ? fileTrouble(error)
    : `cannot be written (${failureReason(error)}); check the path, its permissions and the free space of its disk`

async function putInPlace(
  target: string,
  text: string,
  mode: number,
  finish?: (unfinished: string) => Promise<void>,
): Promise<void> {
  const unfinished = `${target}.${process.pid}.tmp`
  try {
    await writeFile(unfinished, text, { flag: 'wx', mode, flush: true })
    await finish?.(unfinished)
    await rename(unfinished, target)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}
