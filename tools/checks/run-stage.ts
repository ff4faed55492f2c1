import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Check } from './checks.ts'
import { type Outcome, runCheck } from './run-check.ts'

/**
 * Runs the checks of a stage concurrently. The output of the last one, which should take longest, is shown as it
 * arrives; that of the others is buffered and shown when they end, so that lines of two checks do not mix.
 *
 * @param say announces a check, before its output
 * @param show receives the buffered output
 */
export async function runStage(
  stage: readonly Check[],
  say: (line: string) => void,
  show: (output: string) => void,
): Promise<Outcome[]> {
  const kept = stage.slice(0, -1).map(async check => {
    const { outcome, output } = await runKept(check)
    say(check.name)
    show(output)
    return outcome
  })
  const shown = stage.slice(-1).map(check => {
    const beside = stage.slice(0, -1).map(({ name }) => name)
    say(
      beside.length > 0 ? `${check.name}; meanwhile ${beside.join(', ')}, whose output follows at its end` : check.name,
    )
    return runCheck(check)
  })
  return Promise.all([...kept, ...shown])
}

async function runKept(check: Check) {
  const folder = mkdtempSync(join(tmpdir(), 'clawtrust-output-'))
  const file = join(folder, 'output')
  const output = openSync(file, 'w')
  try {
    const outcome = await runCheck(check, { output })
    return { outcome, output: readFileSync(file, 'utf8') }
  } finally {
    closeSync(output)
    rmSync(folder, { recursive: true })
  }
}
