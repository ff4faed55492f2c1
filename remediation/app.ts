import { type Clock, systemClock } from '../core/clock.ts'
import { ClawtrustError, failureReason } from '../core/errors.ts'
import { compileNetworks } from '../core/net/networks.ts'
import { steadyClock } from '../core/time/steady-clock.ts'
import { type Service, ServiceLife } from '../service/app/service.ts'
import { renderExposition } from '../service/exposition/exposition.ts'
import { createProcessMetrics } from '../service/exposition/process-metrics.ts'
import type { Client } from '../service/http/client.ts'
import { createHttpService, type HttpService } from '../service/http/http-service.ts'
import { type Roles, readRoles } from '../service/http/roles.ts'
import type { ExpositionFormat } from '../service/series/exposition-format.ts'
import { createSeriesStore } from '../service/series/store.ts'
import { preparePrivateFolder } from '../service/state/private-folder.ts'
import { type Assembled, assemble, type Foundation } from './assemble.ts'
import { policyOfConfig, type RemediationConfig } from './config.ts'
import type { StepKind } from './contracts/step.ts'
import { usedLabels } from './decision/matching.ts'
import { activeSteps } from './decision/policy.ts'
import { removeSourceGauges, setGauges } from './gauges.ts'
import { refuseOpenWebhook } from './intake/open-webhook.ts'
import { registerWebhook } from './intake/routes.ts'
import { createDurations, defineMetrics } from './metrics/definitions.ts'
import { ApprovalLinks, approvalKey } from './operator/approval-links.ts'
import { registerApprovals } from './operator/approval-routes.ts'
import { mayCommand } from './operator/authentication.ts'
import type { IncidentView } from './operator/page/model.ts'
import { incidentView, overview } from './operator/page/overview.ts'
import { remediationPage } from './operator/page/sections/render.ts'
import { registerOperator } from './operator/routes.ts'
import type { LoadedRemediationConfig, RemediationSetup } from './setup.ts'
import { createStepRegistry, type StepRegistry, stepKinds } from './steps/registry.ts'
import { AuditVerifier } from './store/audit-verifier.ts'
import { LEDGER_PLACE, type Ledger, openLedger } from './store/ledger.ts'

export type { LoadedRemediationConfig, RemediationSetup }

export type Remediation = Service

export function createRemediation(loaded: LoadedRemediationConfig, setup: RemediationSetup): Remediation {
  return new RemediationApp(loaded, setup).service
}

interface Running extends Foundation, Assembled {}

/** Alerts in; blocks, messages and tickets out. */
class RemediationApp {
  readonly service: ServiceLife<LoadedRemediationConfig>
  readonly #setup: RemediationSetup
  readonly #host: Clock
  /** Follows the passing of time: what blocks and proposals are measured with. */
  readonly #clock: Clock
  readonly #store = createSeriesStore()
  readonly #metrics = defineMetrics(this.#store)
  readonly #durations = createDurations()
  readonly #process
  readonly #registry: StepRegistry
  readonly #http: HttpService
  #running: Running | undefined
  #roles: Roles | undefined
  /** Set while the last attempt to write the ledger failed. */
  #writeFault: string | undefined

  constructor(loaded: LoadedRemediationConfig, setup: RemediationSetup) {
    this.#setup = setup
    this.#host = setup.clock ?? systemClock
    this.#clock = steadyClock(this.#host)
    this.#process = createProcessMetrics({ version: setup.version })
    this.#registry = createStepRegistry([
      ...Object.values<StepKind>(stepKinds),
      ...(setup.moreSteps ?? []).map(({ kind }) => kind),
    ])
    this.service = new ServiceLife(loaded, {
      setup,
      clock: this.#host,
      process: this.#process,
      fixed: ({ config: { remediation } }) => ({
        'remediation.listen_address': remediation.listen_address,
        'remediation.state_dir': remediation.state_dir,
        'remediation.web_config_file': remediation.web_config_file,
        'remediation.webhook.max_body': remediation.webhook.max_body,
        'remediation.firewall.table': remediation.firewall.table,
        'remediation.firewall.command': remediation.firewall.command,
      }),
      start: loaded => this.#start(loaded),
      reload: loaded => this.#reload(loaded),
      stop: () => this.#stop(),
    })
    this.#http = this.#createHttp(loaded.config.remediation)
  }

  async #start(loaded: LoadedRemediationConfig): Promise<{ readonly url: string }> {
    await this.#refuseOpenWebhook(loaded)
    this.#roles = await this.#readRoles(loaded)
    const { folder, changes } = preparePrivateFolder(loaded.config.remediation.state_dir, LEDGER_PLACE)
    for (const change of changes) this.#setup.logger.warn(change)
    const ledger = openLedger(folder)
    try {
      const key = await ledger.write(() => approvalKey(ledger.documents))
      const foundation = this.#foundation(ledger, key)
      this.#running = { ...foundation, ...(await assemble(loaded, foundation, this.#setup)) }
      await this.#running.engine.start()
      return await this.#http.start()
    } catch (error) {
      if (this.#running === undefined) await ledger.close()
      await this.#stop()
      throw error
    }
  }

  async #reload(loaded: LoadedRemediationConfig): Promise<void> {
    await this.#refuseOpenWebhook(loaded)
    const roles = await this.#readRoles(loaded)
    const running = this.#current()
    const made = await assemble(loaded, running, this.#setup)
    await this.#http.reload()
    await running.engine.stop()
    await made.engine.start().catch(async error => {
      await running.engine.start()
      throw error
    })
    removeSourceGauges(this.#metrics, running.enrichment)
    this.#running = { ...running, ...made }
    this.#roles = roles
  }

  /** @throws ClawtrustError WEBHOOK_UNAUTHENTICATED */
  #refuseOpenWebhook({ config: { remediation: config, web } }: LoadedRemediationConfig): Promise<void> {
    // With roles, a delivery without credentials is refused like any other request.
    if (web?.roles !== undefined && !web.roles.deliver.anyone) return Promise.resolve()
    const active = [...activeSteps(policyOfConfig(config))]
    const acts = active.some(type => this.#registry.get(type).stage === 'act')
    return refuseOpenWebhook({ webhook: config.webhook, webConfigFile: config.web_config_file, acts })
  }

  async #stop(): Promise<void> {
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
      roles: () => this.#roles,
      hosts: () => hostsOf(this.service.loaded),
      isTrustedProxy: address => this.#isTrustedProxy(address),
      exposition: format => this.#exposition(format),
      scrapeRefused: () => this.#process.scrapeRefused(),
      page: ({ client }) => remediationPage(this.#overview(client)),
      notReady: () => this.#notReady(),
      reload: () => this.service.reload(),
      routes: app => {
        registerWebhook(app, {
          credentials: () => this.#current().credentials,
          maxBody: config.webhook.max_body,
          isTrustedProxy: address => this.#isTrustedProxy(address),
          usedLabels: () => usedLabels(this.#current().engine.policy.playbooks),
          overloaded: () =>
            this.#current().engine.responder.waiting >= this.service.loaded.config.remediation.webhook.max_waiting,
          accept: message => this.#watched(this.#current().engine.accept(message)),
          answered: (sender, result) => {
            this.#metrics.requests.series(sender, result).value += 1
          },
          clock,
          logger,
        })
        registerApprovals(app, {
          approvalLinks: () => this.#current().approvalLinks,
          incident: id => this.#incident(id),
          answer: (id, approved, actor) => this.#current().engine.responder.answerProposal(id, { approved }, actor),
          clock: this.#clock,
          logger,
        })
        registerOperator(app, {
          access: () => ({ token: this.#current().operatorToken, signedIn: this.#http.authenticated }),
          breaker: () => this.#current().engine.breaker.state(this.#clock.now()),
          gracePeriod: () => this.service.loaded.config.remediation.soft_allow,
          incident: id => this.#incident(id),
          run: command => this.#current().engine.operatorCommands.run(command),
        })
      },
      clock,
      logger,
    })
  }

  #readRoles({ config: { web } }: LoadedRemediationConfig): Promise<Roles | undefined> {
    return readRoles(web, this.#setup.environment ?? process.env)
  }

  #isTrustedProxy(address: string): boolean {
    return compileNetworks(this.service.loaded.config.exporter.trusted_proxies)(address)
  }

  #foundation(ledger: Ledger, key: string): Foundation {
    return {
      ledger,
      verifier: new AuditVerifier(ledger),
      approvalLinks: new ApprovalLinks(key),
      metrics: this.#metrics,
      durations: this.#durations,
      registry: this.#registry,
      host: this.#host,
      clock: this.#clock,
    }
  }

  #exposition(format: ExpositionFormat): AsyncIterable<Buffer> {
    const { ledger, engine, enrichment } = this.#current()
    setGauges({ metrics: this.#metrics, ledger, engine, enrichment, fault: this.#fault(), clock: this.#clock })
    const parts = [this.#durations, this.#process]
    const own = { render: async () => (await Promise.all(parts.map(part => part.render(format)))).join('') }
    return renderExposition(this.#store, own, format)
  }

  #overview(client: Client) {
    const { ledger, engine, enrichment } = this.#current()
    const reason = this.#notReady()
    return overview({
      version: this.#setup.version,
      clock: this.#clock,
      ledger,
      policy: engine.policy,
      registry: this.#registry,
      breaker: engine.breaker,
      drift: engine.runner.drift,
      sources: enrichment.sources,
      notReady: reason,
      mayCommand: mayCommand(client, this.#http.authenticated),
    })
  }

  #incident(id: string): IncidentView | undefined {
    const { ledger } = this.#current()
    const incident = ledger.incidents.get(id)
    return incident && incidentView(incident, ledger, this.#registry)
  }

  #notReady(): string | undefined {
    const { engine } = this.#current()
    const fault = this.#fault()
    if (fault !== undefined) return `The ledger is not sound: ${fault}.`
    return engine.runner.drift.asked ? undefined : 'The firewall does not answer; what is decided waits for it.'
  }

  #fault(): string | undefined {
    return this.#writeFault ?? this.#current().verifier.fault
  }

  async #watched(work: Promise<void>): Promise<void> {
    try {
      await work
      this.#writeFault = undefined
    } catch (error) {
      this.#writeFault = failureReason(error).replace(/\.$/, '')
      throw error
    }
  }

  #current(): Running {
    if (this.#running === undefined) throw new ClawtrustError('NOT_RUNNING', 'The service is not running; start it.')
    return this.#running
  }
}

/** The names by which operators and senders reach the service. */
function hostsOf({ config: { remediation, web } }: LoadedRemediationConfig): readonly string[] {
  const external = URL.parse(remediation.external_url ?? '')
  return [...(external === null ? [] : [external.hostname]), ...(web?.allowed_hosts ?? [])]
}
