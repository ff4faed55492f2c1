import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname } from 'node:path'

/** Prints the cases as a table, and writes them with what they ran on. */
export function report(path: string, results: readonly object[]): void {
  console.table(results)
  const [cpu] = cpus()
  mkdirSync(dirname(path), { recursive: true })
  const saved = { node: process.version, cpu: cpu?.model, cores: cpus().length, results }
  writeFileSync(path, `${JSON.stringify(saved, undefined, 2)}\n`)
  console.log(`written: ${path}`)
}
