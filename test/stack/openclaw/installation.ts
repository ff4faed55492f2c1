import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { run } from '../servers/run.ts'

const VERSION = '2026.9.6'

/**
 * A real OpenClaw from npm, downloaded once (800 MB) into a cache outside the clone (CLAWTRUST_CACHE, else
 * ~/.cache/clawtrust), without install scripts: the gateway needs none of them, and they are a stranger's.
 *
 * @returns the folder that holds its `node_modules`
 */
export async function installOpenclaw(): Promise<string> {
  const folder = join(process.env.CLAWTRUST_CACHE ?? join(homedir(), '.cache/clawtrust'), 'openclaw', VERSION)
  if (existsSync(folder)) return folder
  const partial = `${folder}.${process.pid}`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true })
  await writeFile(join(partial, 'package.json'), '{"private":true}')
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  // The Node.js of this test first: the system's may be older than OpenClaw accepts.
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }
  run('nice', ['npm', 'install', ...quiet, `openclaw@${VERSION}`], { cwd: partial, env })
  try {
    await rename(partial, folder)
  } catch (error) {
    // Another test file may have installed it meanwhile.
    if (!existsSync(folder)) throw error
    await rm(partial, { recursive: true, force: true })
  }
  return folder
}
