import { type ChildProcess, spawn } from 'node:child_process'
import { failureReason } from '../../../../core/errors.ts'

/** The code of a program that could not be started, or was ended because it took too long. */
export const NO_ANSWER = -1

export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the firewall's program with further arguments and this standard input; never rejects. */
export type RunCommand = (args: readonly string[], input: string) => Promise<CommandResult>

const LIMIT_MS = 30_000

/**
 * @param command the program and its first arguments; no shell is between
 * @param limit milliseconds after which the program and all that it started are ended
 */
export function commandRunner([program = '', ...first]: readonly string[], limit = LIMIT_MS): RunCommand {
  return (args, input) =>
    new Promise<CommandResult>(resolve => {
      // In a process group of its own: what a wrapper started would keep the pipes open.
      // Without its pipes where no more files can be opened; the error comes afterwards.
      const child: ChildProcess = spawn(program, [...first, ...args], { stdio: 'pipe', detached: true })
      let stdout = ''
      let stderr = ''
      const timer = setTimeout(() => {
        endGroup(child)
        for (const pipe of child.stdio ?? []) pipe?.destroy()
        resolve({ code: NO_ANSWER, stdout: '', stderr: '' })
      }, limit)
      child.stdout?.setEncoding('utf8').on('data', text => {
        stdout += text
      })
      child.stderr?.setEncoding('utf8').on('data', text => {
        stderr += text
      })
      child.on('error', error => {
        clearTimeout(timer)
        resolve(notStarted(program, error))
      })
      child.on('close', code => {
        clearTimeout(timer)
        resolve({ code: code ?? NO_ANSWER, stdout, stderr })
      })
      // A program that ended early has written the reason to its standard error.
      child.stdin?.on('error', () => {})
      child.stdin?.end(input)
    }).catch(error => notStarted(program, error))
}

function notStarted(program: string, error: unknown): CommandResult {
  const reason = failureReason(error)
  const advice = reason === 'ENOENT' ? '; install nftables, or set remediation.firewall.command' : ''
  return { code: NO_ANSWER, stdout: '', stderr: `${program} cannot be started (${reason})${advice}` }
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended already, or belongs to another user.
  }
}
