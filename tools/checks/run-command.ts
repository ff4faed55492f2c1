import { spawn } from 'node:child_process'
import { yieldToOthers } from './priority.ts'

export interface CommandEnd {
  readonly ok: boolean
  readonly seconds: number
  /** True if the command was ended because it exceeded its limit. */
  readonly overran: boolean
}

export interface CommandSetting {
  readonly limitMs: number
  readonly cwd?: string | undefined
  /** Environment variables in addition to those of this process. */
  readonly environment?: Readonly<Record<string, string>> | undefined
  /** A file descriptor for standard output and standard error. Default: both are shown. */
  readonly output?: number | undefined
  /** Whether it yields to other processes. Default: false. */
  readonly yields?: boolean
}

/** A command that exceeded its limit ends what runs in groups of its own, such as another command, within this time. */
const GRACE_MS = 5_000

/**
 * Runs Node.js with the arguments and no standard input. The command has its own process group, so that ending it also
 * ends the servers that it started; it ends with this process.
 */
export function runCommand(
  args: readonly string[],
  { limitMs, cwd, environment, output, yields = false }: CommandSetting,
): Promise<CommandEnd> {
  const { promise, resolve } = Promise.withResolvers<CommandEnd>()
  const started = performance.now()
  let overran = false
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', output ?? 'inherit', output ?? 'inherit'],
    detached: true,
  })
  if (yields && child.pid !== undefined) yieldToOthers(child.pid)

  const killGroup = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal)
    } catch {
      // Nothing of the group is left.
    }
  }
  let timer = setTimeout(() => {
    overran = true
    killGroup('SIGTERM')
    timer = setTimeout(() => killGroup('SIGKILL'), GRACE_MS)
  }, limitMs)
  // Several commands may run: each one's group is ended, whichever receives the signal first.
  const interrupt = () => process.exit(130)
  const endWithThis = () => killGroup('SIGTERM')
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt).once('exit', endWithThis)

  const end = (ok: boolean) => {
    clearTimeout(timer)
    if (overran) killGroup('SIGKILL')
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt).off('exit', endWithThis)
    resolve({ ok: ok && !overran, overran, seconds: (performance.now() - started) / 1000 })
  }
  child.on('error', () => end(false))
  child.on('exit', code => end(code === 0))
  return promise
}
