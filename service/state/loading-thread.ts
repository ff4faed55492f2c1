import { parentPort, workerData } from 'node:worker_threads'
import { failureOf, type Loaded } from './protocol.ts'
import type { SavedState } from './state.ts'
import { loadStateFile, stateFailure } from './state-file.ts'

/**
 * Reads the state once from a folder that the state thread owns, and ends: reading a large state leaves much garbage in
 * the memory of its thread.
 */
const path = workerData as string
try {
  const saved = loadStateFile(path)
  parentPort?.postMessage({ saved } satisfies Loaded, columnsOf(saved))
} catch (error) {
  parentPort?.postMessage({ failure: failureOf(error, cause => stateFailure(path, cause)) } satisfies Loaded)
}

/** Buffers that are transferred instead of being copied. */
function columnsOf({ minutes }: SavedState): ArrayBuffer[] {
  return minutes.flatMap(({ starts, counts }) => [starts.buffer, counts.buffer])
}
