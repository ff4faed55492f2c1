import { homedir, userInfo } from 'node:os'
import { systemClock } from '../core/clock.ts'
import { discoverNetworks } from '../remediation/enrichment/discovery.ts'
import { loadWebConfig } from '../service/http/web-config-file.ts'
import { endOnBrokenPipe } from './broken-pipe.ts'
import { containerPlaces } from './containers.ts'
import type { LoadedConfig } from './load-config.ts'
import { nameableNetworks } from './nameable-networks.ts'
import { failureSentence, runProgram } from './program.ts'
import { readRunbook } from './runbooks.ts'
import { openclawLogFolders } from './sources.ts'
import { packageVersion } from './version.ts'

// Node would write the message, which may quote a secret.
process.on('uncaughtException', error => {
  process.stderr.write(`${failureSentence(error, true)}\n`)
  process.exit(1)
})

endOnBrokenPipe([process.stdout, process.stderr], process)

const code = await runProgram(process.argv.slice(2), {
  version: packageVersion(),
  folder: process.cwd(),
  logFolders: openclawLogFolders(),
  containerPlaces: containerPlaces(homedir()),
  stdout: process.stdout,
  stderr: process.stderr,
  process,
  // Commands are loaded on demand.
  createExporter: async (loaded, setup) => {
    const { createExporter } = await import('../exporter/app.ts')
    const { logger } = setup
    const withNetworks = async (one: LoadedConfig) => {
      const mayBeNamedWhole = await nameableNetworks(one.config, { find: discoverNetworks, clock: systemClock, logger })
      return { ...one, mayBeNamedWhole }
    }
    const loadConfig = async () => withNetworks(await setup.loadConfig())
    return createExporter(await withNetworks(loaded), { ...setup, readRunbook, loadConfig })
  },
  createRemediation: async (loaded, setup) => {
    const { createRemediation } = await import('../remediation/app.ts')
    return createRemediation(loaded, setup)
  },
  user: userInfo().username,
  checkWebConfig: loadWebConfig,
})

process.exitCode ??= code
