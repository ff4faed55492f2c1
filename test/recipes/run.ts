import { spawn } from 'node:child_process'

export interface Ended {
  readonly status: number | null
  /** What it wrote, errors included. */
  readonly output: string
}

/** Runs a program to its end. */
export function run(cwd: string, command: string, args: readonly string[]): Promise<Ended> {
  // A copy is a repository of its own, whatever a hook of git has set for the one that it was copied from.
  const { GIT_DIR, GIT_INDEX_FILE, GIT_WORK_TREE, ...env } = process.env
  const child = spawn(command, args, { cwd, env: { ...env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => (output += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', status => resolve({ status, output }))
  })
}
