import type { Clock } from '../core/clock.ts'
import type { Logger } from '../service/log/logger.ts'
import type { Chronicle } from './chronicle.ts'
import { playbookFor } from './decision/matching.ts'
import { parseTarget } from './decision/target.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { RemediationMetrics } from './metrics.ts'
import type { Policy } from './policy.ts'
import { type Alert, type AlertMessage, deliveryKey } from './webhook/alert.ts'

export interface IntakeOptions {
  readonly ledger: Ledger
  readonly chronicle: Chronicle
  readonly policy: Policy
  readonly metrics: RemediationMetrics
  readonly clock: Clock
  readonly logger: Logger
}

type AlertResult = 'new' | 'attached' | 'duplicate' | 'resolved' | 'unmatched'

/** Takes deliveries into the ledger; says which incidents they began. */
export class Intake {
  readonly #options: IntakeOptions

  constructor(options: IntakeOptions) {
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
      logger.error('The sender left alerts out of its message; set max_alerts to 0.', { truncated: message.truncated })
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
    if (!ledger.deliveries.isNew(deliveryKey(alert), now)) return 'duplicate'
    if (open !== undefined) {
      ledger.incidents.attach(open.id)
      return 'attached'
    }
    begun.push(ledger.incidents.begin(playbook.name, target, alert, now))
    return 'new'
  }

  #tellOfTruncation({ sender, truncated }: AlertMessage): void {
    this.#options.chronicle.tellOf('webhook', {
      activity: 'other',
      disposition: 'logged',
      status: 'other',
      severity: 3,
      message: `${sender} left ${truncated} alerts out of a message`,
      evidence: { truncated },
    })
  }
}
