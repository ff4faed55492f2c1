import { join } from 'node:path'
import { ownFolderIfFree } from '../../service/state/ownership.ts'
import type { AcquireLease } from './lease.ts'

/** Of the process that makes reports, in the folder of the reports; no period has such a name. */
export const serviceFolder = (outputDir: string): string => join(outputDir, '.service')

/**
 * A lock of the folder of the reports, for processes of one machine: the kernel releases it when its process ends, however
 * it ends. What is reported is seen in the folder itself.
 *
 * @throws ClawtrustError STATE_UNUSABLE
 */
export function folderLease(outputDir: string): AcquireLease {
  return async () => {
    const lock = ownFolderIfFree(serviceFolder(outputDir))
    if (lock === undefined) return undefined
    return { signal: new AbortController().signal, reported: [], release: async () => lock[Symbol.dispose]() }
  }
}
