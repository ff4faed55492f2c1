import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../service/log/logger.ts'
import { playbookFor } from '../decision/matching.ts'
import type { Policy } from '../decision/policy.ts'
import { type Alert, type AlertMessage, alertKey } from '../domain/alert.ts'
import { parseTarget } from '../domain/target.ts'
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

/** Takes deliveries into the ledger; says which incidents they began. */
export class Ingestion {
  readonly #options: IngestionOptions

  constructor(options: IngestionOptions) {
    this.#options = options
  }

  /** Resolves when everything that must not be lost is on the disk. */
  async accept(message: AlertMessage): Promise<readonly string[]> {
    const { ledger, metrics, logger } = this.#options
    const { results, begun } = await ledger.write(() => {
      const begun: string[] = []
      if (message.truncated > 0) this.#tellOfTruncation(message)
      return { results: message.alerts.map(alert => this.#take(alert, begun)), begun }
    })
    for (const result of results) metrics.alerts.series(result).value += 1
    if (message.truncated > 0) {
      metrics.truncated.series().value += message.truncated
      logger.error('The sender omitted alerts from its message; set max_alerts to 0.', { truncated: message.truncated })
    }
    return begun
  }

  #take(alert: Alert, begun: string[]): AlertResult {
    const { ledger, policy, clock } = this.#options
    const playbook = playbookFor(alert.labels, policy.playbooks)
    if (playbook === undefined) return 'unmatched'
    const now = clock.now()
    const text = alert.labels[playbook.targetLabel] ?? ''
    const target = parseTarget(text)?.text ?? text
    ledger.incidents.closeDue(now)
    const open = ledger.incidents.open(playbook.name, target)
    if (alert.status === 'resolved') {
      // The end of an alert never begins anything, and a block ends by its own time.
      const first = open?.alert.fingerprint === alert.fingerprint && open.facts.resolvedAt === undefined
      if (first) ledger.incidents.change(open, { state: open.state, at: now, facts: { resolvedAt: now } })
      return 'resolved'
    }
    if (!ledger.seenAlerts.isNew(alertKey(alert), now)) return 'duplicate'
    if (open !== undefined) {
      ledger.incidents.attach(open.id)
      return 'attached'
    }
    begun.push(ledger.incidents.begin(playbook.name, target, alert, now))
    return 'new'
  }

  #tellOfTruncation({ sender, truncated }: AlertMessage): void {
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
