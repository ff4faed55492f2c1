/** Measures one seed in a thread of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import type { SelectionName } from './contenders.ts'
import { type CorpusName, measureSeed } from './rows.ts'

/** What the thread is given. */
export interface SeedTask {
  readonly data: CorpusName
  readonly seed: number
  readonly selection: SelectionName
}

const { data, seed, selection } = workerData as SeedTask
parentPort?.postMessage(measureSeed(data, seed, selection))
