import { readFileSync } from 'node:fs'
import type { AdmissionLimits } from './admission.ts'

/**
 * How many connections are served and wait. Of the files that the process may open, a quarter (at most 1,024) is left for
 * everything else: the ledger, the firewall's program, log files, requests to other servers.
 *
 * @param openFiles files that the process may open; a connection is one
 */
export function connectionLimits(openFiles: number): AdmissionLimits {
  const left = openFiles - Math.min(1_024, Math.ceil(openFiles / 4))
  const share = Math.max(1, Math.floor(left / 3))
  const [total, authenticated] = [Math.min(1_024, share), Math.min(512, share)]
  // An Alertmanager opens a connection for each of its groups; one that waits takes some KiB.
  const waiting = Math.max(1, Math.min(16_384, left - total - authenticated))
  return { total, authenticated, waitingOfPeer: Math.ceil(waiting / 2), waiting, quietMs: 1_000, requestMs: 5_000 }
}

/** RLIMIT_NOFILE, which Node raises to its maximum at the start; infinite where the system does not say. */
export function maxOpenFiles(): number {
  try {
    return parseOpenFiles(readFileSync('/proc/self/limits', 'utf8'))
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** @param limits proc_pid_limits(5) */
export function parseOpenFiles(limits: string): number {
  const soft = /^Max open files +(\d+) /m.exec(limits)?.[1]
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft)
}
