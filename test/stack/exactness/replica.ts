import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { eventually } from '../servers/eventually.ts'
import { freePort, type RunningProcess, startProcess } from '../servers/process.ts'
import { Exposition } from './exposition.ts'

/** The program that is tried: of this clone, or of the clone in the folder that EXACTNESS_CLONE names. */
const main = join(process.env.EXACTNESS_CLONE ?? fileURLToPath(new URL('../../..', import.meta.url)), 'cli/main.ts')
const clock = new URL('./shifted-clock.ts', import.meta.url).href
const LOOK_MS = 100
const ANSWER_MS = 5_000

/** One exporter with a state folder and a clock of its own, through all its starts and ends. */
export class Replica {
  readonly exposition = new Exposition()
  readonly #folder = mkdtempSync(join(tmpdir(), 'clawtrust-exactness-'))
  #skew: number
  readonly #origin: string
  #process: RunningProcess | undefined
  #isPaused = false
  #isClosed = false
  #watching: Promise<void> = Promise.resolve()
  #looking: Promise<void> = Promise.resolve()

  /**
   * @param exporter the section of the configuration, without address and state folder
   * @param skew how far its clock is ahead, milliseconds
   */
  static async create(exporter: object, more: object, skew: number): Promise<Replica> {
    const address = `127.0.0.1:${await freePort()}`
    return new Replica(
      { exporter: { ...exporter, listen_address: address, state_dir: 'state' }, ...more },
      address,
      skew,
    )
  }

  private constructor(config: object, address: string, skew: number) {
    this.#origin = `http://${address}`
    this.#skew = skew
    mkdirSync(join(this.#folder, 'run'))
    writeFileSync(join(this.#folder, 'run', 'clawtrust.yml'), JSON.stringify(config))
  }

  /** True while it can read: it runs and is not held. */
  get isReading(): boolean {
    return this.#process !== undefined && !this.#isPaused
  }

  /** How far the clock of the round is ahead of the machine's, and its own of that: as before, unless told. */
  setClock(ahead: number, skew = this.#skew): void {
    this.#skew = skew
    const file = join(this.#folder, 'clock')
    writeFileSync(`${file}.new`, String(ahead + this.#skew))
    renameSync(`${file}.new`, file)
  }

  /** Starts it, without waiting for it, or lets it go on where it is held. */
  start(): void {
    this.#release()
    if (this.#process !== undefined) return
    this.#process = startProcess(process.execPath, ['--import', clock, main, 'exporter'], {
      cwd: join(this.#folder, 'run'),
      env: { ...process.env, CLAWTRUST_TEST_CLOCK: join(this.#folder, 'clock') },
    })
    this.#watching = this.#watch(this.#process)
  }

  /** Waits until it answers and has written its state once. */
  async begun(): Promise<void> {
    await this.#eventually('it has written its state', async () => {
      await this.look()
      return this.exposition.sum('clawtrust_state_commit_timestamp_seconds') > 0 || undefined
    })
  }

  /** Waits until it has been at the end of its sources. */
  async ready(): Promise<void> {
    await this.#eventually('it is ready', async () => (await this.#get('/-/ready')) !== undefined || undefined)
  }

  async kill(): Promise<void> {
    const running = this.#end()
    if (running === undefined || running.hasEnded()) return
    running.signal('SIGKILL')
    await eventually('it is gone', async () => running.hasEnded() || undefined)
  }

  async stop(): Promise<void> {
    this.#release()
    await this.#end()?.stop()
  }

  /** Holds it as it is, as a machine that is suspended. */
  pause(): void {
    if (!this.isReading || this.#process?.hasEnded()) return
    this.#isPaused = true
    this.#process?.signal('SIGSTOP')
  }

  /** Lets it take its configuration anew, once it can. */
  async reload(bySignal: boolean): Promise<void> {
    if (!this.isReading || (await this.#get('/-/healthy')) === undefined) return
    if (bySignal) this.#process?.signal('SIGHUP')
    else await this.#fetch('/-/reload', { method: 'POST' })
  }

  /** Takes note of what it exposes now: one look after the other, or an older answer would look like a fall. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(async () => {
      const text = this.isReading ? await this.#get('/metrics') : undefined
      if (text !== undefined) this.exposition.look(text)
    })
    return this.#looking
  }

  /** What it said before it ended by itself; undefined where it did not. */
  get complaint(): string | undefined {
    return this.#process?.hasEnded() ? this.output() : undefined
  }

  output(): string {
    return this.#process?.output() ?? ''
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.kill()
    await this.#watching
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #watch(running: RunningProcess): Promise<void> {
    while (!this.#isClosed && this.#process === running && !running.hasEnded()) {
      await this.look()
      await pause(LOOK_MS)
    }
  }

  #end(): RunningProcess | undefined {
    const running = this.#process
    this.#process = undefined
    this.#isPaused = false
    return running
  }

  #release(): void {
    if (this.#isPaused) this.#process?.signal('SIGCONT')
    this.#isPaused = false
  }

  async #eventually(what: string, ask: () => Promise<true | undefined>): Promise<void> {
    const by = this.#process
    await eventually(what, ask, { limitMs: 60_000, ...(by === undefined ? {} : { by }) })
  }

  async #get(path: string): Promise<string | undefined> {
    const response = await this.#fetch(path)
    return response?.ok ? response.text().catch(() => undefined) : undefined
  }

  /** Undefined where nothing answers. */
  #fetch(path: string, init: RequestInit = {}): Promise<Response | undefined> {
    const signal = AbortSignal.timeout(ANSWER_MS)
    return fetch(this.#origin + path, { ...init, signal }).catch(() => undefined)
  }
}
