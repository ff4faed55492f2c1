import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Check, CountedCheck } from './checks.ts'
import { type Counter, counters } from './counters.ts'
import { makeMemoryFolder } from './memory-folder.ts'
import { type CommandEnd, runCommand } from './run-command.ts'
import { type Tally, tallyOfExit } from './tally.ts'

export interface Outcome {
  readonly check: Pick<Check, 'name' | 'limitMinutes'>
  readonly tally: Tally
  readonly seconds: number
  readonly overran: boolean
}

const MINUTE_MS = 60_000

export interface CheckSetting {
  /** Further arguments for the command, such as the path of one test. */
  readonly extra?: readonly string[]
  /** A file descriptor for the output. Default: the output is shown. */
  readonly output?: number | undefined
  /** Whether it yields to other processes, as a check beside one whose tests have limits of time. Default: false. */
  readonly yields?: boolean
}

/** Runs one check. */
export async function runCheck(check: Check, setting: CheckSetting = {}): Promise<Outcome> {
  if (check.kind !== 'command') return runCounted(check, setting)
  const { extra = [], ...how } = setting
  const end = await runCommand([...check.args, ...extra], {
    ...how,
    limitMs: check.limitMinutes * MINUTE_MS,
    cwd: check.cwd,
  })
  return outcome(check, end, tallyOfExit(end.ok))
}

/** The tests' folders for temporary files and databases are removed at the end. */
async function runCounted(check: CountedCheck, { extra = [], ...how }: CheckSetting): Promise<Outcome> {
  const counter = counters[check.kind]
  const folder = mkdtempSync(join(tmpdir(), 'clawtrust-check-'))
  // Servers that run as another user need access to their own folders in it.
  chmodSync(folder, 0o755)
  const file = join(folder, 'results.json')
  const memory = makeMemoryFolder()
  const remove = () => {
    for (const made of [folder, memory]) if (made !== undefined) rmSync(made, { recursive: true, force: true })
  }
  // Also where the run is interrupted: what is left in memory would stay there.
  process.once('exit', remove)
  try {
    const end = await runCommand([...check.args, ...counter.args(file), ...extra], {
      ...how,
      limitMs: 2 * check.limitMinutes * MINUTE_MS,
      cwd: check.cwd,
      // Tests start the same programs hundreds of times: Node.js keeps the compiled code.
      environment: {
        ...counter.environment?.(file),
        TMPDIR: folder,
        CLAWTRUST_DATABASE_FOLDER: memory ?? folder,
        NODE_COMPILE_CACHE: join(folder, 'compiled'),
      },
    })
    return outcome(check, end, readTally(file, end, counter))
  } finally {
    process.off('exit', remove)
    remove()
  }
}

/** A run that ended without results, or failed although all its tests passed, counts as one more failure. */
function readTally(file: string, end: CommandEnd, counter: Counter): Tally {
  let results: unknown
  try {
    results = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return tallyOfExit(false)
  }
  const tally = counter.tallyOf(results)
  return !end.ok && tally.failed === 0 ? { ...tally, failed: 1 } : tally
}

const outcome = (check: Check, end: CommandEnd, tally: Tally): Outcome => ({
  check,
  tally,
  seconds: end.seconds,
  overran: end.overran,
})
