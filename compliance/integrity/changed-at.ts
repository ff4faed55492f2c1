import { stat } from 'node:fs/promises'
import type { EpochMs } from '../../core/clock.ts'
import { failureCode } from '../../core/errors.ts'

/** When a name in the folder was last added, changed or removed; undefined without a folder. */
export async function changedAt(folder: string): Promise<EpochMs | undefined> {
  try {
    return (await stat(folder)).mtimeMs
  } catch (error) {
    if (failureCode(error) === 'ENOENT') return undefined
    throw error
  }
}
