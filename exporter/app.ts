import { type Clock, systemClock } from '../core/clock.ts'
import { type TrustZonesConfig, zoneRules } from '../core/config/trust-zones.ts'
import { ClawtrustError } from '../core/errors.ts'
import { compileTrustZones } from '../core/trust-zones.ts'
import { shared } from '../service/event-loop/shared.ts'
import { Turns } from '../service/event-loop/turns.ts'
import { renderExposition } from '../service/exposition/exposition.ts'
import { createProcessMetrics, type ProcessMetrics } from '../service/exposition/process-metrics.ts'
import { createHttpService, type HttpService } from '../service/http/http-service.ts'
import type { Logger } from '../service/log/logger.ts'
import { counted } from '../service/page/words.ts'
import { openStateFolder } from '../service/state/folder.ts'
import { openMemoryState } from '../service/state/memory.ts'
import type { StateDatabase } from '../service/state/state.ts'
import type { ExporterConfig } from './config.ts'
import { Engine } from './engine.ts'
import type { HistoryProgress } from './history-progress.ts'
import { overview } from './overview/overview.ts'
import type { PageModel } from './page/model.ts'
import { renderPage } from './page/render.ts'
import { pageHeaders } from './page/security.ts'
import { type ReadRunbook, runbookRoutes } from './runbook-routes.ts'
import { scoringRoutes } from './scoring/routes.ts'
import type { Scoring } from './scoring/scoring.ts'

/** Series that the page looks at between two turns of the event loop: a few milliseconds. */
const PAGE_PIECE = 500

export interface LoadedExporterConfig {
  readonly config: { readonly exporter: ExporterConfig; readonly trust_zones: TrustZonesConfig }
  /** What is read, for the page; undefined where the configuration file says it. */
  readonly notice?: string
}

export interface ExporterSetup {
  readonly version: string
  readonly logger: Logger
  /** True where other machines may come in without showing who they are. */
  readonly allowUnauthenticated: boolean
  /** Reads the configuration again; rejects where it is wrong. */
  readonly loadConfig: () => Promise<LoadedExporterConfig>
  /** Default: lines of the log. */
  readonly progress?: HistoryProgress
  /** Default: there are none. */
  readonly readRunbook?: ReadRunbook
  /** Default: the system's. */
  readonly clock?: Clock
}

export interface Exporter {
  /** Resolves when it answers; the address is the one to open. */
  start(): Promise<{ readonly url: string }>
  /** Resolves when everything is written; also where the start failed or is still under way. */
  stop(): Promise<void>
  /** Takes the configuration anew; rejects where it is refused and the old one stays. */
  reload(): Promise<void>
}

export function createExporter(loaded: LoadedExporterConfig, setup: ExporterSetup): Exporter {
  return new ExporterApp(loaded, setup)
}

/** Logs in, Prometheus metrics and a page out. */
class ExporterApp implements Exporter {
  readonly #setup: ExporterSetup
  readonly #clock: Clock
  readonly #process: ProcessMetrics
  readonly #http: HttpService
  #loaded: LoadedExporterConfig
  #database: StateDatabase | undefined
  #engine: Engine | undefined
  #setAside: string | undefined
  /** Starts, reloads and stops follow each other. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(loaded: LoadedExporterConfig, setup: ExporterSetup) {
    this.#loaded = loaded
    this.#setup = setup
    this.#clock = setup.clock ?? systemClock
    this.#process = createProcessMetrics({ version: setup.version })
    const { listen_address: listen, web_config_file: webConfigFile } = loaded.config.exporter
    this.#http = createHttpService({
      listen,
      webConfigFile,
      allowUnauthenticated: setup.allowUnauthenticated,
      exposition: () => renderExposition(this.#running().store, this.#process),
      scrapeRefused: () => this.#process.scrapeRefused(),
      page: shared(async () => ({ body: renderPage(await this.#overview()), headers: pageHeaders })),
      notReady: () => this.#notReady(),
      reload: () => this.reload(),
      routes: app => {
        scoringRoutes({ scoring: () => this.#running().scoring, clock: this.#clock, logger: setup.logger })(app)
        runbookRoutes(setup.readRunbook ?? (async () => undefined))(app)
      },
      clock: this.#clock,
      logger: setup.logger,
    })
  }

  start(): Promise<{ readonly url: string }> {
    return this.#inTurn(async () => {
      this.#database = await this.#openState(this.#loaded.config.exporter)
      this.#engine = await this.#createEngine(this.#loaded)
      await this.#engine.restore()
      const started = await this.#http.start()
      this.#engine.start()
      this.#process.configReloaded(true, this.#clock.now())
      return started
    })
  }

  reload(): Promise<void> {
    return this.#inTurn(async () => {
      try {
        const loaded = await this.#setup.loadConfig()
        refuseFixedChanges(this.#loaded.config.exporter, loaded.config.exporter)
        await this.#http.reload()
        await this.#replaceEngine(loaded)
        this.#loaded = loaded
      } catch (error) {
        this.#process.configReloaded(false, this.#clock.now())
        throw error
      }
      this.#process.configReloaded(true, this.#clock.now())
      this.#setup.logger.info('Configuration reloaded.')
    })
  }

  stop(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#engine?.stop()
      await this.#http.stop()
      await this.#database?.close()
      this.#engine = undefined
      this.#database = undefined
    })
  }

  /** What is exposed goes on being exposed until the new engine holds the same. */
  async #replaceEngine(loaded: LoadedExporterConfig): Promise<void> {
    const engine = await this.#createEngine(loaded)
    await this.#running().stop()
    await engine.restore()
    this.#engine = engine
    engine.start()
  }

  #createEngine({ config }: LoadedExporterConfig): Promise<Engine> {
    return Engine.create({
      config: config.exporter,
      zones: compileTrustZones(zoneRules(config.trust_zones)),
      database: this.#database as StateDatabase,
      clock: this.#clock,
      logger: this.#setup.logger,
      ...(this.#setup.progress === undefined ? {} : { progress: this.#setup.progress }),
    })
  }

  /** The state of recordings is never saved. */
  async #openState({ sources, state_dir }: ExporterConfig): Promise<StateDatabase> {
    if (sources.every(({ type }) => type === 'recording')) return openMemoryState()
    const { database, setAside } = await openStateFolder(state_dir, this.#clock.now())
    this.#setAside = setAside
    if (setAside !== undefined) this.#setup.logger.warn(setAside)
    return database
  }

  #overview(): Promise<PageModel> {
    const { pipeline, sources, lastHour, days, usualHours, scoring, committer } = this.#running()
    const reason = this.#notReady()
    const notes = [
      this.#loaded.notice,
      this.#setAside,
      committer.health().reason,
      replayNote(scoring),
      sharedNote(this.#running()),
    ]
    return overview({
      version: this.#setup.version,
      clock: this.#clock,
      sources,
      pipeline,
      lastHour,
      days,
      usualHours,
      scoring,
      readiness: reason === undefined ? { ready: true } : { ready: false, reason },
      notes: notes.filter(note => note !== undefined),
      turns: new Turns(PAGE_PIECE),
    })
  }

  #notReady(): string | undefined {
    const { behind, committer } = this.#running()
    const { ok, reason } = committer.health()
    if (!ok) return reason
    return behind.length === 0 ? undefined : `Still reading the backlog of ${behind.join(', ')}.`
  }

  #running(): Engine {
    if (this.#engine === undefined) throw new ClawtrustError('NOT_RUNNING', 'The exporter is not running; start it.')
    return this.#engine
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => undefined)
    return done
  }
}

function sharedNote({ sources, pipeline }: Engine): string | undefined {
  const events = sources.reduce((sum, { name }) => sum + pipeline.tallies(name).shared, 0)
  if (events === 0) return undefined
  return `The limit of minute series is reached: ${counted(events, 'event')} of further gateways are counted in shared minute series, without scores. To raise the limit, set exporter.minutes.series_limit.`
}

function replayNote({ replaysWaiting }: Scoring): string | undefined {
  if (replaysWaiting === 0) return undefined
  return `The backfill of ${replaysWaiting} series is being scored; their scores follow.`
}

/** What only a restart can change is refused at a reload, rather than quietly kept. */
function refuseFixedChanges(before: ExporterConfig, after: ExporterConfig): void {
  for (const key of ['listen_address', 'state_dir', 'web_config_file'] as const) {
    if (JSON.stringify(before[key]) === JSON.stringify(after[key])) continue
    throw new ClawtrustError(
      'CONFIG_NEEDS_RESTART',
      `exporter.${key} cannot be changed by a reload; restart clawtrust.`,
    )
  }
}
