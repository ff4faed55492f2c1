import { parentPort, workerData } from 'node:worker_threads'
import type { SavedState } from './state.ts'
import { loadStateFile } from './state-file.ts'

/**
 * Reads the state once from a folder that the state thread owns, and ends: reading a large state leaves much garbage in
 * the memory of its thread.
 */
const saved = loadStateFile(workerData as string)
parentPort?.postMessage(saved, columnsOf(saved))

/** Buffers that are transferred instead of being copied. */
function columnsOf({ minutes }: SavedState): ArrayBuffer[] {
  return minutes.flatMap(({ starts, counts }) => [starts.buffer, counts.buffer])
}
