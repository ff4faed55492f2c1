import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sumOf } from '../elasticsearch/exporter-process.ts'
import type { Watched } from './watch.ts'

const POLL_MS = 2_000
const QUIET_LOOKS = 4

export interface ExporterSetup {
  /** Checkout of the exporter: its `cli/main.ts` is run. */
  readonly root: string
  readonly folder: string
  /** Of the only source, besides its type and name. */
  readonly source: Readonly<Record<string, unknown>>
  readonly port: number
  /** Of Node.js. */
  readonly flags: readonly string[]
}

/** An exporter in a process of its own that follows logs, with what `watch.ts` and /proc tell of it. */
export class WatchedExporter {
  readonly #child: ChildProcess
  readonly url: string

  private constructor(child: ChildProcess, url: string) {
    this.#child = child
    this.url = url
  }

  /** Resolves when it answers. */
  static async start({ root, folder, source, port, flags }: ExporterSetup): Promise<WatchedExporter> {
    const file = join(folder, 'clawtrust.yml')
    const sources = [{ type: 'file', name: 'logs', ...source }]
    const exporter = { listen_address: `127.0.0.1:${port}`, state_dir: join(folder, 'state'), sources }
    writeFileSync(file, JSON.stringify({ exporter }))
    const watch = fileURLToPath(new URL('./watch.ts', import.meta.url))
    const program = [join(root, 'cli/main.ts'), 'exporter', '--config.file', file, '--log.level', 'warn']
    const child = spawn(process.execPath, ['--expose-gc', '--import', watch, ...flags, ...program], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const started = new WatchedExporter(child, `http://127.0.0.1:${port}/`)
    while (!(await fetch(`${started.url}-/healthy`).catch(() => undefined))?.ok) {
      if (child.exitCode !== null) throw new Error(`the exporter ended with ${child.exitCode}`)
      await pause(100)
    }
    return started
  }

  /** Resolves when so many events were counted and no minute has closed in several looks. */
  async whenCounted(events: number): Promise<void> {
    for (let closed = -1, same = 0; same < QUIET_LOOKS; await pause(POLL_MS)) {
      const exposition = await (await fetch(`${this.url}metrics`)).text()
      const closedNow = sumOf(exposition, 'clawtrust_scorings_total')
      const counted = sumOf(exposition, 'clawtrust_events_total') >= events
      same = counted && closedNow === closed ? same + 1 : 0
      closed = closedNow
    }
  }

  /** What `watch.ts` tells of the time that the work takes. */
  async watch(work: () => Promise<unknown>): Promise<Watched> {
    this.#child.send('begin')
    await work()
    this.#child.send('end')
    const [watched] = (await once(this.#child, 'message')) as [Watched]
    return watched
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN
  }

  /** Largest resident memory since the start, MiB. */
  get peakMb(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')
    return Math.round(Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024)
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await ended
  }
}
