import type { StateDatabase } from './state.ts'
import { openStateFile } from './state-file.ts'

/** A state database in memory: for recordings, whose state is never saved, and for tests. */
export function openMemoryState(): StateDatabase {
  const { database, tables } = openStateFile(':memory:', 0)
  return {
    load: async () => tables.load(),
    commit: async transaction => tables.commit(transaction),
    prune: async before => tables.prune(before),
    usage: async () => 0,
    close: async () => database.close(),
  }
}
