import { type Clock, systemClock } from '../core/clock.ts'
import type { IdentitiesConfig, IdentityRole } from '../core/config/identities.ts'
import type { PostureConfig } from '../core/config/posture.ts'
import { type TrustZonesConfig, zoneRules } from '../core/config/trust-zones.ts'
import { ClawtrustError, failureReason } from '../core/errors.ts'
import { compileNetworks } from '../core/net/networks.ts'
import { compileTrustZones } from '../core/trust-zones.ts'
import { type Service, ServiceLife, type ServiceSetup } from '../service/app/service.ts'
import { shared } from '../service/event-loop/shared.ts'
import { Turns } from '../service/event-loop/turns.ts'
import { renderExposition } from '../service/exposition/exposition.ts'
import { createProcessMetrics, type ProcessMetrics } from '../service/exposition/process-metrics.ts'
import type { WebSection } from '../service/http/config.ts'
import { createHttpService, type HttpService } from '../service/http/http-service.ts'
import { type Roles, readRoles } from '../service/http/roles.ts'
import { counted } from '../service/page/words.ts'
import { openStateFolder } from '../service/state/folder.ts'
import { openMemoryState } from '../service/state/memory.ts'
import { statePlaces } from '../service/state/places.ts'
import { preparePrivateFolder } from '../service/state/private-folder.ts'
import type { StateDatabase } from '../service/state/state.ts'
import type { BackfillProgress } from './backfill-progress.ts'
import type { ExporterConfig } from './config.ts'
import type { CandidatePolicy } from './contracts/candidate-policy.ts'
import type { Source } from './contracts/source.ts'
import type { Scoring } from './detection/scoring.ts'
import { Engine } from './engine.ts'
import type { MayBeNamedWhole } from './pipeline/offenders.ts'
import { isDurable } from './sources/registry.ts'
import { coverageRoutes } from './web/api/coverage.ts'
import { eventRoutes } from './web/api/events.ts'
import { explainRoutes } from './web/api/explain.ts'
import { feedbackRoutes } from './web/api/feedback.ts'
import { logRoutes } from './web/api/logs.ts'
import { offenderRoutes } from './web/api/offenders.ts'
import { postureRoutes } from './web/api/posture.ts'
import { type ReadRunbook, runbookRoutes } from './web/api/runbooks.ts'
import { sourceRoutes } from './web/api/sources.ts'
import { versionRoutes } from './web/api/versions.ts'
import { overview } from './web/page/build-model.ts'
import type { PageModel } from './web/page/model.ts'
import { pageHeaders, renderPage } from './web/page/sections/render.ts'
import type { Coverage } from './web/signal-coverage/coverage.ts'
import { runningCoverage } from './web/signal-coverage/running.ts'

/** Where the state is in the state folder. */

/** Series that the page looks at between two turns of the event loop: a few milliseconds. */
const PAGE_PIECE = 500

export interface LoadedExporterConfig {
  readonly config: {
    readonly exporter: ExporterConfig
    readonly trust_zones: TrustZonesConfig
    /** Default: snapshots are valid for 26 hours, and nothing is desired. */
    readonly posture?: PostureConfig
    /** Default: the limits by default. */
    readonly identities?: IdentitiesConfig
    /** Default: none. */
    readonly identity_roles?: readonly IdentityRole[]
    /** Default: no further hosts. */
    readonly web?: WebSection
  }
  /** What is read, for the page; undefined where the configuration file says it. */
  readonly notice?: string
  /** By the rest of the configuration. Default: every network may be. */
  readonly mayBeNamedWhole?: MayBeNamedWhole
  /** Policies that are tried on the flows and not enforced. Default: none. */
  readonly candidates?: readonly CandidatePolicy[]
}

export interface ExporterSetup extends ServiceSetup<LoadedExporterConfig> {
  /** Default: lines of the log. */
  readonly progress?: BackfillProgress
  /** Default: there are none. */
  readonly readRunbook?: ReadRunbook
}

export type Exporter = Service

export function createExporter(loaded: LoadedExporterConfig, setup: ExporterSetup): Exporter {
  return new ExporterApp(loaded, setup).service
}

/** Logs in, Prometheus metrics and a page out. */
class ExporterApp {
  readonly service: ServiceLife<LoadedExporterConfig>
  readonly #setup: ExporterSetup
  readonly #clock: Clock
  readonly #process: ProcessMetrics
  readonly #http: HttpService
  #database: StateDatabase | undefined
  #engine: Engine | undefined
  /** Why nothing is read since a reload. */
  #stalled: string | undefined
  #roles: Roles | undefined

  constructor(loaded: LoadedExporterConfig, setup: ExporterSetup) {
    this.#setup = setup
    this.#clock = setup.clock ?? systemClock
    this.#process = createProcessMetrics({ version: setup.version })
    this.service = new ServiceLife(loaded, {
      setup,
      clock: this.#clock,
      process: this.#process,
      fixed: ({ config: { exporter } }) => ({
        'exporter.listen_address': exporter.listen_address,
        'exporter.state_dir': exporter.state_dir,
        'exporter.web_config_file': exporter.web_config_file,
        'whether exporter.sources are recordings only (their state is never saved)': !exporter.sources.some(isDurable),
      }),
      start: loaded => this.#start(loaded),
      reload: loaded => this.#reload(loaded),
      stop: () => this.#stop(),
    })
    const { listen_address: listen, web_config_file: webConfigFile } = loaded.config.exporter
    this.#http = createHttpService({
      listen,
      webConfigFile,
      allowUnauthenticated: setup.allowUnauthenticated,
      isTrustedProxy: address => compileNetworks(this.service.loaded.config.exporter.trusted_proxies)(address),
      roles: () => this.#roles,
      hosts: () => this.service.loaded.config.web?.allowed_hosts ?? [],
      exposition: format => renderExposition(this.#running().store, this.#process, format),
      scrapeRefused: () => this.#process.scrapeRefused(),
      page: shared(async () => ({ body: renderPage(await this.#overview()), headers: pageHeaders })),
      notReady: () => this.#notReady(),
      reload: () => this.service.reload(),
      routes: app => {
        const scorer = { scoring: () => this.#running().scoring, clock: this.#clock }
        explainRoutes(scorer)(app)
        feedbackRoutes({ ...scorer, logger: setup.logger })(app)
        postureRoutes({
          posture: () => this.#running().pipeline.posture,
          clock: this.#clock,
          logger: setup.logger,
        })(app)
        sourceRoutes({ sources: () => this.#running().sources, view: () => this.#running().pipeline.view })(app)
        eventRoutes({ view: () => this.#running().pipeline.view, traceUrl: () => this.#traceUrl() })(app)
        const committer = () => this.#running().committer
        logRoutes({
          sources: () => (this.#stalled === undefined ? this.#engine?.sources : undefined),
          notReady: () => committer().health().reason,
          clock: this.#clock,
          logger: setup.logger,
        })(app)
        offenderRoutes(() => this.#running().pipeline.view.offenders())(app)
        coverageRoutes(() => this.#coverage())(app)
        versionRoutes(() => this.#running().pipeline.view.versions)(app)
        runbookRoutes(setup.readRunbook ?? (async () => undefined))(app)
      },
      clock: this.#clock,
      logger: setup.logger,
    })
  }

  async #start(loaded: LoadedExporterConfig): Promise<{ readonly url: string }> {
    this.#roles = await readRoles(loaded.config.web, process.env)
    this.#database = await this.#openState(loaded.config.exporter)
    const engine = await this.#createEngine(loaded)
    await engine.restore()
    await this.#database.begin()
    // Not before: the end of an engine commits.
    this.#engine = engine
    const started = await this.#http.start()
    engine.start()
    return started
  }

  async #stop(): Promise<void> {
    await this.#engine?.stop()
    await this.#http.stop()
    await this.#database?.close()
    this.#engine = undefined
    this.#database = undefined
  }

  /** What is exposed stays exposed until the new engine holds the same. */
  async #reload(loaded: LoadedExporterConfig): Promise<void> {
    const roles = await readRoles(loaded.config.web, process.env)
    await this.#http.reload()
    const engine = await this.#createEngine(loaded)
    await this.#running().stop()
    await engine.restore().catch(error => {
      this.#stalled = failureReason(error)
      throw error
    })
    this.#stalled = undefined
    this.#engine = engine
    this.#roles = roles
    engine.start()
  }

  #createEngine({ config, mayBeNamedWhole, candidates }: LoadedExporterConfig): Promise<Engine> {
    return Engine.create({
      config: config.exporter,
      zones: compileTrustZones(zoneRules(config.trust_zones)),
      ...(config.posture === undefined ? {} : { posture: config.posture }),
      ...(config.identities && { identities: { ...config.identities, roles: config.identity_roles ?? [] } }),
      ...(mayBeNamedWhole === undefined ? {} : { mayBeNamedWhole }),
      ...(candidates === undefined ? {} : { candidates }),
      database: this.#database as StateDatabase,
      clock: this.#clock,
      logger: this.#setup.logger,
      ...(this.#setup.progress === undefined ? {} : { progress: this.#setup.progress }),
    })
  }

  /** The state of recordings is never saved. */
  async #openState({ sources, state_dir }: ExporterConfig): Promise<StateDatabase> {
    if (!sources.some(isDurable)) return openMemoryState()
    const { folder, changes } = preparePrivateFolder(state_dir, statePlaces.exporter)
    for (const change of changes) this.#setup.logger.warn(change)
    const { database, isNew } = await openStateFolder(folder)
    if (isNew) this.#setup.logger.info('There is no state yet: counters start from zero.', { folder })
    return database
  }

  #traceUrl(): string | undefined {
    return this.service.loaded.config.exporter.trace_url
  }

  #overview(): Promise<PageModel> {
    const { pipeline, sources, lastHour, days, usualHours, scoring, committer, enrichment } = this.#running()
    const reason = this.#notReady()
    const notes = [
      this.service.loaded.notice,
      committer.health().reason,
      backfillNote(scoring),
      sharedNote(this.#running()),
      ...enrichment.troubles(),
    ]
    return overview({
      version: this.#setup.version,
      clock: this.#clock,
      sources,
      pipeline: pipeline.view,
      trustZones: this.#trustZones(),
      lastHour,
      days,
      usualHours,
      scoring,
      readiness: reason === undefined ? { ready: true } : { ready: false, reason },
      notes: notes.filter(note => note !== undefined),
      traceUrl: this.#traceUrl(),
      turns: new Turns(PAGE_PIECE),
    })
  }

  #coverage(): Coverage {
    const { sources, pipeline } = this.#running()
    return runningCoverage({ sources, view: pipeline.view, trustZones: this.#trustZones() })
  }

  /** Those that the operator's rules name. */
  #trustZones(): readonly string[] {
    return this.service.loaded.config.trust_zones.rules.map(({ zone }) => zone)
  }

  #notReady(): string | undefined {
    if (this.#stalled !== undefined) return this.#stalled
    const { catchingUp, committer } = this.#running()
    const { ok, reason } = committer.health()
    return ok ? backlogReason(catchingUp) : reason
  }

  #running(): Engine {
    if (this.#engine === undefined) throw new ClawtrustError('NOT_RUNNING', 'The exporter is not running; start it.')
    return this.#engine
  }
}

/** Why the exporter is not ready: a source without input has no backlog. */
function backlogReason(catchingUp: readonly Source[]): string | undefined {
  const empty = catchingUp.map(source => ({ name: source.name, ...source.health() })).filter(one => one.isWithoutInput)
  const reading = catchingUp.map(({ name }) => name).filter(name => !empty.some(one => one.name === name))
  const sentences = [
    ...empty.map(({ name, reason }) => `The source ${name} has no input${reason === undefined ? '' : `: ${reason}`}.`),
    ...(reading.length === 0 ? [] : [`Still reading the backlog of ${reading.join(', ')}.`]),
  ]
  return sentences.length === 0 ? undefined : sentences.join(' ')
}

function sharedNote({ sources, pipeline }: Engine): string | undefined {
  const events = sources.reduce((sum, { name }) => sum + pipeline.view.tallies(name).shared, 0)
  if (events === 0) return undefined
  return `The limit of minute series is reached: ${counted(events, 'event')} of further gateways are counted in shared minute series, without scores. To raise the limit, set exporter.minutes.series_limit.`
}

function backfillNote({ backfillsWaiting }: Scoring): string | undefined {
  if (backfillsWaiting === 0) return undefined
  return `The backfill of ${backfillsWaiting} series is being scored; their scores follow.`
}
