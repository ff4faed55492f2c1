import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * Loaded into the exporter under measure by `--import`: tells its parent how long the event loop was held and what the
 * process holds in memory. It knows nothing of the exporter, so that any version of it can be measured.
 */

/** What is measured between `begin` and `end`. */
export interface Watched {
  /** Longest time that the event loop was held, milliseconds; on a busy machine also by other processes. */
  readonly longestHoldMs: number
  /** Most CPU time that the main thread took between two looks at it, a millisecond apart where nothing holds the loop. */
  readonly longestHoldCpuMs: number
  /** CPU time of the main thread. */
  readonly cpuMs: number
  readonly seconds: number
  /** Without what the kernel takes back when another process needs it. */
  readonly residentMb: number
  /** The same after a collection that gives back what V8 keeps for later: most free pages, which no figure of a heap has. */
  readonly residentAfterMb: number
  /** Live objects of V8 after a collection, and memory beside them. */
  readonly heapMb: number
  readonly externalMb: number
}

const LOOK_MS = 1
const delay = monitorEventLoopDelay({ resolution: LOOK_MS })
const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20)

/** V8 gives pages back by MADV_FREE: they count as resident until they are needed elsewhere. */
function heldResidentMb(): number {
  const rollup = readFileSync('/proc/self/smaps_rollup', 'utf8')
  const kB = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1])
  return megabytes((kB('Rss') - kB('LazyFree')) * 1024)
}

const cpuMs = () => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
const began = { cpu: 0, time: 0 }
let looked = 0
let longestCpu = 0
let looking: NodeJS.Timeout | undefined

function look(): void {
  const now = cpuMs()
  longestCpu = Math.max(longestCpu, now - looked)
  looked = now
  looking = setTimeout(look, LOOK_MS).unref()
}

function begin(): void {
  began.cpu = cpuMs()
  began.time = performance.now()
  looked = began.cpu
  longestCpu = 0
  delay.reset()
  delay.enable()
  look()
}

function end(): Watched {
  look()
  clearTimeout(looking)
  delay.disable()
  const times = { cpuMs: looked - began.cpu, seconds: (performance.now() - began.time) / 1000 }
  const residentMb = heldResidentMb()
  global.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  const residentAfterMb = heldResidentMb()
  const { heapUsed, external } = process.memoryUsage()
  return {
    longestHoldMs: delay.max / 1e6 - LOOK_MS,
    longestHoldCpuMs: longestCpu,
    ...times,
    residentMb,
    residentAfterMb,
    heapMb: megabytes(heapUsed),
    externalMb: megabytes(external),
  }
}

process.on('message', (message: 'begin' | 'end') => {
  if (message === 'begin') begin()
  else process.send?.(end())
})
// Only the exporter's own work keeps it alive.
process.channel?.unref()
