import { spawnSync } from 'node:child_process'
import { describe, it } from '@jest/globals'
import { fetchedProgram, prometheus3 } from '../../tools/components/components.ts'
import { withCommands } from '../requirements.ts'

const MISSING = 'the promtool on the PATH is older; npm run fetch:components builds one of Prometheus 3'

/** A promtool of Prometheus 3: the one that a variable names, the one in the cache, or that of the PATH. */
function newPromtool(): string | undefined {
  const { PROMTOOL_3: named = fetchedProgram(prometheus3, 'promtool') } = process.env
  if (named !== undefined) return named
  const { stdout } = spawnSync('promtool', ['--version'], { encoding: 'utf8' })
  return stdout?.includes('version 3.') ? 'promtool' : undefined
}

/**
 * `describe` for tests that run promtool: with the one of the PATH, which is Debian's 2.42 in a full test run, and with
 * one of Prometheus 3 where there is one.
 */
export function describeWithPromtools(title: string, body: (promtool: string) => void): void {
  withCommands('promtool').describe(title, () => body('promtool'))
  const promtool = newPromtool()
  const titled = `${title}, of Prometheus 3`
  if (promtool === undefined) it.skip(`${titled} [skipped: ${MISSING}]`, () => {})
  else if (promtool !== 'promtool') describe(titled, () => body(promtool))
}
