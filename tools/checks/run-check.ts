import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Check, JestCheck } from './checks.ts'
import { type JestResults, tallyOfJest } from './jest-results.ts'
import { type CommandEnd, runCommand } from './run-command.ts'
import { type Tally, tallyOfExit } from './tally.ts'

export interface Outcome {
  readonly check: Check
  readonly tally: Tally
  readonly seconds: number
  readonly overran: boolean
}

const MINUTE_MS = 60_000

/** Runs one check; `extra` are further arguments for its command, such as the path of one test. */
export async function runCheck(check: Check, extra: readonly string[] = []): Promise<Outcome> {
  if (check.kind === 'jest') return runJest(check, extra)
  const end = await runCommand([...check.args, ...extra], check.limitMinutes * MINUTE_MS)
  return outcome(check, end, tallyOfExit(end.ok))
}

async function runJest(check: JestCheck, extra: readonly string[]): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'clawtrust-jest-'))
  const file = join(folder, 'results.json')
  try {
    const args = [...check.args, '--json', `--outputFile=${file}`, ...extra]
    const end = await runCommand(args, 2 * check.limitMinutes * MINUTE_MS)
    return outcome(check, end, readTally(file, end))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A run that ended without results, or failed while all its tests passed, is one failure more. */
function readTally(file: string, end: CommandEnd): Tally {
  let results: JestResults
  try {
    results = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return tallyOfExit(false)
  }
  const tally = tallyOfJest(results)
  return !end.ok && tally.failed === 0 ? { ...tally, failed: 1 } : tally
}

const outcome = (check: Check, end: CommandEnd, tally: Tally): Outcome => ({
  check,
  tally,
  seconds: end.seconds,
  overran: end.overran,
})
