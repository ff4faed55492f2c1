import { spawnSync } from 'node:child_process'
import { delimiter, dirname } from 'node:path'
import { Stop } from './stop.js'

/** Versions and hashes come from lockfiles: packages in npm's cache are not requested from a registry again. */
const SETTINGS = {
  npm_config_loglevel: 'warn',
  npm_config_prefer_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
}

/**
 * Runs npm under the given Node.js and shows its output.
 *
 * @param {readonly string[]} args
 * @param {{ cwd: string, node: string }} where
 */
export function npm(args, { cwd, node }) {
  const PATH = [dirname(node), process.env.PATH].join(delimiter)
  const result = spawnSync('npm', args, {
    cwd,
    env: { ...process.env, ...SETTINGS, PATH },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (result.error) throw new Stop(`npm could not be run (${result.error.message}): install npm 10 or newer.`)
  if (result.status !== 0) {
    throw new Stop(`"npm ${args.join(' ')}" failed in ${cwd}: fix what npm reports above and run the command again.`)
  }
}
