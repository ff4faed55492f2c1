import { setTimeout as sleep } from 'node:timers/promises'
import { type CommandStep, missingLine, stepsOf } from '../../docs/page-blocks.ts'
import { eventually } from '../servers/eventually.ts'
import type { Machine, Terminal } from './machine.ts'

/** How long a program in a terminal may take to print what the page says: on a busy machine a second takes ten. */
const TERMINAL_MS = 200_000
/** A page says how long a command is repeated on a machine that is not busy. */
const PATIENCE = 4
const PAUSE_MS = 1_000

/** What a test changes in the commands of a page; the page says so. */
export type Change = (commands: string) => string

/**
 * Does what the page says, in its order: writes its files, runs its commands and compares what they print.
 *
 * @throws where commands fail, do not print what the page says, or end although the page keeps them running
 */
export async function follow(page: string, machine: Machine, change: Change = text => text): Promise<void> {
  const terminals = new Map<string, Terminal>()
  for (const step of stepsOf(page)) {
    if (step.kind === 'file') {
      machine.write(step.path, step.text)
      continue
    }
    const command = { ...step, text: change(step.text) }
    if (command.terminal === undefined) await runToEnd(command, machine)
    else await open(command, command.terminal, machine, terminals)
  }
  for (const [terminal, opened] of terminals) stillRuns(terminal, opened)
}

async function runToEnd({ name, text, expected, repeatedFor }: CommandStep, machine: Machine): Promise<void> {
  const end = performance.now() + PATIENCE * repeatedFor * 1000
  for (;;) {
    const { code, output } = await machine.run(text)
    const missing = missingLine(expected, output)
    if (code === 0 && missing === undefined) return
    if (performance.now() > end)
      throw new Error(failure(name, code === 0 ? missing : `exit code 0, not ${code}`, output))
    await sleep(PAUSE_MS)
  }
}

async function open(
  { name, text, expected }: CommandStep,
  terminal: string,
  machine: Machine,
  terminals: Map<string, Terminal>,
): Promise<void> {
  const before = terminals.get(terminal)
  if (before !== undefined) {
    stillRuns(terminal, before)
    await before.interrupt()
  }
  const opened = machine.open(text)
  terminals.set(terminal, opened)
  const missing = () => missingLine(expected, opened.process.output())
  const printed = async () => missing() === undefined || undefined
  await eventually('it prints what the page says', printed, { limitMs: TERMINAL_MS, by: opened.process }).catch(() => {
    throw new Error(failure(name, missing(), opened.process.output()))
  })
}

function stillRuns(terminal: string, { process }: Terminal): void {
  if (process.hasEnded()) throw new Error(`the program in the terminal ${terminal} has ended:\n${process.output()}`)
}

const failure = (name: string, missing: string | undefined, output: string) =>
  `the commands ${name} should give: ${missing}\nThey gave:\n${output}`
