/**
 * `main.ts [CHECK [ARGUMENT...]]`: runs every check, or the one named with further arguments for its command, and ends
 * with the line `N passed, N failed`.
 */
import { stages } from './checks.ts'
import { report } from './report.ts'
import type { Outcome } from './run-check.ts'
import { runStage } from './run-stage.ts'
import { ensureSystemCommands } from './system-commands.ts'

/** Checks that run programs of the system. */
const withPrograms = ['panel', 'stack']

const say = (line: string) => console.error(`\nclawtrust: ${line}`)

const show = (output: string) => process.stderr.write(output)

const [name, ...extra] = process.argv.slice(2)
const selected = stages.map(stage => stage.filter(check => name === undefined || check.name === name))
if (selected.flat().length === 0) {
  const names = stages.flat().map(check => check.name)
  say(`there is no check "${name}": the checks are ${names.join(', ')}.`)
  process.exit(2)
}

if (selected.flat().some(check => withPrograms.includes(check.name))) ensureSystemCommands(say)

const began = performance.now()
const outcomes: Outcome[] = []
for (const stage of selected) outcomes.push(...(await runStage(stage, extra, say, show)))

say(`all checks took ${((performance.now() - began) / 1000).toFixed(0)} s`)
process.stdout.write(report(outcomes))
process.exitCode = outcomes.some(outcome => outcome.tally.failed > 0) ? 1 : 0
