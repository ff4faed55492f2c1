import { type ChildProcess, spawn } from 'node:child_process'

/** Processes that each take whatever time a core gives them, until they are killed. */
export function startBusyLoops(number: number): readonly ChildProcess[] {
  return Array.from({ length: number }, () => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }))
}
