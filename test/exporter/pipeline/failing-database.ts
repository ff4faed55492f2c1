import { ClawtrustError } from '../../../core/errors.ts'
import { openMemoryState } from '../../../service/state/memory.ts'
import type { StateDatabase } from '../../../service/state/state.ts'

/** A real database whose commits fail, or take their time, when the test says so. */
export function openFailingState(fails: () => boolean): StateDatabase {
  const database = openMemoryState()
  return {
    ...database,
    commit: async transaction => {
      await new Promise(resume => setImmediate(resume))
      if (fails()) throw new ClawtrustError('STATE_WRITE_FAILED', 'the disk is full')
      await database.commit(transaction)
    },
  }
}
