import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { SECOND_MS } from '../core/clock.ts'
import { ClawtrustError, failureReason } from '../core/errors.ts'
import { ownFolderIfFree } from '../service/state/ownership.ts'
import { nodeDisk } from './integrity/report-folder.ts'

/** In the folder of the reports; no period has such a name. */
const LOCK_FOLDER = '.writer'
/** Writing takes less than a second, and a slow disk some. */
const MOST_WAIT_MS = 30 * SECOND_MS
const ATTEMPT_MS = 100

/**
 * Does work while no other process of this machine writes into a folder of reports: two that write at once would take the
 * same place in the chain, and each would remove what the other has not finished.
 *
 * @throws ClawtrustError REPORT_UNWRITABLE where another process does not come to an end, or the folder cannot be locked
 */
export async function asOnlyWriter<T>(
  folder: string,
  work: () => Promise<T>,
  signal: AbortSignal,
  mostWait: number = MOST_WAIT_MS,
): Promise<T> {
  await nodeDisk.makeFolder(folder).catch(cause => refuse(folder, failureReason(cause), cause))
  for (let waited = 0; ; waited += ATTEMPT_MS) {
    const lock = lockOf(folder)
    if (lock !== undefined) {
      try {
        return await work()
      } finally {
        lock[Symbol.dispose]()
      }
    }
    if (waited >= mostWait) refuse(folder, 'another process writes into it')
    await wait(ATTEMPT_MS, undefined, { signal })
  }
}

/** Undefined while another process has it. */
function lockOf(folder: string): Disposable | undefined {
  try {
    return ownFolderIfFree(join(folder, LOCK_FOLDER))
  } catch (error) {
    return refuse(folder, 'it cannot be locked', error)
  }
}

function refuse(folder: string, why: string, cause?: unknown): never {
  throw new ClawtrustError(
    'REPORT_UNWRITABLE',
    `The report cannot be written to ${folder} (${why}); nothing was changed. Check its free space and permissions.`,
    { cause, recoverable: true },
  )
}
