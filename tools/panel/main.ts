/**
 * `main.ts [--tally=FILE]`: installs the packages of the Grafana panel, which are separate from those of the services,
 * and runs every step of its check. Ends with the line `N passed, N failed`, and writes the same as a tally if a file
 * is given.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureDependencies } from '../bootstrap/dependencies.js'
import { Stop } from '../bootstrap/stop.js'
import type { Check, Queue } from '../checks/checks.ts'
import { report } from '../checks/report.ts'
import type { Outcome } from '../checks/run-check.ts'
import { runStage } from '../checks/run-stage.ts'
import { isInstalled, type SystemCommand, systemCommands } from '../checks/system-commands.ts'
import { sumTallies } from '../checks/tally.ts'
import { missing } from './missing.ts'
import { keepInCache, type PackageCache, takeFromCache } from './packages.ts'
import { browserSteps, packageFolders, stages } from './steps.ts'

const say = (line: string) => console.error(`\npanel: ${line}`)
const { values } = parseArgs({ options: { tally: { type: 'string' } } })

const outcomes = await runSteps()
process.stdout.write(report(outcomes))
const tally = sumTallies(outcomes.map(outcome => outcome.tally))
if (values.tally !== undefined) writeFileSync(values.tally, JSON.stringify(tally))
process.exitCode = tally.failed > 0 ? 1 : 0

async function runSteps(): Promise<Outcome[]> {
  const refusal = await bringPackages()
  if (refusal !== undefined) {
    say(refusal)
    return [missing('packages', refusal)]
  }
  const done: Outcome[] = []
  const show = (output: string) => process.stderr.write(output)
  for (const stage of stages) done.push(...(await runStage(concurrently(stage), say, show)))
  const lacking = (needs: readonly SystemCommand[]) => needs.filter(command => !isInstalled(command))
  const ready = browserSteps.filter(({ needs }) => lacking(needs).length === 0)
  done.push(...(await runStage(concurrently(ready.map(({ check }) => check)), say, show)))
  for (const { needs, check } of browserSteps) {
    if (lacking(needs).length > 0) done.push(missing(check.name, notInstalled(lacking(needs))))
  }
  return done
}

/** Each in a queue of its own. */
function concurrently(checks: readonly Check[]): readonly Queue[] {
  return checks.map(check => [check])
}

function notInstalled(commands: readonly SystemCommand[]): string {
  const packages = commands.map(command => systemCommands[command]).join(' ')
  return `${commands.join(', ')} not installed, Debian packages: ${packages}`
}

/**
 * None of the packages needs its install script, and the browser is the system's. Returns the reason if the
 * installation failed.
 */
async function bringPackages(): Promise<string | undefined> {
  process.env.npm_config_ignore_scripts = 'true'
  const cache: PackageCache = {
    folder: join(process.env.CLAWTRUST_CACHE ?? join(homedir(), '.cache/clawtrust'), 'packages'),
    name: folder => folder.replaceAll('/', '-'),
  }
  try {
    for (const folder of packageFolders) {
      // Packages that a developer has installed and changed are not shared with other clones.
      const isFresh = !existsSync(join(folder, 'node_modules'))
      if (isFresh && takeFromCache(cache, folder)) say(`the packages of ${folder} are taken from ${cache.folder}`)
      // Packages from the cache are compared with the lockfile, like those that a developer has installed.
      await ensureDependencies(folder, process.execPath, 'all', say)
      if (isFresh) keepInCache(cache, folder)
    }
    return undefined
  } catch (error) {
    if (error instanceof Stop) return error.message
    throw error
  }
}
