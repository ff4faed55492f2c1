import { setTimeout as pause } from 'node:timers/promises'
import type { Replica } from './replica.ts'

/** An exporter that is asked so often and has not committed once is waited for no more. */
const MAX_POLLS = 3_000
const ASK_MS = 100
const COMMITTED = 'clawtrust_state_commit_timestamp_seconds'
/** Every document that is read moves one of these by one, whatever it says; what came again moves none. */
const TALLIES = ['clawtrust_events_total', 'clawtrust_undecoded_total', 'clawtrust_beyond_overlap_total']
/** It moves while a minute is read again in which the index holds more. */
const AGAIN = 'clawtrust_duplicate_events_total'
/** A minute that differs is read again so often at most. */
const MAX_RETRIES = 10

/** How many documents an exporter has read. */
export function readBy({ exposition }: Replica): number {
  return exposition.sum(...TALLIES)
}

/**
 * Waits as long as an exporter that is up goes on reading. It looks for documents several times between two commits,
 * however slow the machine is: one that has read nothing for `patience` commits, or nothing new for `MAX_RETRIES` times
 * as many, has stopped.
 *
 * @returns undefined where it is true, or the exporter is not up; else a sentence
 */
export async function waitFor(
  replica: Replica,
  isTrue: (replica: Replica) => boolean,
  said: () => string,
  patience: number,
): Promise<string | undefined> {
  let last = { read: -1, again: -1, committed: 0, commits: 0, idle: 0, asked: 0 }
  while (replica.isReading && !isTrue(replica)) {
    const read = readBy(replica)
    const again = replica.exposition.sum(AGAIN)
    const committed = replica.exposition.sum(COMMITTED)
    if (again !== last.again) last = { ...last, again, idle: 0 }
    if (read !== last.read) last = { ...last, read, commits: 0, idle: 0 }
    if (committed !== last.committed) {
      last = { ...last, committed, commits: last.commits + 1, idle: last.idle + 1, asked: 0 }
    }
    const { complaint } = replica
    if (complaint !== undefined) return `it has ended by itself\n${complaint}`
    if (last.idle > patience || last.commits > MAX_RETRIES * patience) return `${said()}, and nothing moves any more`
    if (last.asked++ > MAX_POLLS) return 'it writes its state no more'
    await pause(ASK_MS)
    await replica.look()
  }
  return undefined
}
