import { writeFileSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'

/** Niceness above that of this process: a third of its weight. */
const STEP = 5

/** Has a process, and what it starts from now on, yield to this one's other processes where they want the same processor. */
export function yieldToOthers(pid: number): void {
  const niceness = Math.min(getPriority() + STEP, constants.priority.PRIORITY_LOW)
  try {
    setPriority(pid, niceness)
    // With autogroups, Linux shares the processors out by session first, and niceness counts only within one.
    writeFileSync(`/proc/${pid}/autogroup`, String(niceness))
  } catch {
    // It has ended, or the system has no such file.
  }
}
