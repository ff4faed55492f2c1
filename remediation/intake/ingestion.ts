import type { Clock, EpochMs } from '../../core/clock.ts'
import { parseTarget } from '../../core/net/target.ts'
import type { Logger } from '../../service/log/logger.ts'
import { playbookFor } from '../decision/matching.ts'
import { type DuplicateReason, review } from '../decision/review.ts'
import { type Alert, type AlertMessage, alertKey, eventsOf } from '../domain/alert.ts'
import type { Incident } from '../domain/incident.ts'
import type { Playbook } from '../domain/playbook.ts'
import type { RemediationMetrics } from '../metrics/definitions.ts'
import type { AuditWriter } from '../store/audit-writer.ts'
import { type WorldOptions, worldOf } from './world.ts'

export interface IngestionOptions extends WorldOptions {
  readonly auditWriter: AuditWriter
  readonly metrics: RemediationMetrics
  readonly clock: Clock
  readonly logger: Logger
}

type AlertResult = 'new' | 'attached' | 'renewed' | 'duplicate' | 'resolved' | 'unmatched'

interface Taken {
  readonly result: AlertResult
  /** Set where a firing alert leads to no decision. */
  readonly reason?: DuplicateReason
  /** The incident to be decided on. */
  readonly incident?: string
}

/** Alerts of one transaction: some tens of milliseconds. */
const MAX_IN_TRANSACTION = 500

/** Records alerts in the ledger and returns the ids of the incidents to be decided on. */
export class Ingestion {
  readonly #options: IngestionOptions

  constructor(options: IngestionOptions) {
    this.#options = options
  }

  /** Resolves when everything that must not be lost is on the disk. Those with most events come first. */
  async accept(message: AlertMessage): Promise<readonly string[]> {
    const { ledger, metrics, logger } = this.#options
    const incidents = await this.#ingestAll(message.alerts)
    if (message.truncated > 0) await ledger.write(() => this.#recordTruncation(message))
    for (const [reason, count] of message.rejected) metrics.rejectedAlerts.series(reason).value += count
    if (message.rejected.size > 0) {
      const [reason] = message.rejected.keys()
      const rejected = [...message.rejected.values()].reduce((sum, count) => sum + count, 0)
      logger.warn('Invalid alerts of a delivery were rejected.', { rejected, reason })
    }
    if (message.truncated > 0) {
      metrics.truncated.series().value += message.truncated
      logger.error('The sender omitted alerts from its message; set max_alerts to 0.', { truncated: message.truncated })
    }
    return incidents
  }

  /** In several transactions, between which the event loop turns. After a failure, the sender delivers all of them again. */
  async #ingestAll(alerts: readonly Alert[]): Promise<readonly string[]> {
    const { ledger, metrics } = this.#options
    const mostFirst = alerts.toSorted((one, other) => eventsOf(other) - eventsOf(one))
    const incidents: string[] = []
    const failed: unknown[] = []
    for (let from = 0; from < mostFirst.length; from += MAX_IN_TRANSACTION) {
      const some = mostFirst.slice(from, from + MAX_IN_TRANSACTION)
      // Each is work of its own in one commit: one that cannot be recorded must not hold up the others.
      const taken = await Promise.allSettled(some.map(alert => ledger.write(() => this.#ingest(alert))))
      const failures = taken.flatMap(one => (one.status === 'rejected' ? [one.reason] : []))
      failed.push(...failures)
      for (const { result, reason, incident } of taken.flatMap(one =>
        one.status === 'fulfilled' ? [one.value] : [],
      )) {
        metrics.alerts.series(result).value += 1
        if (reason !== undefined) metrics.undecided.series(reason).value += 1
        if (incident !== undefined) incidents.push(incident)
      }
      // The ledger takes nothing at all.
      if (failures.length === some.length) break
    }
    // What was recorded is decided on by the scheduler.
    if (failed.length > 0) throw failed[0]
    return incidents
  }

  #ingest(alert: Alert): Taken {
    const { ledger, policy, clock } = this.#options
    const playbook = playbookFor(alert.labels, policy.playbooks)
    if (playbook === undefined) return { result: 'unmatched' }
    const now = clock.now()
    const text = alert.labels[playbook.targetLabel] ?? ''
    const target = parseTarget(text)?.text ?? text
    ledger.incidents.closeDue(now)
    const last = ledger.incidents.latest(playbook.name, target)
    return alert.status === 'resolved'
      ? this.#resolve(alert, last, now)
      : this.#review(alert, { playbook, target, last }, now)
  }

  /** A resolved alert creates nothing, and a block expires by its own timeout. */
  #resolve(alert: Alert, last: Incident | undefined, now: EpochMs): Taken {
    const { ledger } = this.#options
    ledger.seenAlerts.end(alertKey(alert), now)
    if (last === undefined || last.alert.fingerprint !== alert.fingerprint) return { result: 'resolved' }
    ledger.waiting.remove(last.id)
    const isOpen = ledger.incidents.open(last.playbook, last.target) !== undefined
    if (isOpen && last.facts.resolvedAt === undefined) {
      ledger.incidents.change(last, { state: last.state, at: now, facts: { resolvedAt: now } })
    }
    return { result: 'resolved' }
  }

  #review(
    alert: Alert,
    {
      playbook,
      target,
      last,
    }: { readonly playbook: Playbook; readonly target: string; readonly last: Incident | undefined },
    now: EpochMs,
  ): Taken {
    const { ledger } = this.#options
    const key = alertKey(alert)
    const isNew = ledger.seenAlerts.isNew(key, now)
    const hasEnded = !isNew && ledger.seenAlerts.hasEnded(key, now)
    const about = last && { ...last, alert }
    const reviewed = review(about, { playbook, isNew, hasEnded }, now, incident =>
      worldOf(incident, playbook, now, this.#options),
    )
    if (reviewed.outcome === 'another') {
      const parsed = parseTarget(target)
      // Who rejected to act on a network has decided about its hosts.
      if (parsed !== undefined && ledger.incidents.isInRejectedNetwork(playbook.name, parsed, now))
        return { result: 'duplicate', reason: 'rejected' }
      const incident = ledger.incidents.create(playbook.name, target, alert, now, reviewed.following)
      if (last !== undefined) ledger.waiting.pass(last.id, incident)
      return { result: isNew ? 'new' : 'renewed', incident }
    }
    if (last !== undefined && isNew) ledger.incidents.attach(last.id)
    if (reviewed.outcome === 'same') return { result: 'renewed', ...(last === undefined ? {} : { incident: last.id }) }
    if (about !== undefined && reviewed.reason === 'approvals_full') ledger.waiting.add(about, now)
    return { result: isNew ? 'attached' : 'duplicate', reason: reviewed.reason }
  }

  #recordTruncation({ sender, truncated }: AlertMessage): void {
    this.#options.auditWriter.recordService('webhook', {
      activity: 'other',
      disposition: 'logged',
      status: 'other',
      severity: 3,
      message: `${sender} omitted ${truncated} alerts from a message`,
      evidence: { truncated },
    })
  }
}
