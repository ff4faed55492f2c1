import { runProgram } from '../../cli/program.ts'

/** Runs one command of `clawtrust policy` in a folder. */
export async function runPolicy(folder: string, args: readonly string[]) {
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
    process: { on: () => undefined, off: () => undefined, exit: unused },
    createExporter: unused,
    createRemediation: unused,
    user: 'alice',
    checkWebConfig: unused,
  })
  return { code, out, err }
}
