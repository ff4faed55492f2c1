import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Every file of the repository, added ones included, as paths below the root; `dist` and the like are not among them. */
export function repositoryFiles(): string[] {
  const git = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (git.status !== 0) throw new Error(`git ls-files failed: ${git.stderr}`)
  return git.stdout.trim().split('\n')
}

export const isSource = (path: string) => /\.(ts|js)$/.test(path)

export const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')
