/**
 * What a test needs from outside the clone. Where it is missing the tests are skipped with the reason in their title,
 * where `npm test` finds it; with CI=true a missing program is a failure instead.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, it } from '@jest/globals'
import { isInstalled, type SystemCommand, systemCommands } from '../tools/checks/system-commands.ts'
import { hasWheel, requirementOf, type WheelCommand, wheelCommands } from '../tools/checks/wheels.ts'

/** `describe` and `it` for tests that run the given programs. */
export function withCommands(...commands: (SystemCommand | WheelCommand)[]): {
  describe(title: string, body: () => void): void
  it(title: string, body: () => void | Promise<void>): void
} {
  const wheels = commands.filter(isWheel).filter(command => !hasWheel(command))
  const programs = commands.filter(command => !isWheel(command)).filter(command => !isInstalled(command))
  if (wheels.length + programs.length === 0) return { describe, it }
  const packages = [...new Set(programs.map(command => systemCommands[command]))].join(' ')
  const reason = [
    ...(programs.length === 0 ? [] : [`${programs.join(', ')} not installed, Debian packages: ${packages}`]),
    ...wheels.map(command => `${command} not fetched, package of PyPI: ${requirementOf(command)}`),
  ].join('; ')
  if (process.env.CI === 'true') return { describe: failWith(reason), it: failWith(reason) }
  return {
    describe: (title, body) => describe.skip(`${title} [skipped: ${reason}]`, body),
    it: (title, body) => it.skip(`${title} [skipped: ${reason}]`, body),
  }
}

const isWheel = (command: SystemCommand | WheelCommand): command is WheelCommand =>
  (wheelCommands as readonly string[]).includes(command)

const failWith = (reason: string) => (title: string) =>
  it(title, () => {
    throw new Error(`${reason}; a test run with CI=true skips nothing for a missing program.`)
  })

const captures = new URL('../../shared/', import.meta.url)

/**
 * `describe` for tests that read captures kept beside the clone. Most clones have none: that is a skip, also with CI=true.
 *
 * @param path relative to the folder of the captures; its absolute path is handed to `body`
 */
export function describeWithCapture(path: string, title: string, body: (file: string) => void): void {
  const file = fileURLToPath(new URL(path, captures))
  if (existsSync(file)) describe(title, () => body(file))
  // Jest runs the body of a skipped `describe` too, and a body may read its capture.
  else it.skip(`${title} [skipped: ${path} is not beside the clone]`, () => {})
}
