import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { npm } from './npm.js'
import { Stop } from './stop.js'

/** The oldest major version of Node.js that runs clawtrust: TypeScript without a build step, node:sqlite. */
export const REQUIRED_MAJOR = 24

/**
 * @typedef {object} Host
 * @property {string} version as process.version: `v20.20.2`
 * @property {string} execPath
 * @property {string} platform
 * @property {string} arch
 */

/**
 * The Node.js that runs clawtrust: the system's own if it is new enough, otherwise the version that tools/runtime pins.
 * Pure: `pinned` is the table of tools/runtime/package.json, package name to exact version.
 *
 * @param {Host} host
 * @param {Readonly<Record<string, string>>} pinned
 * @returns {{ kind: 'system', node: string } | { kind: 'pinned', package: string, version: string }}
 */
export function chooseRuntime(host, pinned) {
  if (Number.parseInt(host.version.slice(1), 10) >= REQUIRED_MAJOR) return { kind: 'system', node: host.execPath }
  const name = `node-${host.platform}-${host.arch}`
  const version = pinned[name]
  if (version === undefined) {
    throw new Stop(
      `clawtrust needs Node.js ${REQUIRED_MAJOR} or newer, this is ${host.version}, and tools/runtime pins none for ` +
        `${host.platform}-${host.arch}: install Node.js ${REQUIRED_MAJOR} and run the command again.`,
    )
  }
  return { kind: 'pinned', package: name, version }
}

/**
 * The absolute path of a Node.js that is new enough; installs the pinned version if it is needed and missing.
 *
 * @param {string} root the clone
 * @param {Host} host
 * @param {(line: string) => void} say
 * @returns {Promise<string>}
 * @throws {Stop} at once, before anything is installed, where this platform has none
 */
export function ensureRuntime(root, host, say) {
  const home = join(root, 'tools', 'runtime')
  const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  const choice = chooseRuntime(host, manifest.optionalDependencies)
  return choice.kind === 'system' ? Promise.resolve(choice.node) : ensurePinned(home, choice, host, say)
}

/**
 * @param {string} home tools/runtime
 * @param {{ package: string, version: string }} pinned
 * @param {Host} host
 * @param {(line: string) => void} say
 */
async function ensurePinned(home, pinned, host, say) {
  const node = join(home, 'node_modules', pinned.package, 'bin', 'node')
  if (versionOf(node) !== `v${pinned.version}`) {
    say(`this Node.js is ${host.version}; installing Node.js ${pinned.version} into tools/runtime`)
    await npm(['ci', '--ignore-scripts'], { cwd: home, node: host.execPath })
  }
  const found = versionOf(node)
  if (found !== `v${pinned.version}`) {
    throw new Stop(
      `${node} should be Node.js v${pinned.version} but ${found ? `is ${found}` : 'does not run on this system'}: ` +
        `install Node.js ${REQUIRED_MAJOR} and run the command again.`,
    )
  }
  return node
}

/**
 * @param {string} node
 * @returns {string | undefined} undefined if there is no such program or it does not run on this host
 */
function versionOf(node) {
  if (!existsSync(node)) return undefined
  const result = spawnSync(node, ['--version'], { encoding: 'utf8' })
  return result.status === 0 ? result.stdout.trim() : undefined
}
