import { parentPort, workerData } from 'node:worker_threads'
import type { SavedState } from './state.ts'
import { loadStateFile } from './state-file.ts'

/**
 * Reads the state once, out of a folder that the state thread owns, and ends: a large state leaves much behind in the
 * memory of the thread that reads it.
 */
const saved = loadStateFile(workerData as string)
parentPort?.postMessage(saved, columnsOf(saved))

/** What is handed over instead of being copied. */
function columnsOf({ minutes }: SavedState): ArrayBuffer[] {
  return minutes.flatMap(({ starts, counts }) => [starts.buffer, counts.buffer])
}
