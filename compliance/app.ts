import { join } from 'node:path'
import { type Clock, systemClock } from '../core/clock.ts'
import { type Service, ServiceLife, type ServiceSetup } from '../service/app/service.ts'
import { renderExposition } from '../service/exposition/exposition.ts'
import { createProcessMetrics } from '../service/exposition/process-metrics.ts'
import { readRegularBytes } from '../service/files/regular-file.ts'
import type { WebSection } from '../service/http/config.ts'
import { createHttpService, type HttpService } from '../service/http/http-service.ts'
import { type Roles, readRoles } from '../service/http/roles.ts'
import type { ExpositionFormat } from '../service/series/exposition-format.ts'
import { createSeriesStore } from '../service/series/store.ts'
import type { ComplianceConfig } from './config.ts'
import type { ChainedManifest } from './integrity/chain.ts'
import { ComplianceMetrics } from './metrics.ts'
import { mediaTypeOf } from './parcels.ts'
import { ReportRunner, type RunnerOptions } from './runner.ts'
import { compliancePage, type ListedReport } from './web/page.ts'
import { reportRoutes } from './web/routes.ts'

/** A configuration, and what is made of it by composition. */
export interface LoadedCompliance {
  readonly config: { readonly compliance: ComplianceConfig; readonly web?: WebSection }
  /** Everything that a runner needs, with secrets and catalogue read. Rejects with ClawtrustError. */
  readonly prepare: (metrics: ComplianceMetrics) => Promise<RunnerOptions>
}

export type ComplianceSetup = ServiceSetup<LoadedCompliance> & {
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** How often it is looked whether there is something to do. */
const TICK_MS = 15_000
const MOST_LISTED = 60
const MOST_BYTES = 256 * 1024 * 1024

export const createCompliance = (loaded: LoadedCompliance, setup: ComplianceSetup): Service =>
  new ComplianceApp(loaded, setup).service

/** Makes reports by the schedule, delivers them, and serves them. */
class ComplianceApp {
  readonly service: ServiceLife<LoadedCompliance>
  readonly #setup: ComplianceSetup
  readonly #clock: Clock
  readonly #store = createSeriesStore()
  readonly #metrics = new ComplianceMetrics(this.#store)
  readonly #process
  readonly #http: HttpService
  #roles: Roles | undefined
  #runner: ReportRunner | undefined
  #timer: NodeJS.Timeout | undefined
  #turn: Promise<void> = Promise.resolve()
  #isRunning = false
  #trouble: string | undefined

  constructor(loaded: LoadedCompliance, setup: ComplianceSetup) {
    this.#setup = setup
    this.#clock = setup.clock ?? systemClock
    this.#process = createProcessMetrics({ version: setup.version })
    this.service = new ServiceLife(loaded, {
      setup,
      clock: this.#clock,
      process: this.#process,
      fixed: ({ config: { compliance } }) => ({
        'compliance.listen_address': compliance.listen_address,
        'compliance.output_dir': compliance.output_dir,
        'compliance.web_config_file': compliance.web_config_file,
      }),
      start: loaded => this.#start(loaded),
      reload: loaded => this.#reload(loaded),
      stop: () => this.#stop(),
    })
    this.#http = this.#createHttp(loaded.config.compliance)
  }

  async #start(loaded: LoadedCompliance): Promise<{ readonly url: string }> {
    try {
      const { runner, roles } = await this.#prepare(loaded)
      this.#runner = runner
      this.#roles = roles
      const started = await this.#http.start()
      this.#timer = setInterval(() => this.#tick(), TICK_MS)
      this.#tick()
      return started
    } catch (error) {
      await this.#stop()
      throw error
    }
  }

  async #reload(loaded: LoadedCompliance): Promise<void> {
    const { runner, roles } = await this.#prepare(loaded)
    await this.#http.reload()
    // What it makes is not finished: the next one makes it by the new configuration.
    this.#runner?.stop()
    this.#runner = runner
    this.#roles = roles
  }

  async #prepare(
    loaded: LoadedCompliance,
  ): Promise<{ readonly runner: ReportRunner; readonly roles: Roles | undefined }> {
    const roles = await readRoles(loaded.config.web, this.#setup.environment ?? process.env)
    const runner = new ReportRunner(await loaded.prepare(this.#metrics))
    await runner.look()
    return { runner, roles }
  }

  async #stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#runner?.stop()
    await this.#turn
    await this.#http.stop()
  }

  /** One run at a time; one that takes long leaves out the ticks meanwhile. */
  #tick(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    this.#turn = this.#run().finally(() => {
      this.#isRunning = false
    })
  }

  async #run(): Promise<void> {
    try {
      const runner = this.#runner
      if (runner !== undefined && (await runner.isWanted())) await runner.run()
      this.#trouble = undefined
    } catch (error) {
      if (this.#trouble === undefined) this.#setup.logger.error('The schedule could not be looked at.', { error })
      this.#trouble = 'The folder of the reports or the lease cannot be used; the log says why.'
    }
  }

  #createHttp(config: ComplianceConfig): HttpService {
    const { logger, allowUnauthenticated } = this.#setup
    return createHttpService({
      listen: config.listen_address,
      webConfigFile: config.web_config_file,
      allowUnauthenticated,
      roles: () => this.#roles,
      hosts: () => this.service.loaded.config.web?.allowed_hosts ?? [],
      exposition: format => this.#exposition(format),
      scrapeRefused: () => this.#process.scrapeRefused(),
      page: () => this.#page(),
      notReady: () => this.#trouble,
      reload: () => this.service.reload(),
      routes: app => reportRoutes(app, (folder, file) => this.#file(folder, file)),
      clock: this.#clock,
      logger,
    })
  }

  #exposition(format: ExpositionFormat): AsyncIterable<Buffer> {
    return renderExposition(this.#store, this.#process, format)
  }

  async #page() {
    const { periods = [], next } = (await this.#runner?.look()) ?? {}
    const newest = ((await this.#runner?.archive.reports()) ?? []).toReversed().slice(0, MOST_LISTED)
    const counts = await this.#runner?.archive.counts(newest)
    return compliancePage({
      version: this.#setup.version,
      now: this.#clock.now(),
      readiness: { ready: this.#trouble === undefined },
      due: periods.map(({ name }) => name),
      next,
      waiting: this.#metrics.waiting,
      dead: this.#metrics.dead,
      reports: newest.map(one => listed(one, counts?.get(one.sha256))),
    })
  }

  /** Only what the manifest of a report names. */
  async #file(folder: string, file: string) {
    const { output_dir: outputDir } = this.service.loaded.config.compliance
    const one = (await this.#runner?.archive.reports())?.find(each => each.folder === folder)
    if (one === undefined || one.manifest.files.every(({ name }) => name !== file)) return undefined
    const bytes = await readRegularBytes(join(outputDir, folder, file), MOST_BYTES, 'refuse')
    return { bytes, mediaType: mediaTypeOf(file) }
  }
}

function listed({ folder, manifest }: ChainedManifest, counts: ListedReport['counts']): ListedReport {
  return {
    folder,
    period: manifest.period.name,
    revision: manifest.revision,
    generatedAt: Date.parse(manifest.generatedAt),
    isSigned: manifest.key !== null,
    counts,
    files: manifest.files.map(({ name }) => name),
  }
}
