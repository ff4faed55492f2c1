import type { CliContext } from '../../cli/context.ts'
import { runProgram } from '../../cli/program.ts'

/**
 * Runs `clawtrust policy` in a folder, and gives what it printed.
 *
 * @param host the process whose signals stop it
 */
export function createPolicyRunner(folder: string, host: Partial<CliContext['process']> = {}) {
  return async (...args: readonly string[]) => {
    let [out, err] = ['', '']
    const unused = () => {
      throw new Error('not expected')
    }
    const code = await runProgram(['policy', ...args], {
      version: '1.2.3',
      folder,
      logFolders: [],
      stdout: { write: text => (out += text) },
      stderr: { write: text => (err += text) },
      process: { on: () => undefined, off: () => undefined, exit: unused, ...host },
      createExporter: unused,
      createRemediation: unused,
      user: 'alice',
      checkWebConfig: unused,
    })
    return { code, out, err }
  }
}
