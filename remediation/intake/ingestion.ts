import type { Clock } from '../../core/clock.ts'
import { parseTarget } from '../../core/net/target.ts'
import type { Logger } from '../../service/log/logger.ts'
import { playbookFor } from '../decision/matching.ts'
import type { Policy } from '../decision/policy.ts'
import { type Alert, type AlertMessage, alertKey } from '../domain/alert.ts'
import type { RemediationMetrics } from '../metrics/definitions.ts'
import type { AuditWriter } from '../store/audit-writer.ts'
import type { Ledger } from '../store/ledger.ts'

export interface IngestionOptions {
  readonly ledger: Ledger
  readonly auditWriter: AuditWriter
  readonly policy: Policy
  readonly metrics: RemediationMetrics
  readonly clock: Clock
  readonly logger: Logger
}

type AlertResult = 'new' | 'attached' | 'duplicate' | 'resolved' | 'unmatched'

/** Records alerts in the ledger and returns the ids of new incidents. */
export class Ingestion {
  readonly #options: IngestionOptions

  constructor(options: IngestionOptions) {
    this.#options = options
  }

  /** Resolves when everything that must not be lost is on the disk. */
  async accept(message: AlertMessage): Promise<readonly string[]> {
    const { ledger, metrics, logger } = this.#options
    const { results, created } = await ledger.write(() => {
      const created: string[] = []
      if (message.truncated > 0) this.#recordTruncation(message)
      return { results: message.alerts.map(alert => this.#ingest(alert, created)), created }
    })
    for (const reason of message.rejected) metrics.rejectedAlerts.series(reason).value += 1
    if (message.rejected.length > 0) {
      const [reason] = message.rejected
      logger.warn('Invalid alerts of a delivery were rejected.', { rejected: message.rejected.length, reason })
    }
    for (const result of results) metrics.alerts.series(result).value += 1
    if (message.truncated > 0) {
      metrics.truncated.series().value += message.truncated
      logger.error('The sender omitted alerts from its message; set max_alerts to 0.', { truncated: message.truncated })
    }
    return created
  }

  #ingest(alert: Alert, created: string[]): AlertResult {
    const { ledger, policy, clock } = this.#options
    const playbook = playbookFor(alert.labels, policy.playbooks)
    if (playbook === undefined) return 'unmatched'
    const now = clock.now()
    const text = alert.labels[playbook.targetLabel] ?? ''
    const target = parseTarget(text)?.text ?? text
    ledger.incidents.closeDue(now)
    const open = ledger.incidents.open(playbook.name, target)
    if (alert.status === 'resolved') {
      // A resolved alert creates nothing, and a block expires by its own timeout.
      const first = open?.alert.fingerprint === alert.fingerprint && open.facts.resolvedAt === undefined
      if (first) ledger.incidents.change(open, { state: open.state, at: now, facts: { resolvedAt: now } })
      return 'resolved'
    }
    if (!ledger.seenAlerts.isNew(alertKey(alert), now)) return 'duplicate'
    if (open !== undefined) {
      ledger.incidents.attach(open.id)
      return 'attached'
    }
    created.push(ledger.incidents.create(playbook.name, target, alert, now))
    return 'new'
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
