import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Check, Queue } from './checks.ts'
import { type Outcome, runCheck } from './run-check.ts'

/**
 * Runs the queues of a stage concurrently. The output of the last queue, which should take longest, is shown as it arrives;
 * that of a check of another queue is buffered and shown when it ends, so that lines of two checks do not mix. The checks of
 * the other queues yield the processors to the last one.
 *
 * @param say announces a check, before its output
 * @param show receives the buffered output
 */
export async function runStage(
  queues: readonly Queue[],
  say: (line: string) => void,
  show: (output: string) => void,
): Promise<Outcome[]> {
  const beside = queues.slice(0, -1)
  const names = beside.flat().map(({ name }) => name)
  const meanwhile = names.length > 0 ? `; meanwhile ${names.join(', ')}, whose output follows at its end` : ''
  const runBuffered = async (check: Check) => {
    const { outcome, output } = await runKept(check)
    say(check.name)
    show(output)
    return outcome
  }
  const runShown = (check: Check) => {
    say(`${check.name}${meanwhile}`)
    return runCheck(check)
  }
  const running = [
    ...beside.map(queue => inTurn(queue, runBuffered)),
    ...queues.slice(-1).map(queue => inTurn(queue, runShown)),
  ]
  return (await Promise.all(running)).flat()
}

async function inTurn(queue: Queue, run: (check: Check) => Promise<Outcome>): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const check of queue) outcomes.push(await run(check))
  return outcomes
}

async function runKept(check: Check) {
  const folder = mkdtempSync(join(tmpdir(), 'clawtrust-output-'))
  const file = join(folder, 'output')
  const output = openSync(file, 'w')
  try {
    const outcome = await runCheck(check, { output, yields: true })
    return { outcome, output: readFileSync(file, 'utf8') }
  } finally {
    closeSync(output)
    rmSync(folder, { recursive: true })
  }
}
