import { chmodSync, mkdtempSync, statfsSync } from 'node:fs'
import { join } from 'node:path'

/** A file system in memory, on Linux. */
const SHARED_MEMORY = '/dev/shm'
/** Containers often have less, which the databases of the tests could fill. */
const LEAST_BYTES = 1 << 30

/** A new folder in memory; undefined if the system has none, or too little. */
export function makeMemoryFolder(parent = SHARED_MEMORY, leastBytes = LEAST_BYTES): string | undefined {
  try {
    const { bavail, bsize } = statfsSync(parent)
    if (bavail * bsize < leastBytes) return undefined
    const folder = mkdtempSync(join(parent, 'clawtrust-check-'))
    // Tests that run as another user need access to their own folders in it.
    chmodSync(folder, 0o755)
    return folder
  } catch {
    return undefined
  }
}
