import { type Clock, systemClock } from '../core/clock.ts'
import { ClawtrustError } from '../core/errors.ts'
import type { Secret } from '../core/secret.ts'
import { steadyClock } from '../core/steady-clock.ts'
import { renderExposition } from '../service/exposition/exposition.ts'
import { createProcessMetrics } from '../service/exposition/process-metrics.ts'
import { createHttpService, type HttpService } from '../service/http/http-service.ts'
import type { Logger } from '../service/log/logger.ts'
import { readSecret } from '../service/secrets/read-secret.ts'
import { createSeriesStore } from '../service/series/store.ts'
import { commandRunner, type RunCommand } from './actions/nft/command.ts'
import { ApprovalLinks, approvalKey } from './approval/links.ts'
import { registerApprovals } from './approval/routes.ts'
import type { RemediationConfig } from './config.ts'
import { refuseFixedChanges } from './config-reload.ts'
import { type DiscoverNetworks, LiveNeverBlock } from './decision/live-never-block.ts'
import { readDestinations } from './delivery/destinations.ts'
import { Engine } from './engine.ts'
import { discoverNetworks } from './enrichment/discovery.ts'
import type { EnrichmentSources } from './enrichment/gather.ts'
import type { Fetch } from './enrichment/http-provider.ts'
import { openSources } from './enrichment/sources.ts'
import { AuditVerifier } from './ledger/audit-verifier.ts'
import { AuditWriter } from './ledger/audit-writer.ts'
import { type Ledger, openLedger } from './ledger/ledger.ts'
import { createDurations, defineMetrics } from './metrics/definitions.ts'
import { setGauges } from './metrics/gauges.ts'
import { registerOperator } from './operator/routes.ts'
import { overview } from './page/overview.ts'
import { remediationPage } from './page/render.ts'
import type { Credentials } from './webhook/authentication.ts'
import { readCredentials } from './webhook/credentials.ts'
import { refuseOpenWebhook } from './webhook/open-webhook.ts'
import { registerWebhook } from './webhook/routes.ts'

export interface LoadedRemediationConfig {
  readonly config: {
    readonly remediation: RemediationConfig
    readonly exporter: {
      readonly trusted_proxies: readonly string[]
      readonly sources?: readonly { readonly type: string; readonly nodes?: readonly string[] | undefined }[]
    }
  }
}

export interface RemediationSetup {
  readonly version: string
  readonly logger: Logger
  /** True where other machines may come in without showing who they are. */
  readonly allowUnauthenticated: boolean
  /** Reads the configuration again; rejects where it is wrong. */
  readonly loadConfig: () => Promise<LoadedRemediationConfig>
  /** The rest has the system's own as default. */
  readonly clock?: Clock
  readonly runNft?: RunCommand
  readonly fetch?: Fetch
  readonly random?: () => number
  readonly discoverNetworks?: DiscoverNetworks
  readonly environment?: Readonly<Record<string, string | undefined>>
}

export interface Remediation {
  /** Resolves when it answers; the address is the one to open. */
  start(): Promise<{ readonly url: string }>
  /** Resolves when everything is written; also where the start failed or is still under way. */
  stop(): Promise<void>
  /** Takes the configuration anew; rejects where it is refused and the old one stays. */
  reload(): Promise<void>
}

export function createRemediation(loaded: LoadedRemediationConfig, setup: RemediationSetup): Remediation {
  return new RemediationApp(loaded, setup)
}

interface Running {
  readonly ledger: Ledger
  readonly verifier: AuditVerifier
  readonly approvalLinks: ApprovalLinks
  readonly engine: Engine
  readonly credentials: Credentials
  readonly operatorToken: Secret | undefined
  readonly enrichment: EnrichmentSources
}

/** Alerts in; blocks, messages and tickets out. */
class RemediationApp implements Remediation {
  readonly #setup: RemediationSetup
  readonly #host: Clock
  /** Follows the passing of time: what blocks and proposals are measured with. */
  readonly #clock: Clock
  readonly #store = createSeriesStore()
  readonly #metrics = defineMetrics(this.#store)
  readonly #durations = createDurations()
  readonly #process
  readonly #http: HttpService
  #loaded: LoadedRemediationConfig
  #running: Running | undefined
  /** Set while the last attempt to write the ledger failed. */
  #writeFault: string | undefined
  /** Starts, reloads and stops follow each other. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(loaded: LoadedRemediationConfig, setup: RemediationSetup) {
    this.#loaded = loaded
    this.#setup = setup
    this.#host = setup.clock ?? systemClock
    this.#clock = steadyClock(this.#host)
    this.#process = createProcessMetrics({ version: setup.version })
    this.#http = this.#createHttp(loaded.config.remediation)
  }

  start(): Promise<{ readonly url: string }> {
    return this.#inTurn(async () => {
      await refuseOpenWebhook(this.#loaded.config.remediation)
      const ledger = openLedger(this.#loaded.config.remediation.state_dir)
      try {
        const key = await ledger.write(() => approvalKey(ledger.documents))
        const foundation = { ledger, verifier: new AuditVerifier(ledger), approvalLinks: new ApprovalLinks(key) }
        this.#running = { ...foundation, ...(await this.#createEngine(this.#loaded, foundation)) }
        await this.#running.engine.start()
        const started = await this.#http.start()
        this.#process.configReloaded(true, this.#host.now())
        return started
      } catch (error) {
        if (this.#running === undefined) await ledger.close()
        await this.#halt()
        throw error
      }
    })
  }

  reload(): Promise<void> {
    return this.#inTurn(async () => {
      try {
        const loaded = await this.#setup.loadConfig()
        refuseFixedChanges(this.#loaded.config.remediation, loaded.config.remediation)
        await refuseOpenWebhook(loaded.config.remediation)
        const running = this.#current()
        const made = await this.#createEngine(loaded, running)
        await this.#http.reload()
        await running.engine.stop()
        await made.engine.start()
        this.#running = { ...running, ...made }
        this.#loaded = loaded
      } catch (error) {
        this.#process.configReloaded(false, this.#host.now())
        throw error
      }
      this.#process.configReloaded(true, this.#host.now())
      this.#setup.logger.info('The configuration was taken anew.')
    })
  }

  stop(): Promise<void> {
    return this.#inTurn(() => this.#halt())
  }

  async #halt(): Promise<void> {
    await this.#http.stop()
    await this.#running?.engine.stop()
    await this.#running?.ledger.close()
    this.#running = undefined
  }

  #createHttp(config: RemediationConfig): HttpService {
    const { logger, allowUnauthenticated } = this.#setup
    const clock = this.#host
    return createHttpService({
      listen: config.listen_address,
      webConfigFile: config.web_config_file,
      allowUnauthenticated,
      exposition: () => this.#exposition(),
      scrapeRefused: () => this.#process.scrapeRefused(),
      page: () => remediationPage(this.#overview()),
      notReady: () => this.#notReady(),
      reload: () => this.reload(),
      routes: app => {
        registerWebhook(app, {
          credentials: () => this.#current().credentials,
          maxBody: config.webhook.max_body,
          overloaded: () =>
            this.#current().engine.responder.waiting >= this.#loaded.config.remediation.webhook.max_waiting,
          accept: message => this.#watched(this.#current().engine.accept(message)),
          answered: (sender, result) => {
            this.#metrics.requests.series(sender, result).value += 1
          },
          clock,
          logger,
        })
        registerApprovals(app, {
          approvalLinks: () => this.#current().approvalLinks,
          incident: id => this.#current().ledger.incidents.get(id),
          answer: (id, approved, actor) => this.#current().engine.responder.answerProposal(id, approved, actor),
          clock: this.#clock,
          logger,
        })
        registerOperator(app, {
          access: () => ({ token: this.#current().operatorToken, signedIn: this.#http.authenticated }),
          breaker: () => this.#current().engine.breaker.state(this.#clock.now()),
          run: command => this.#current().engine.operatorCommands.run(command),
        })
      },
      clock,
      logger,
    })
  }

  async #createEngine(
    { config }: LoadedRemediationConfig,
    { ledger, verifier, approvalLinks }: Pick<Running, 'ledger' | 'verifier' | 'approvalLinks'>,
  ) {
    const { remediation, exporter } = config
    const setup = this.#setup
    const fetcher = setup.fetch ?? fetch
    const logger = setup.logger.with({ component: 'remediation' })
    const environment = setup.environment ?? process.env
    const credentials = await readCredentials(remediation.webhook, environment)
    const { bearer_token: inline, bearer_token_file: file } = remediation.operator
    const operatorToken = await readSecret('remediation.operator.bearer_token', { inline, file }, environment)
    const destinations = await readDestinations(remediation.destinations, environment)
    const budgets = {
      read: (name: string) => ledger.documents.get(name),
      write: (name: string, value: unknown) => {
        ledger
          .write(() => ledger.documents.set(name, value))
          .catch(error => logger.error('A budget of questions could not be recorded.', { error }))
      },
    }
    const reading = { environment, fetch: fetcher, clock: this.#host, logger, budgets }
    const enrichment = await openSources(remediation.enrichment, reading)
    const neverBlock = new LiveNeverBlock({
      config: remediation.never_block,
      trustedProxies: exporter.trusted_proxies,
      elasticsearch: exporter.sources?.flatMap(({ nodes = [] }) => nodes) ?? [],
      find: setup.discoverNetworks ?? discoverNetworks,
      clock: this.#clock,
      logger,
    })
    const engine = new Engine({
      config: remediation,
      ledger,
      verifier,
      auditWriter: new AuditWriter(ledger.audit, this.#host, setup.version),
      approvalLinks,
      neverBlock,
      destinations,
      enrichment,
      metrics: this.#metrics,
      durations: this.#durations,
      runNft: setup.runNft ?? commandRunner(remediation.firewall.command),
      fetch: fetcher,
      random: setup.random ?? Math.random,
      clock: this.#clock,
      logger,
    })
    return { engine, credentials, operatorToken, enrichment }
  }

  #exposition(): AsyncIterable<string> {
    const { ledger, engine, enrichment } = this.#current()
    const { sources } = enrichment
    setGauges({ metrics: this.#metrics, ledger, engine, sources, fault: this.#fault(), clock: this.#clock })
    const own = { render: async () => (await this.#durations.render()) + (await this.#process.render()) }
    return renderExposition(this.#store, own)
  }

  #overview() {
    const { ledger, engine, enrichment } = this.#current()
    const reason = this.#notReady()
    return overview({
      version: this.#setup.version,
      clock: this.#clock,
      ledger,
      policy: engine.policy,
      breaker: engine.breaker,
      drift: engine.maintenance.drift,
      sources: enrichment.sources,
      notReady: reason,
      operators: this.#http.authenticated,
    })
  }

  #notReady(): string | undefined {
    const { engine } = this.#current()
    const fault = this.#fault()
    if (fault !== undefined) return `The ledger is not sound: ${fault}.`
    return engine.maintenance.drift.asked ? undefined : 'The firewall does not answer; what is decided waits for it.'
  }

  #fault(): string | undefined {
    return this.#writeFault ?? this.#current().verifier.fault
  }

  async #watched(work: Promise<void>): Promise<void> {
    try {
      await work
      this.#writeFault = undefined
    } catch (error) {
      this.#writeFault = (error as Error).message.replace(/\.$/, '')
      throw error
    }
  }

  #current(): Running {
    if (this.#running === undefined) throw new ClawtrustError('NOT_RUNNING', 'The service is not running; start it.')
    return this.#running
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => undefined)
    return done
  }
}
