import type { Destinations } from '../../../service/delivery/destinations.ts'
import { Dispatcher } from '../../../service/delivery/dispatcher.ts'
import { httpSenders } from '../../../service/delivery/http-sender.ts'
import type { Delivery } from '../../../service/delivery/outbox.ts'
import type { Fetch } from '../../../service/http-client/bounded-fetch.ts'
import {
  done,
  giveUp,
  type QueuedExecutor,
  type StepConnection,
  type StepContext,
  type StepResult,
  type StepTask,
  tryAgain,
} from '../../contracts/step.ts'
import type { Incident } from '../../domain/incident.ts'
import type { StepRecord } from '../../domain/step.ts'
import { deliveryFacts } from './facts.ts'
import { request as kind, type RequestPlan } from './step.ts'

export interface RequestServices {
  readonly destinations: Destinations
  /** Where a person approves an incident, or looks; empty where no address is configured. */
  readonly linkOf: (incident: Incident) => string
  readonly fetch: Fetch
  /** Between 0 and 1. */
  readonly random: () => number
}

const DISPATCH_MS = 250

/** Requests wait in the outbox, each once for an incident and destination; the dispatcher sends them. */
export class RequestExecutor implements QueuedExecutor<RequestPlan> {
  readonly #context: StepContext
  readonly #services: RequestServices
  readonly #dispatcher: Dispatcher
  readonly connections: readonly StepConnection[]
  readonly tasks: readonly StepTask[]

  constructor(context: StepContext, services: RequestServices) {
    this.#context = context
    this.#services = services
    this.connections = [...services.destinations.values()].map(({ name, url, template }) => ({
      name: `destination ${name}`,
      url: url?.reveal() ?? template.url ?? '',
    }))
    this.#dispatcher = new Dispatcher({
      senders: httpSenders(services.destinations, services.fetch),
      random: services.random,
      outbox: context.ledger.outbox,
      write: change => context.ledger.write(change),
      settle: (delivery, result) => this.#record(delivery, { ...result, retryable: false }),
      count: outcome => {
        context.metrics.actions.series('request', '', outcome).value += 1
      },
      observe: milliseconds => context.durations.observe('request', milliseconds),
      clock: context.clock,
      logger: context.logger,
    })
    // A receiver that hangs holds up its own deliveries only.
    this.tasks = [{ name: 'dispatch deliveries', every: DISPATCH_MS, work: async () => void this.#dispatcher.send() }]
  }

  enqueue({ plan }: StepRecord<RequestPlan>, incident: Incident): StepResult | undefined {
    this.#add(plan, incident)
    const result = this.#resultOf(incident.id, plan)
    return result.ok || !result.retryable ? result : undefined
  }

  /** A proposal is announced to people only: a destination that makes a machine act waits for the approval. */
  announce({ plan }: StepRecord<RequestPlan>, incident: Incident): void {
    if (this.#services.destinations.get(plan.destination)?.isNotification === true) this.#add(plan, incident)
  }

  async verify({ incident, plan }: StepRecord<RequestPlan>): Promise<StepResult> {
    return this.#resultOf(incident, plan)
  }

  idle(): Promise<void> {
    return this.#dispatcher.idle()
  }

  #add({ destination }: RequestPlan, incident: Incident): void {
    const { ledger, journal, clock } = this.#context
    const { destinations, linkOf } = this.#services
    const createdAt = clock.now()
    const giveUpAt = createdAt + (destinations.get(destination)?.giveUpAfter ?? 0)
    const { thread } = incident.facts
    const reference = thread === undefined ? undefined : ledger.outbox.get(thread, destination)?.answer
    const body = JSON.stringify(deliveryFacts(incident, journal.acts(incident.id), linkOf(incident), reference))
    ledger.outbox.add({ subject: incident.id, destination, body, createdAt, giveUpAt })
  }

  #resultOf(incident: string, { destination }: RequestPlan): StepResult {
    const delivery = this.#context.ledger.outbox.get(incident, destination)
    if (delivery === undefined) return giveUp('it is not in the outbox')
    if (delivery.state === 'dead') return giveUp(delivery.lastError)
    return delivery.state === 'sent' ? done(delivery.answer || 'it was sent before') : tryAgain('it is in the outbox')
  }

  /** A delivery that is for no step, such as the announcement of a proposal, has an audit record of its own. */
  #record({ subject: incident, destination }: Delivery, result: StepResult): void {
    if (this.#settle(incident, destination, result)) return
    const outcome = { state: result.ok ? 'done' : 'failed', detail: result.detail } as const
    const evidence = { destination, detail: result.detail }
    this.#context.auditWriter.recordService(incident, { ...kind.audit({ destination }, outcome), evidence })
  }

  /** Settles the steps that a delivery was for; false where there is none, as with a proposal. */
  #settle(id: string, destination: string, result: StepResult): boolean {
    const { ledger, journal } = this.#context
    if (ledger.incidents.get(id)?.state === 'proposed') return false
    return ledger.steps
      .of(id)
      .filter(({ type, plan }) => type === kind.type && (plan as RequestPlan | null)?.destination === destination)
      .map(({ position }) => journal.settle(id, position, { ...result, evidence: { destination } }))
      .includes(true)
  }
}
