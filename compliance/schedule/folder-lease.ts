import { join } from 'node:path'
import { ClawtrustError } from '../../core/errors.ts'
import { ownFolder } from '../../service/state/ownership.ts'
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
    try {
      const lock = ownFolder(serviceFolder(outputDir))
      return { signal: new AbortController().signal, reported: [], release: async () => lock[Symbol.dispose]() }
    } catch (error) {
      if (error instanceof ClawtrustError && error.code === 'STATE_FOLDER_IN_USE') return undefined
      throw error
    }
  }
}
