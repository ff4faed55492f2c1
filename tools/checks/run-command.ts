import { spawn } from 'node:child_process'

export interface CommandEnd {
  readonly ok: boolean
  readonly seconds: number
  /** True where the command was ended because it ran over its limit. */
  readonly overran: boolean
}

export interface CommandSetting {
  readonly limitMs: number
  readonly cwd?: string | undefined
  /** Variables beside those of this process. */
  readonly environment?: Readonly<Record<string, string>> | undefined
  /** A file descriptor that takes standard output and standard error; absent: they are shown. */
  readonly output?: number | undefined
}

/**
 * Runs Node.js with the arguments and no standard input. The command has a process group of its own, so that ending it
 * ends the servers it started too; it is ended with this process.
 */
export function runCommand(
  args: readonly string[],
  { limitMs, cwd, environment, output }: CommandSetting,
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

  const killGroup = (signal: NodeJS.Signals) => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, signal)
  }
  const timer = setTimeout(() => {
    overran = true
    killGroup('SIGKILL')
  }, limitMs)
  // Several commands may run: each one's group is ended, whichever of them hears of the signal first.
  const interrupt = () => process.exit(130)
  const endWithThis = () => killGroup('SIGTERM')
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt).once('exit', endWithThis)

  const end = (ok: boolean) => {
    clearTimeout(timer)
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt).off('exit', endWithThis)
    resolve({ ok, overran, seconds: (performance.now() - started) / 1000 })
  }
  child.on('error', () => end(false))
  child.on('exit', code => end(code === 0))
  return promise
}
