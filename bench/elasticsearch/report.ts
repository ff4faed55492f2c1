import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What a side of the comparison prints when it has read everything. */
export interface Side {
  readonly documents: number
  readonly seconds: number
  readonly documentsPerSecond: number
  /** Of this process while it read, user and system. */
  readonly cpuSeconds: number
  readonly rssMb: number
}

/** Begins to measure; the answer prints what was measured. */
export function beginSide(): (documents: number) => void {
  const began = performance.now()
  const cpu = process.cpuUsage()
  return documents => report(documents, (performance.now() - began) / 1000, process.cpuUsage(cpu))
}

function report(documents: number, seconds: number, { user, system }: NodeJS.CpuUsage): void {
  const side: Side = {
    documents,
    seconds: round(seconds),
    documentsPerSecond: Math.round(documents / seconds),
    cpuSeconds: round((user + system) / 1e6),
    rssMb: Math.round(process.memoryUsage.rss() / 1024 / 1024),
  }
  process.stdout.write(`${JSON.stringify(side)}\n`)
}

/** Keeps what was measured in bench/results. */
export function writeResults(name: string, results: Readonly<Record<string, unknown>>): void {
  const folder = fileURLToPath(new URL('../results/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}${name}.json`, `${JSON.stringify(results, null, 2)}\n`)
}

export function round(value: number): number {
  return Math.round(value * 100) / 100
}
