import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

/** A program that runs to its end, start included. */
export interface WatchedProcess {
  readonly child: ChildProcess
  /** Everything that it has written to standard output so far. */
  output(): string
  ended(): Promise<Run>
}

export interface Run {
  readonly seconds: number
  /** Resident memory of the process, bytes: the last value seen and the highest. */
  readonly residentAtEnd: number
  readonly residentPeak: number
}

const WATCH_MS = 20

/** Starts a program and watches its memory in /proc. `ended` rejects unless it ends with 0. */
export function watchProcess(command: string, args: readonly string[]): WatchedProcess {
  const begun = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const memory = { end: 0, peak: 0 }
  const watch = setInterval(() => look(child.pid, memory), WATCH_MS)
  let output = ''
  child.stdout.on('data', chunk => {
    output += chunk
  })
  const closed = once(child, 'close').finally(() => clearInterval(watch))
  return {
    child,
    output: () => output,
    ended: async () => {
      const [code] = (await closed) as [number | null]
      if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`)
      const seconds = (performance.now() - begun) / 1000
      return { seconds, residentAtEnd: memory.end, residentPeak: memory.peak }
    },
  }
}

function look(pid: number | undefined, memory: { end: number; peak: number }): void {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    memory.end = bytesOf(status, 'VmRSS') || memory.end
    memory.peak = bytesOf(status, 'VmHWM') || memory.peak
  } catch {
    // It has ended since the last look.
  }
}

function bytesOf(status: string, field: string): number {
  return Number(status.match(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm'))?.[1] ?? 0) * 1024
}
