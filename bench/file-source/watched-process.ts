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
  /** CPU time of all its threads, user and system, up to the last look. */
  readonly cpuSeconds: number
}

const WATCH_MS = 20
/** Ticks a second in /proc/PID/stat: fixed to 100 on Linux. */
const TICKS = 100

/** Starts a program and watches its memory in /proc. `ended` rejects unless it ends with 0. */
export function watchProcess(command: string, args: readonly string[]): WatchedProcess {
  const begun = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const seen = { end: 0, peak: 0, ticks: 0 }
  const watch = setInterval(() => look(child.pid, seen), WATCH_MS)
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
      return { seconds, residentAtEnd: seen.end, residentPeak: seen.peak, cpuSeconds: seen.ticks / TICKS }
    },
  }
}

function look(pid: number | undefined, seen: { end: number; peak: number; ticks: number }): void {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    seen.end = bytesOf(status, 'VmRSS') || seen.end
    seen.peak = bytesOf(status, 'VmHWM') || seen.peak
    seen.ticks = ticksOf(readFileSync(`/proc/${pid}/stat`, 'utf8')) || seen.ticks
  } catch {
    // It has ended since the last look.
  }
}

function bytesOf(status: string, field: string): number {
  return Number(status.match(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm'))?.[1] ?? 0) * 1024
}

/** User and system time, the 14th and 15th value; the second one, the name, may hold anything, so count from behind it. */
function ticksOf(stat: string): number {
  const values = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(values[11]) + Number(values[12])
}
