import { spawnSync } from 'node:child_process'
import { delimiter, dirname } from 'node:path'
import { Stop } from './stop.js'

/**
 * Runs npm with its output shown, under the given Node.js, so that install scripts run on the Node.js that will use
 * what they make.
 *
 * @param {readonly string[]} args
 * @param {{ cwd: string, node: string }} where
 */
export function npm(args, { cwd, node }) {
  const PATH = [dirname(node), process.env.PATH].join(delimiter)
  const result = spawnSync('npm', args, {
    cwd,
    env: { ...process.env, PATH, npm_config_loglevel: 'warn' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (result.error) throw new Stop(`npm could not be run (${result.error.message}): install npm 10 or newer.`)
  if (result.status !== 0) {
    throw new Stop(`"npm ${args.join(' ')}" failed in ${cwd}: fix what npm reports above and run the command again.`)
  }
}
