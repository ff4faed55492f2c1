import { type ChildProcess, spawn } from 'node:child_process'
import { failureReason } from '../../../core/errors.ts'
import { foreignWords } from '../../../service/http-client/foreign-words.ts'

export interface CommandOptions {
  /** The program and its arguments; no shell is between. */
  readonly command: readonly string[]
  /** Milliseconds after which the program and all that it started are ended. */
  readonly timeout: number
  /** Bytes of standard output after which it is ended. */
  readonly maxOutput: number
  /** Its whole environment. */
  readonly environment: Readonly<Record<string, string>>
}

/** What a command wrote, or why that is not known: to follow `The command`. */
export type CommandOutcome =
  | { readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly failure: string }

/** Bytes of standard error that are kept; its first line is shown. */
const MAX_STDERR = 4096
const MAX_WORDS = 200

/** The first line of what a program wrote, on one line and cut. */
export const firstWords = (text: string): string => foreignWords(text.trim().split('\n', 1)[0] ?? '', MAX_WORDS)

/** Runs the command once; never rejects. It is ended when the signal aborts. */
export function runCommand(options: CommandOptions, signal: AbortSignal): Promise<CommandOutcome> {
  const { command, timeout, maxOutput, environment } = options
  const [program = '', ...args] = command
  return new Promise<CommandOutcome>(resolve => {
    // In a process group of its own: what it started would otherwise outlive it.
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env: environment })
    const output: Buffer[] = []
    let bytes = 0
    let stderr = ''
    const end = (outcome: CommandOutcome) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      resolve(outcome)
    }
    const kill = (failure: string) => {
      endGroup(child)
      for (const pipe of [child.stdout, child.stderr]) pipe?.destroy()
      end({ failure })
    }
    const onAbort = () => kill('was stopped')
    const timer = setTimeout(() => kill(`did not end within ${timeout / 1000} s; raise timeout`), timeout)
    signal.addEventListener('abort', onAbort)
    child.stdout?.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxOutput) kill(`wrote more than ${maxOutput} bytes; raise max_output`)
      else output.push(chunk)
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < MAX_STDERR) stderr += text
    })
    child.on('error', error => end({ failure: notStarted(error) }))
    child.on('close', code => end({ code: code ?? -1, stdout: Buffer.concat(output).toString('utf8'), stderr }))
  }).catch(error => ({ failure: notStarted(error) }))
}

function notStarted(error: unknown): string {
  const reason = failureReason(error)
  const advice = reason === 'ENOENT' ? '; write the path of the program in full' : ''
  return `cannot be started (${reason})${advice}`
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}
