import { type SpawnSyncOptions, spawnSync } from 'node:child_process'

/** Runs a program to its end and gives its standard output; throws with all it said where it fails. */
export function run(command: string, args: readonly string[], options: SpawnSyncOptions): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { ...options, encoding: 'utf8' })
  if (error) throw error
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`)
  return stdout
}
