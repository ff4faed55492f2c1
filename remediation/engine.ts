import type { Clock } from '../core/clock.ts'
import type { Logger } from '../service/log/logger.ts'
import type { RemediationConfig } from './config.ts'
import type { LiveNeverBlock } from './decision/live-never-block.ts'
import { type Policy, policyOf, touchesFirewall } from './decision/policy.ts'
import type { AlertMessage } from './domain/alert.ts'
import type { EnrichmentSources } from './enrichment/gather.ts'
import type { Fetch } from './enrichment/http-provider.ts'
import { Ingestion } from './intake/ingestion.ts'
import type { Durations, RemediationMetrics } from './metrics/definitions.ts'
import type { ApprovalLinks } from './operator/approval-links.ts'
import { OperatorCommands } from './operator/commands.ts'
import { Responder } from './responder/responder.ts'
import { Maintenance } from './scheduler.ts'
import { Containment } from './steps/block/containment.ts'
import type { RunCommand } from './steps/block/nft/command.ts'
import { createNftables } from './steps/block/nft/nftables.ts'
import { Reconciler } from './steps/block/reconciler.ts'
import type { Destinations } from './steps/request/destinations.ts'
import { Dispatcher } from './steps/request/dispatcher.ts'
import { deliveryWriter } from './steps/request/writer.ts'
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
  readonly neverBlock: LiveNeverBlock
  readonly destinations: Destinations
  readonly enrichment: EnrichmentSources
  readonly metrics: RemediationMetrics
  readonly durations: Durations
  readonly runNft: RunCommand
  readonly fetch: Fetch
  readonly random: () => number
  /** Follows the passing of time, not the host's clock. */
  readonly clock: Clock
  readonly logger: Logger
}

/** What one configuration sets going. A reload replaces the engine; ledger, metrics and HTTP service stay. */
export class Engine {
  readonly policy: Policy
  readonly breaker: Breaker
  readonly responder: Responder
  readonly operatorCommands: OperatorCommands
  readonly maintenance: Maintenance
  readonly dispatcher: Dispatcher
  readonly #options: EngineOptions
  readonly #ingestion: Ingestion
  readonly #reconciler: Reconciler | undefined

  constructor(options: EngineOptions) {
    const { config, ledger, neverBlock } = options
    this.#options = options
    this.policy = policyOf(config)
    this.breaker = new Breaker(ledger.documents, config.limits.breaker_reset)
    const { policy, breaker } = this
    const nftables = createNftables(options.runNft, config.firewall)
    const addDeliveries = deliveryWriter({ ...options, policy, externalUrl: config.external_url })
    const containment = new Containment({ ...options, nftables, addDeliveries })
    this.#reconciler = touchesFirewall(policy)
      ? new Reconciler({ ...options, nftables, containment, neverBlock: () => neverBlock.list.networks })
      : undefined
    this.#ingestion = new Ingestion({ ...options, policy })
    this.responder = new Responder({
      ...options,
      policy,
      breaker,
      containment,
      addDeliveries,
      approvalLifetime: config.approval_lifetime,
      waitingApprovals: config.limits.waiting_approvals,
    })
    const { responder } = this
    this.operatorCommands = new OperatorCommands({
      ...options,
      containment,
      responder,
      breaker,
      softAllow: config.soft_allow,
    })
    this.dispatcher = new Dispatcher(options)
    this.maintenance = new Maintenance({
      ...options,
      containment,
      responder,
      dispatcher: this.dispatcher,
      operatorCommands: this.operatorCommands,
      reconciler: this.#reconciler,
      reconcileInterval: config.firewall.reconcile_interval,
      retention: config.retention,
    })
  }

  /** The firewall is as it should be, or said to be in trouble, before the first alert is taken. */
  async start(): Promise<void> {
    await this.#options.neverBlock.refresh()
    await this.#reconciler?.prepare()
    await this.maintenance.releaseProtected()
    this.maintenance.start()
  }

  /** Resolves when the alerts are on the disk; deciding goes on. */
  async accept(message: AlertMessage): Promise<void> {
    this.responder.take(await this.#ingestion.accept(message))
  }

  async stop(): Promise<void> {
    await this.maintenance.stop()
    await this.responder.idle()
  }
}
