import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { PROGRAM } from '../needs.ts'

/** Clock ticks of /proc in a second, on every Linux that Node.js runs on. */
const TICKS = 100

export interface Running {
  /** Flags of Node.js. */
  readonly flags?: readonly string[]
  /** Another build than this one's. */
  readonly program?: string
  /** Path that must answer before it counts as started. Default: when the backlog is read. */
  readonly until?: string
}

/** The exporter as users run it, with what /proc says of its process. */
export class ExporterProcess {
  readonly #child: ChildProcess
  readonly url: string

  private constructor(child: ChildProcess, url: string) {
    this.#child = child
    this.url = url
  }

  /** Resolves when the backlog is read. */
  static async start(
    folder: string,
    port: number,
    source: Readonly<Record<string, unknown>>,
    { flags = [], program = PROGRAM, until = '/-/ready' }: Running = {},
  ): Promise<ExporterProcess> {
    const file = join(folder, 'clawtrust.yml')
    const exporter = {
      listen_address: `127.0.0.1:${port}`,
      state_dir: join(folder, 'state'),
      sources: [{ type: 'elasticsearch', name: 'logs', ...source }],
    }
    writeFileSync(file, JSON.stringify({ exporter }))
    const args = [...flags, program, 'exporter', '--config.file', file, '--log.level', 'warn']
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
    const started = new ExporterProcess(child, `http://127.0.0.1:${port}`)
    while (!(await fetch(started.url + until).catch(() => undefined))?.ok) {
      if (child.exitCode !== null) throw new Error(`the exporter ended with ${child.exitCode}`)
      await pause(100)
    }
    return started
  }

  /** Seconds on a core so far, user and system, of all its threads. */
  get cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / TICKS
  }

  get residentMb(): number {
    return this.#status('VmRSS')
  }

  get residentMbAtMost(): number {
    return this.#status('VmHWM')
  }

  /** Sum of the samples of a metric. */
  async value(metric: string): Promise<number> {
    return sumOf(await (await fetch(`${this.url}/metrics`)).text(), metric)
  }

  /** A size out of /proc, in MiB. */
  #status(name: string): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')
    return Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024)
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await ended
  }
}

/** Sum of the samples of a metric in an exposition. */
export function sumOf(exposition: string, metric: string): number {
  const samples = exposition.split('\n').filter(line => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
  return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}

/** Which of two programs it is, for a table of results: their paths are nobody else's. */
export const sideOf = (program: string): string => (program === PROGRAM ? 'now' : 'before')
