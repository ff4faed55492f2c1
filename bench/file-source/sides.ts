import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface Run {
  readonly seconds: number
  /** Resident memory of the process, bytes: the last value seen and the highest. */
  readonly residentAtEnd: number
  readonly residentPeak: number
  readonly output: string
}

/** Counts of failed authentications by reason, `rate_limited` standing for lockouts. */
export type Counts = Readonly<Record<string, number>>

function kibibytes(status: string, field: string): number {
  return Number(status.match(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm'))?.[1] ?? 0) * 1024
}

/** Runs a program to its end, start included, and watches its memory in /proc. */
export async function runOnce(command: string, args: readonly string[]): Promise<Run> {
  const begun = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const memory = { end: 0, peak: 0 }
  const watch = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      memory.end = kibibytes(status, 'VmRSS') || memory.end
      memory.peak = kibibytes(status, 'VmHWM') || memory.peak
    } catch {
      // It has ended since the last look.
    }
  }, 20)
  const chunks: Buffer[] = []
  child.stdout.on('data', chunk => chunks.push(chunk))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('close', resolve)
    child.on('error', reject)
  })
  clearInterval(watch)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`)
  return {
    seconds: (performance.now() - begun) / 1000,
    residentAtEnd: memory.end,
    residentPeak: memory.peak,
    output: Buffer.concat(chunks).toString(),
  }
}

/** Sums the samples of one metric by its label `reason`, or under one name. */
function sumSamples(exposition: string, metric: string, name?: string): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const [, labels = '', value] of exposition.matchAll(new RegExp(`^${metric}\\{(.*)\\} (\\S+)$`, 'gm'))) {
    const key = name ?? labels.match(/reason="([^"]*)"/)?.[1] ?? ''
    sums[key] = (sums[key] ?? 0) + Number(value)
  }
  return sums
}

export function ourCounts({ output }: Run): Counts {
  const shared = sumSamples(output, 'clawtrust_auth_failures_total')
  const lockouts = sumSamples(
    output.replaceAll(/^clawtrust_auth_lockouts_total\{.*mechanism="webhook".*$/gm, ''),
    'clawtrust_auth_lockouts_total',
    'rate_limited',
  )
  return { ...shared, ...lockouts }
}

export function mtailCounts({ output }: Run): Counts {
  return { ...sumSamples(output, 'auth_failures'), ...sumSamples(output, 'auth_lockouts', 'rate_limited') }
}
