import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isObject, parseJson } from '../../core/json.ts'

/** A report that is about to be made: its deliveries are queued after it is written. */
export interface Intent {
  readonly period: string
  /** Sequence number of the newest report when it was begun: the new one has a greater one. */
  readonly after: number
}

const FILE = 'making.json'

/**
 * Notes which report is being made, so that a process that ends between the report and its deliveries leaves a trace: the
 * next one queues them.
 *
 * @param folder private folder of the process that has the lease
 */
export function undelivered(folder: string) {
  const path = join(folder, FILE)
  return {
    note: (intent: Intent): void => writeFileSync(path, JSON.stringify(intent), { mode: 0o600, flush: true }),
    clear: (): void => rmSync(path, { force: true }),
    /** Undefined where no process ended in between. */
    read: (): Intent | undefined => {
      const found = parseJson(readText(path))
      if (!isObject(found) || typeof found.period !== 'string' || typeof found.after !== 'number') return undefined
      return { period: found.period, after: found.after }
    },
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
