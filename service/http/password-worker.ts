import { parentPort } from 'node:worker_threads'
import { compareSync } from 'bcryptjs'

/** Compares passwords with bcrypt hashes in a worker thread: one comparison takes 50 ms and more. */

export interface Comparison {
  readonly id: number
  readonly password: string
  readonly hash: string
}

export interface ComparisonResult {
  readonly id: number
  readonly equal: boolean
}

parentPort?.on('message', ({ id, password, hash }: Comparison) => {
  parentPort?.postMessage({ id, equal: compareSync(password, hash) } satisfies ComparisonResult)
})
