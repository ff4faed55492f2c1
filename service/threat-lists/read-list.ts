import { Worker } from 'node:worker_threads'
import { Fault } from '../../core/errors.ts'
import { NetworkSet } from '../../core/net/network-set.ts'
import type { ListResult, ListTask } from './list-thread.ts'
import type { ListSyntax, ParsedList } from './parse-list.ts'

/** Reads a list out of a file. @throws Fault where its content is refused; an error with a `code` where it cannot be read */
export type ReadList = (path: string, syntax: ListSyntax) => Promise<ParsedList>

/**
 * Reads a list in a thread of its own. The calling thread takes its arrays over and does nothing for each entry, so that a
 * large list delays no delivery and no scrape.
 */
export const readListInThread: ReadList = (path, syntax) => {
  const { promise, resolve, reject } = Promise.withResolvers<ParsedList>()
  // The package contains .js files, a clone .ts files.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const worker = new Worker(new URL(`./list-thread.${extension}`, import.meta.url), {
    workerData: { path, syntax } satisfies ListTask,
  })
  worker.once('message', (result: ListResult) => {
    if ('fault' in result) reject(new Fault(result.fault))
    else if ('code' in result) reject(Object.assign(new Error('a list could not be read'), { code: result.code }))
    else resolve({ networks: new NetworkSet(result.runs), refused: result.refused, format: result.format })
  })
  worker.once('error', reject)
  worker.once('exit', () => reject(new Error('the thread ended without a result')))
  return promise
}
