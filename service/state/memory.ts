import type { StateDatabase } from './state.ts'
import { openStateFile, undecodableState } from './state-file.ts'

/** A state database in memory: for recordings, whose state is never saved, and for tests. */
export function openMemoryState(): StateDatabase {
  const { database, tables } = openStateFile(':memory:')
  return {
    load: async () => tables.load(),
    undecodable: cause => undecodableState(':memory:', cause),
    begin: async () => {},
    commit: async transaction => tables.commit(transaction),
    prune: async before => tables.prune(before),
    usage: async () => 0,
    close: async () => database.close(),
  }
}
