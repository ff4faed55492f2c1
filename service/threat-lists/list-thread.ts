import { parentPort, workerData } from 'node:worker_threads'
import { Fault, failureReason } from '../../core/errors.ts'
import type { NetworkRun } from '../../core/net/network-set.ts'
import { openRegularFile, tooLarge } from '../files/regular-file.ts'
import type { ListFormatName } from './list-formats.ts'
import { type ListSyntax, type ParsedList, parseList } from './parse-list.ts'

/** Reads one list in a worker thread, and ends: a large one takes seconds, and fills a heap of its own. */

export interface ListTask {
  readonly path: string
  readonly syntax: ListSyntax
}

export type ListResult =
  | { readonly runs: readonly NetworkRun[]; readonly refused: number; readonly format: ListFormatName }
  /** The content is refused: why, in words of our own. */
  | { readonly fault: string }
  /** The code of an error of the file system. */
  | { readonly code: string }

const MAX_BYTES = 256 * 1024 * 1024
const CHUNK_BYTES = 64 * 1024

async function read({ path, syntax }: ListTask): Promise<ParsedList> {
  const file = await openRegularFile(path)
  try {
    if ((await file.stat()).size > MAX_BYTES) throw tooLarge(MAX_BYTES)
    // A file that grows while it is read must not be followed.
    return await parseList(file.createReadStream({ highWaterMark: CHUNK_BYTES, end: MAX_BYTES }), syntax)
  } finally {
    await file.close()
  }
}

function post(result: ListResult, buffers: ArrayBuffer[] = []): void {
  parentPort?.postMessage(result, buffers)
}

try {
  const { networks, refused, format } = await read(workerData as ListTask)
  const { runs } = networks
  const buffers = runs.flatMap(({ high, low }) => (low === undefined ? [high.buffer] : [high.buffer, low.buffer]))
  post({ runs, refused, format }, buffers)
} catch (error) {
  const reason = failureReason(error)
  post(error instanceof Fault ? { fault: reason } : { code: reason })
}
