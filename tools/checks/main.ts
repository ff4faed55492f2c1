/**
 * `main.ts [CHECK [ARGUMENT...]]`: runs every check, or the named one with further arguments for its command, and ends
 * with the line `N passed, N failed`.
 */
import { checks, stages } from './checks.ts'
import { report } from './report.ts'
import { type Outcome, runCheck } from './run-check.ts'
import { runStage } from './run-stage.ts'
import { ensureSystemCommands } from './system-commands.ts'

/** Checks that run programs of the system. */
const withPrograms = ['panel', 'stack']

const say = (line: string) => console.error(`\nclawtrust: ${line}`)

const [name, ...extra] = process.argv.slice(2)
const selected = checks.filter(check => name === undefined || check.name === name)
if (selected.length === 0) {
  say(`there is no check "${name}": the checks are ${checks.map(check => check.name).join(', ')}.`)
  process.exit(2)
}

if (selected.some(check => withPrograms.includes(check.name))) ensureSystemCommands(say)

const began = performance.now()
const outcomes: Outcome[] = []
if (name === undefined) {
  const show = (output: string) => process.stderr.write(output)
  for (const stage of stages) outcomes.push(...(await runStage(stage, say, show)))
} else {
  for (const check of selected) {
    say(check.name)
    outcomes.push(await runCheck(check, { extra }))
  }
}

if (selected.length > 1) say(`the checks took ${((performance.now() - began) / 1000).toFixed(0)} s`)
process.stdout.write(report(outcomes))
process.exitCode = outcomes.some(outcome => outcome.tally.failed > 0) ? 1 : 0
