import type { Clock } from '../core/clock.ts'
import type { Translation } from '../core/net/spellings.ts'
import type { Destinations } from '../service/delivery/destinations.ts'
import type { Fetch } from '../service/http-client/bounded-fetch.ts'
import type { Logger } from '../service/log/logger.ts'
import { policyOfConfig, type RemediationConfig } from './config.ts'
import type { StepContext, StepExecutor, StepJournal } from './contracts/step.ts'
import type { Allowlist } from './decision/allowlist.ts'
import { activeSteps, type Policy } from './decision/policy.ts'
import type { AlertMessage } from './domain/alert.ts'
import type { SourceNetworks } from './domain/limits.ts'
import type { OpenedSources } from './enrichment/sources.ts'
import { Ingestion } from './intake/ingestion.ts'
import type { Durations, RemediationMetrics } from './metrics/definitions.ts'
import { type ApprovalLinks, incidentLink } from './operator/approval-links.ts'
import { OperatorCommands } from './operator/commands.ts'
import { Responder } from './responder/responder.ts'
import { Scheduler, type Ticker } from './scheduler.ts'
import type { RunCommand } from './steps/block/nft/command.ts'
import { type AdditionalStep, connectShipped } from './steps/executors.ts'
import type { StepRegistry, StepType } from './steps/registry.ts'
import { StepRunner } from './steps/runner.ts'
import type { AuditVerifier } from './store/audit-verifier.ts'
import type { AuditWriter } from './store/audit-writer.ts'
import { Breaker } from './store/breaker.ts'
import type { Ledger } from './store/ledger.ts'

export interface EngineOptions {
  readonly config: RemediationConfig
  readonly ledger: Ledger
  readonly verifier: AuditVerifier
  readonly auditWriter: AuditWriter
  readonly approvalLinks: ApprovalLinks
  readonly allowlist: Allowlist
  readonly destinations: Destinations
  readonly enrichment: OpenedSources
  readonly sourceNetworks: SourceNetworks
  /** Ways to write an IPv4 address as an IPv6 address. */
  readonly translations: readonly Translation[]
  readonly registry: StepRegistry
  /** Kinds of step of the registry that are not shipped. */
  readonly moreSteps: readonly AdditionalStep[]
  /** Milliseconds after which an attempt of a step has failed. */
  readonly stepTimeout: number
  /** Milliseconds that a start waits for what steps act on. */
  readonly startTimeout: number
  readonly ticker: Ticker
  readonly metrics: RemediationMetrics
  readonly durations: Durations
  readonly runNft: RunCommand | undefined
  readonly fetch: Fetch
  readonly random: () => number
  /** Follows the passing of time, not the host's clock. */
  readonly clock: Clock
  readonly logger: Logger
}

/** What one configuration sets going. A reload replaces the engine; ledger, metrics and HTTP service stay. */
export class Engine {
  readonly policy: Policy
  readonly registry: StepRegistry
  readonly breaker: Breaker
  readonly responder: Responder
  readonly operatorCommands: OperatorCommands
  readonly runner: StepRunner
  readonly scheduler: Scheduler
  readonly #allowlist: Allowlist
  readonly #ingestion: Ingestion

  constructor(options: EngineOptions) {
    const { config, ledger, auditWriter, registry, allowlist, metrics, clock, logger } = options
    this.policy = policyOfConfig(config)
    this.registry = registry
    this.#allowlist = allowlist
    this.breaker = new Breaker(ledger.documents, config.limits.breaker_reset)
    const { policy, breaker } = this
    const active = activeSteps(policy)
    this.runner = new StepRunner({
      ledger,
      auditWriter,
      registry,
      connect: journal => connectSteps(journal, active, options),
      active,
      timeout: options.stepTimeout,
      startTimeout: options.startTimeout,
      metrics,
      durations: options.durations,
      clock,
      logger,
    })
    const { runner } = this
    const { enrichment } = options
    this.#ingestion = new Ingestion({ ledger, auditWriter, policy, breaker, enrichment, metrics, clock, logger })
    this.responder = new Responder({
      ledger,
      auditWriter,
      policy,
      registry,
      runner,
      allowlist,
      breaker,
      enrichment,
      sourceNetworks: options.sourceNetworks,
      translations: options.translations,
      metrics,
      approvalLifetime: config.approval_lifetime,
      gracePeriod: config.soft_allow,
      clock,
      logger,
    })
    const { responder } = this
    this.operatorCommands = new OperatorCommands({
      ledger,
      auditWriter,
      journal: runner,
      responder,
      breaker,
      gracePeriod: config.soft_allow,
      clock,
    })
    this.scheduler = new Scheduler({
      ledger,
      verifier: options.verifier,
      responder,
      runner,
      operatorCommands: this.operatorCommands,
      allowlist,
      enrichment: options.enrichment,
      retention: config.retention,
      ticker: options.ticker,
      clock,
      logger,
    })
  }

  /** Before the first alert is taken, the firewall is as it should be, is reported to be in trouble, or does not answer in time. */
  async start(): Promise<void> {
    await this.#allowlist.refresh()
    await this.responder.completeMigrated()
    await this.runner.start()
    this.responder.start()
    this.scheduler.start()
  }

  /** Resolves when the alerts are on the disk; deciding goes on. */
  async accept(message: AlertMessage): Promise<void> {
    this.responder.enqueue(await this.#ingestion.accept(message))
  }

  async stop(): Promise<void> {
    const decided = this.responder.stop()
    await this.scheduler.stop()
    await decided
  }
}

/** The executor of every kind of the registry. */
function connectSteps(
  journal: StepJournal,
  active: ReadonlySet<string>,
  options: EngineOptions,
): ReadonlyMap<string, StepExecutor> {
  const { config, ledger, auditWriter, metrics, durations, allowlist, destinations, approvalLinks, clock, logger } =
    options
  const context = (type: string): StepContext => ({
    ledger,
    auditWriter,
    journal,
    metrics,
    durations,
    isActive: active.has(type),
    clock,
    logger,
  })
  const services = {
    firewall: config.firewall,
    allowlist,
    runNft: options.runNft,
    destinations,
    linkOf: incidentLink(approvalLinks, config.external_url),
    fetch: options.fetch,
    random: options.random,
  }
  const shipped = Object.entries(connectShipped) as [StepType, (typeof connectShipped)[StepType]][]
  return new Map([
    ...shipped.map(([type, connect]): [string, StepExecutor] => [type, connect(context(type), services)]),
    ...options.moreSteps.map(({ kind, connect }): [string, StepExecutor] => [kind.type, connect(context(kind.type))]),
  ])
}
