import { homedir, userInfo } from 'node:os'
import { endOnBrokenPipe } from './broken-pipe.ts'
import { containerPlaces } from './containers.ts'
import { failureSentence, runProgram } from './program.ts'
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
  // What a command needs is loaded when it is called.
  createExporter: async (loaded, setup) => {
    const { createExporterService } = await import('./exporter-service.ts')
    return createExporterService(loaded, setup)
  },
  createRemediation: async (loaded, setup) => {
    const { createRemediation } = await import('../remediation/app.ts')
    return createRemediation(loaded, setup)
  },
  user: userInfo().username,
  checkWebConfig: async path => (await import('../service/http/web-config-file.ts')).loadWebConfig(path),
})

process.exitCode ??= code
