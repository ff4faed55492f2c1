import type { Clock, EpochMs } from '../../../core/clock.ts'
import type { Logger } from '../../../service/log/logger.ts'
import type { Fetch } from '../../enrichment/http-provider.ts'
import type { Durations, RemediationMetrics } from '../../metrics/definitions.ts'
import type { AuditWriter } from '../../store/audit-writer.ts'
import type { Ledger } from '../../store/ledger.ts'
import type { Delivery } from '../../store/outbox.ts'
import { giveUp, type StepResult } from '../step.ts'
import type { Destinations } from './destinations.ts'
import { sendRequest } from './http-request.ts'
import { request } from './step.ts'
import { renderRequest } from './templates/render.ts'

export interface DispatcherOptions {
  readonly ledger: Ledger
  readonly auditWriter: AuditWriter
  readonly destinations: Destinations
  readonly metrics: RemediationMetrics
  readonly durations: Durations
  readonly fetch: Fetch
  /** Records what became of the step that a delivery is for, inside `Ledger.write`; false where it is for none. */
  readonly settle: (incident: string, destination: string, result: StepResult) => boolean
  /** Between 0 and 1. */
  readonly random: () => number
  readonly clock: Clock
  readonly logger: Logger
}

/** Concurrent requests to one destination: a slow destination does not delay others. */
const MAX_CONCURRENT = 4
const FIRST_PAUSE_MS = 1_000
const MAX_PAUSE_MS = 15 * 60_000

/** Milliseconds before the next attempt: doubled each time, half of it at random, at least what the receiver asked. */
export function pauseAfter(attempts: number, random: number, retryAfter = 0): number {
  const full = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempts, 20))
  return Math.max(full / 2 + (full / 2) * random, Math.min(retryAfter, MAX_PAUSE_MS))
}

/** Sends what lies in the outbox. It holds up nothing: no block waits for a message. */
export class Dispatcher {
  readonly #options: DispatcherOptions
  /** By destination, then by delivery. */
  readonly #underWay = new Map<string, Map<string, Promise<void>>>()

  constructor(options: DispatcherOptions) {
    this.#options = options
  }

  /** Begins what is due; resolves when that has an answer. */
  async send(): Promise<void> {
    const { ledger, clock } = this.#options
    const now = clock.now()
    for (const destination of ledger.outbox.destinationsDue(now)) this.#sendTo(destination, now)
    await this.idle()
  }

  #sendTo(destination: string, now: EpochMs): void {
    const { ledger, logger } = this.#options
    const underWay = this.#underWay.get(destination) ?? new Map<string, Promise<void>>()
    this.#underWay.set(destination, underWay)
    for (const delivery of ledger.outbox.due(destination, now, MAX_CONCURRENT + underWay.size)) {
      if (underWay.size >= MAX_CONCURRENT) return
      if (underWay.has(delivery.id)) continue
      const sending = this.#deliver(delivery)
        .catch(error =>
          logger.error('The result of a delivery could not be recorded.', { delivery: delivery.id, error }),
        )
        .finally(() => underWay.delete(delivery.id))
      underWay.set(delivery.id, sending)
    }
  }

  /** Resolves when what was begun has an answer. */
  async idle(): Promise<void> {
    await Promise.all([...this.#underWay.values()].flatMap(underWay => [...underWay.values()]))
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { ledger, destinations, metrics, durations, clock, random } = this.#options
    const destination = destinations.get(delivery.destination)
    if (destination === undefined) return this.#giveUp(delivery, 'the destination is no longer configured')
    const { template, url, token, fields, timeout } = destination
    const facts = { ...JSON.parse(delivery.body), delivery: delivery.id }
    const rendered = renderRequest(template, facts, { url: url?.reveal(), token: token?.reveal() ?? '', fields })
    const begun = clock.monotonic()
    const result = await sendRequest(rendered, { fetch: this.#options.fetch, timeout, reference: template.reference })
    durations.observe('request', clock.monotonic() - begun)
    const now = clock.now()
    if (result.ok) {
      await ledger.write(() => {
        ledger.outbox.sent(delivery.id, result.reference ?? '')
        this.#record(delivery, { ...result, detail: result.reference ?? result.detail })
      })
      metrics.actions.series('request', '', 'sent').value += 1
    } else if (result.retryable && now < delivery.giveUpAt) {
      const pause = pauseAfter(delivery.attempts, random(), result.retryAfter)
      await ledger.write(() => ledger.outbox.retry(delivery.id, now + pause, result.detail))
      metrics.actions.series('request', '', 'retried').value += 1
    } else await this.#giveUp(delivery, result.detail)
  }

  async #giveUp(delivery: Delivery, error: string): Promise<void> {
    const { ledger, metrics, clock, logger } = this.#options
    await ledger.write(() => {
      ledger.outbox.giveUp(delivery.id, clock.now(), error)
      this.#record(delivery, giveUp(error))
    })
    metrics.actions.series('request', '', 'dead').value += 1
    logger.error('A delivery failed permanently; it can be replayed.', { delivery: delivery.id, reason: error })
  }

  /** A delivery that is for no step, such as the announcement of a proposal, has an audit record of its own. */
  #record({ incident, destination }: Delivery, result: StepResult): void {
    const { settle, auditWriter } = this.#options
    if (settle(incident, destination, result)) return
    const outcome = { state: result.ok ? 'done' : 'failed', detail: result.detail } as const
    const evidence = { destination, detail: result.detail }
    auditWriter.recordService(incident, { ...request.audit({ destination }, outcome), evidence })
  }
}
