/**
 * `main.ts`: builds dist/, the JavaScript that the package ships, because Node.js does not run TypeScript below
 * node_modules.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { copyAssets } from './assets.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const dist = `${root}dist`

rmSync(dist, { recursive: true, force: true })
const compiled = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
if (compiled.status !== 0) process.exit(1)

const rooms: string[] = JSON.parse(readFileSync(`${root}tsconfig.build.json`, 'utf8')).include
const copied = rooms.flatMap(room => copyAssets(root, room, dist))
console.log(`dist/ is built; ${copied.length} assets copied`)
