import type { Clock } from '../core/clock.ts'
import type { Logger } from '../service/log/logger.ts'
import type { RunCommand } from './actions/nft/command.ts'
import { createNftables } from './actions/nftables.ts'
import type { Approvals } from './approvals.ts'
import { Breaker } from './breaker.ts'
import { Caretaker } from './caretaker.ts'
import type { Chronicle } from './chronicle.ts'
import type { RemediationConfig } from './config.ts'
import { Containment } from './containment.ts'
import { Courier, type Destination } from './courier.ts'
import { requestSteps } from './decision/playbook.ts'
import type { EnricherOptions } from './enrichment/enricher.ts'
import type { Fetch } from './enrichment/http-provider.ts'
import { Errands } from './errands.ts'
import { Intake } from './intake.ts'
import type { Incident } from './ledger/incidents.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { LedgerWatch } from './ledger-watch.ts'
import { letterFacts } from './letters.ts'
import type { Durations, RemediationMetrics } from './metrics.ts'
import { type Policy, policyOf, touchesFirewall } from './policy.ts'
import type { Protection } from './protection.ts'
import { Reconciler } from './reconcile.ts'
import { Responder } from './responder.ts'
import type { AlertMessage } from './webhook/alert.ts'

export interface EngineOptions {
  readonly config: RemediationConfig
  readonly ledger: Ledger
  readonly watch: LedgerWatch
  readonly chronicle: Chronicle
  readonly approvals: Approvals
  readonly protection: Protection
  readonly destinations: ReadonlyMap<string, Destination>
  readonly enrichment: EnricherOptions
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
  readonly errands: Errands
  readonly caretaker: Caretaker
  readonly courier: Courier
  readonly #options: EngineOptions
  readonly #intake: Intake
  readonly #reconciler: Reconciler | undefined

  constructor(options: EngineOptions) {
    const { config, ledger, chronicle, protection, clock } = options
    this.#options = options
    this.policy = policyOf(config)
    this.breaker = new Breaker(ledger.documents, config.limits.breaker_reset)
    const { policy, breaker } = this
    const nftables = createNftables(options.runNft, config.firewall)
    const writeLetters = (incident: Incident) => this.#writeLetters(incident)
    const containment = new Containment({ ...options, nftables, writeLetters })
    this.#reconciler = touchesFirewall(policy)
      ? new Reconciler({ ...options, nftables, containment, neverBlock: () => protection.list.networks })
      : undefined
    this.#intake = new Intake({ ...options, policy })
    this.responder = new Responder({
      ...options,
      policy,
      breaker,
      containment,
      writeLetters,
      approvalLifetime: config.approval_lifetime,
      waitingApprovals: config.limits.waiting_approvals,
    })
    const { responder } = this
    this.errands = new Errands({ ledger, chronicle, containment, responder, softAllow: config.soft_allow, clock })
    this.courier = new Courier(options)
    this.caretaker = new Caretaker({
      ...options,
      containment,
      responder,
      courier: this.courier,
      errands: this.errands,
      reconciler: this.#reconciler,
      reconcileInterval: config.firewall.reconcile_interval,
      retention: config.retention,
    })
  }

  /** The firewall is as it should be, or said to be in trouble, before the first alert is taken. */
  async start(): Promise<void> {
    await this.#options.protection.refresh()
    await this.#reconciler?.prepare()
    await this.caretaker.releaseProtected()
    this.caretaker.start()
  }

  /** Resolves when the alerts are on the disk; deciding goes on. */
  async accept(message: AlertMessage): Promise<void> {
    this.responder.take(await this.#intake.accept(message))
  }

  async stop(): Promise<void> {
    await this.caretaker.stop()
    await this.responder.idle()
  }

  #writeLetters(incident: Incident): void {
    const { ledger, destinations, clock } = this.#options
    const playbook = this.policy.playbooks.find(({ name }) => name === incident.playbook)
    if (playbook === undefined) return
    const createdAt = clock.now()
    const body = JSON.stringify(letterFacts(incident, this.#link(incident)))
    for (const { destination } of requestSteps(playbook)) {
      const giveUpAt = createdAt + (destinations.get(destination)?.giveUpAfter ?? 0)
      ledger.outbox.add({ incident: incident.id, destination, body, createdAt, giveUpAt })
    }
  }

  #link({ id, state, facts }: Incident): string {
    const { config, approvals } = this.#options
    if (config.external_url === undefined) return ''
    return state === 'proposed'
      ? `${config.external_url}approvals/${approvals.token(id, facts.expiresAt ?? 0)}`
      : config.external_url
  }
}
