import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { configSchema } from '../../../cli/config-schema.ts'
import type { Clock } from '../../../core/clock.ts'
import { parseConfig } from '../../../core/config/parse.ts'
import { configOrThrow } from '../../../core/config/problem.ts'
import { createExporter, type Exporter } from '../../../exporter/app.ts'
import { createLogger } from '../../../service/log/logger.ts'
import { comparedAgain } from '../servers/compared-again.ts'
import { eventually } from '../servers/eventually.ts'
import { freePort } from '../servers/process.ts'
import { Exposed } from './exposed.ts'
import type { OpenclawIndex } from './openclaw-index.ts'
import { StateMinutes } from './state-minutes.ts'

/** Keys of a source of type elasticsearch; what is not given is quick, for tests. */
export type SourceKeys = Readonly<Record<string, unknown>> & { readonly index: readonly string[] }

const QUICK = {
  type: 'elasticsearch',
  name: 'logs',
  interval: '200ms',
  lag: '500ms',
  overlap: '2s',
  horizon: '1h',
  reconcile_interval: '1s',
  request_timeout: '5s',
  page_size: 500,
}

/** How much of the log a failure tells. */
const TOLD_LINES = 50

/** An exporter in this process, as a program that embeds it would run it, watched for values that fall. */
export class ObservedExporter {
  readonly exposed = new Exposed()
  readonly log: string[] = []
  /** Minutes that went to no scorer or twice; see StateMinutes. Known when it has stopped. */
  skippedMinutes: number | undefined
  /** Failed sign-ins by minute. Known when it has stopped. */
  failuresByMinute: ReadonlyMap<number, number> = new Map()
  readonly #source: SourceKeys
  readonly #clock: Clock | undefined
  readonly #folder = mkdtempSync(join(tmpdir(), 'clawtrust-es-state-'))
  #exporter: Exporter | undefined
  #url = ''
  #watching: Promise<void> | undefined

  constructor(source: SourceKeys, clock?: Clock) {
    this.#source = source
    this.#clock = clock
  }

  async start(): Promise<this> {
    const port = await freePort()
    const exporter = {
      listen_address: `127.0.0.1:${port}`,
      state_dir: this.#folder,
      sources: [{ ...QUICK, ...this.#source }],
    }
    const config = configOrThrow(parseConfig(configSchema, JSON.stringify({ exporter }), 'test.yml'))
    const loaded = { config }
    this.#exporter = createExporter(loaded, {
      version: 'test',
      logger: createLogger({ level: 'info', destination: { write: (line: string) => this.log.push(line) } }),
      allowUnauthenticated: false,
      loadConfig: async () => loaded,
      ...(this.#clock === undefined ? {} : { clock: this.#clock }),
    })
    this.#url = new URL((await this.#exporter.start()).url).origin
    this.#watching = this.#watch()
    return this
  }

  /** Waits until the source has been at its end once. */
  async ready(limitMs = 45_000): Promise<this> {
    const ready = async () => (await fetch(`${this.#url}/-/ready`)).ok || undefined
    await this.#eventually('the backlog is read', ready, limitMs)
    return this
  }

  page(): Promise<string> {
    return this.text('/')
  }

  async text(path: string): Promise<string> {
    return (await fetch(this.#url + path)).text()
  }

  /** Waits until the failures are the truth. */
  async reaches(truth: ReadonlyMap<string, number>, limitMs = 60_000): Promise<void> {
    const expected = JSON.stringify(sorted(truth))
    const seen = async () => JSON.stringify(sorted(this.exposed.failures())) === expected || undefined
    await this.#eventually('the counters equal the truth', seen, limitMs)
  }

  /**
   * Waits until the failures are the truth, and then until everything was compared once more: gives the failures after
   * that, of which nothing is late and in which nothing may have come twice.
   */
  async settlesAt(index: OpenclawIndex, truth = index.truth, limitMs = 60_000): Promise<Record<string, number>> {
    await this.reaches(truth, limitMs).catch(error => {
      process.stderr.write(`${error.message}\n`)
    })
    await this.comparedAgain(index)
    return sorted(this.exposed.failures())
  }

  /** Waits for a comparison of the index with what was read that begins after this call. */
  async comparedAgain(index: OpenclawIndex): Promise<void> {
    await comparedAgain(index.mark(), async () => this.exposed.value('clawtrust_source_undated_documents') ?? 0)
  }

  /** Waits until the source is down and the page says why in these words; gives the page. */
  async goesDown(words: string, limitMs = 45_000): Promise<string> {
    const told = async () => {
      if (this.exposed.value('clawtrust_source_up') !== 0) return undefined
      const page = (await this.page()).replaceAll('&#39;', "'")
      return page.includes(words) ? page : undefined
    }
    return this.#eventually(`the page says "${words}"`, told, limitMs)
  }

  async comesUp(limitMs = 60_000): Promise<void> {
    const isUp = async () => this.exposed.value('clawtrust_source_up') === 1 || undefined
    await this.#eventually('the source is up', isUp, limitMs)
  }

  /** Ends it; its state stays for another start. */
  async halt(): Promise<void> {
    const exporter = this.#exporter
    this.#exporter = undefined
    await this.#watching
    await exporter?.stop()
  }

  async stop(): Promise<void> {
    await this.halt()
    const state = join(this.#folder, 'exporter', 'state.db')
    if (existsSync(state)) {
      const minutes = new StateMinutes(state)
      this.skippedMinutes = minutes.skipped()
      this.failuresByMinute = minutes.failures()
    }
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** As `eventually`, with what the exporter has said in the message. */
  async #eventually<T>(what: string, ask: () => Promise<T | undefined>, limitMs: number): Promise<T> {
    try {
      return await eventually(what, ask, { limitMs })
    } catch (cause) {
      throw new Error(`${(cause as Error).message}\n${this.log.slice(-TOLD_LINES).join('')}`, { cause })
    }
  }

  async #watch(): Promise<void> {
    while (this.#exporter !== undefined) {
      const response = await fetch(`${this.#url}/metrics`).catch(() => undefined)
      if (response?.ok) this.exposed.look(await response.text())
      await pause(200)
    }
  }
}

export function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
}
