import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { delimiter, dirname } from 'node:path'
import { Stop } from './stop.js'

/** Versions and hashes come from lockfiles: packages in npm's cache are not requested from a registry again. */
const SETTINGS = {
  // Its warnings are about versions, which are pinned, and about the Node.js that it runs on, which is chosen elsewhere.
  npm_config_loglevel: 'error',
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
export async function npm(args, { cwd, node }) {
  const PATH = [dirname(node), process.env.PATH].join(delimiter)
  const child = spawn('npm', args, {
    cwd,
    env: { ...process.env, ...SETTINGS, PATH },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [code] = await once(child, 'close').catch(error => {
    throw new Stop(`npm could not be run (${error.message}): install npm 10 or newer.`)
  })
  if (code !== 0) {
    throw new Stop(`"npm ${args.join(' ')}" failed in ${cwd}: fix what npm reports above and run the command again.`)
  }
}
