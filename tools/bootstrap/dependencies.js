import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { npm } from './npm.js'

/** @typedef {'production' | 'all'} Scope */

/**
 * One entry of `packages` in a lockfile of npm; the keys are folders such as `node_modules/yaml`.
 *
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [dev] needed by development dependencies only
 * @property {boolean} [optional] may be absent: npm leaves out what is for another platform
 * @property {boolean} [devOptional] needed by development dependencies, or optional in production
 */

/** @typedef {Readonly<Record<string, LockedPackage>>} LockedPackages */

/**
 * The packages of the lockfile that are missing from node_modules. Pure: `installed` is npm's own record in
 * node_modules/.package-lock.json, so that packages that a developer installed by hand count too.
 *
 * @param {LockedPackages} wanted
 * @param {LockedPackages} installed
 * @param {Scope} scope
 * @returns {string[]} folders, such as `node_modules/yaml`
 */
export function missingPackages(wanted, installed, scope) {
  return Object.entries(wanted)
    .filter(([folder, entry]) => folder !== '' && isRequired(entry, scope))
    .filter(([folder, entry]) => !isSame(entry, installed[folder]))
    .map(([folder]) => folder)
}

/**
 * The npm command that installs what is missing, or undefined if nothing is. npm removes the packages that it is
 * asked to omit: a checkout with development dependencies gets all of them, so that a start of a service never removes a
 * developer's tools.
 *
 * `npm install --no-save` takes versions and hashes from the lockfile as `npm ci` does. `npm ci` also demands an entry
 * for every platform's optional package and fails if a registry does not offer them all. No package needs its install
 * script, and npm warns of each that it does not run.
 *
 * @param {LockedPackages} wanted
 * @param {LockedPackages} installed
 * @param {Scope} scope
 * @returns {string[] | undefined}
 */
export function installCommand(wanted, installed, scope) {
  if (missingPackages(wanted, installed, scope).length === 0) return undefined
  const hasDevelopment = Object.values(installed).some(entry => entry.dev === true)
  const command = ['install', '--no-save', '--ignore-scripts']
  return scope === 'production' && !hasDevelopment ? [...command, '--omit=dev'] : command
}

/**
 * Installs the missing packages, if any.
 *
 * @param {string} root the clone
 * @param {string} node which runs npm; the packages are the same under each version
 * @param {Scope} scope
 * @param {(line: string) => void} say
 */
export async function ensureDependencies(root, node, scope, say) {
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'))
  const command = installCommand(wanted, installed, scope)
  if (command === undefined) return
  const what = command.includes('--omit=dev') ? 'the production dependencies' : 'all dependencies'
  say(`installing ${what} (npm ${command.join(' ')})`)
  await npm(command, { cwd: root, node })
}

/**
 * @param {LockedPackage} entry
 * @param {Scope} scope
 */
function isRequired(entry, scope) {
  if (entry.optional) return false
  return scope === 'all' || !(entry.dev || entry.devOptional)
}

/**
 * @param {LockedPackage} wanted
 * @param {LockedPackage | undefined} found
 */
function isSame(wanted, found) {
  return found !== undefined && found.version === wanted.version && found.integrity === wanted.integrity
}

/**
 * @param {string} lockfile
 * @returns {LockedPackages}
 */
function packagesOf(lockfile) {
  return existsSync(lockfile) ? JSON.parse(readFileSync(lockfile, 'utf8')).packages : {}
}
