import type { LedgerPeriod } from '../../service/views/ledger-view.ts'
import {
  falseBlocks,
  firstOccurrences,
  summaryOf,
  timesToContain,
  timesToDecide,
  timesToDetect,
} from '../evidence/ledger-measures.ts'
import type { RemediationSummary } from './report.ts'

/** What a report says of remediation, by the same measures as its tests. Null where the ledger holds nothing of before the end. */
export function remediationSummary(period: LedgerPeriod): RemediationSummary | null {
  if (period.since === null) return null
  const { verified, head, records, detail } = period.chain
  return {
    incidents: period.incidents.length,
    proposed: firstOccurrences(period, ['proposed']).size,
    enforced: firstOccurrences(period, ['enforced']).size,
    observed: firstOccurrences(period, ['observed']).size,
    expired: firstOccurrences(period, ['expired']).size,
    rolledBack: firstOccurrences(period, ['released', 'undone']).size,
    falseBlocks: falseBlocks(period).length,
    timeToDetect: summaryOf(timesToDetect(period)),
    timeToDecide: summaryOf(timesToDecide(period)),
    timeToContain: summaryOf(timesToContain(period)),
    chain: { verified, head, records, detail },
  }
}
