import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answersAt } from './eventually.ts'
import { freePort, type RunningProcess, startProcess } from './process.ts'

export interface RunningExporter {
  /** `127.0.0.1:9847` */
  readonly address: string
  readonly process: RunningProcess
  /** GET of a path; throws where the status is not 2xx. */
  text(path: string): Promise<string>
  /** Ends it with SIGTERM and gives its exit code. */
  stop(): Promise<number | null>
}

/** What is run: the program and its first arguments. Default: the sources of this clone on this Node.js. */
export interface Program {
  readonly command: string
  readonly args: readonly string[]
}

const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url))
const fromClone: Program = { command: process.execPath, args: [main] }

/**
 * Starts `clawtrust exporter` on a free port with state and working folder of its own, so that it finds no
 * configuration of the clone; it answers on return.
 *
 * @param args further arguments: log files or options
 */
export async function startExporter(args: readonly string[] = [], program = fromClone): Promise<RunningExporter> {
  const folder = await mkdtemp(join(tmpdir(), 'clawtrust-exporter-'))
  const address = `127.0.0.1:${await freePort()}`
  const options = ['--web.listen-address', address, '--state.dir', join(folder, 'state')]
  const exporter = startProcess(program.command, [...program.args, 'exporter', ...options, ...args], { cwd: folder })
  const stop = async () => {
    const code = await exporter.stop()
    await rm(folder, { recursive: true, force: true })
    return code
  }
  try {
    await answersAt(`http://${address}/-/healthy`, exporter)
  } catch (error) {
    await stop()
    throw error
  }
  return { address, process: exporter, text: path => get(`http://${address}${path}`), stop }
}

async function get(url: string): Promise<string> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return response.text()
}
