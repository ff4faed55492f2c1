import type { ApprovalDecision } from '../../../core/labels/policy.ts'
import type { SecurityEventRecord } from './event.ts'

/** Decisions of a person. Those of a program have other words (`auto-review`, `standing-grant`), the fallback has none. */
const byPerson = new Set<unknown>(['allow-once', 'allow-always'])

/** Reason of a request without an answer, alone or with what was then missing: `approval-timeout: allowlist-miss`. */
const TIMEOUT = /^approval-timeout(?:$|:)/

/** What the exporter of OpenTelemetry puts in the place of a word with spaces. */
const REPLACED = 'unknown'

/** A grant is a person's where the record says so, and automatic otherwise. */
export function granted({ attribute }: SecurityEventRecord): ApprovalDecision {
  return byPerson.has(attribute('decision')) ? 'granted' : 'automatic'
}

/**
 * A request without an answer has expired. Its reason may have been replaced: of the denials without a decision, only
 * one that was never asked for (`ask` is `off`) has another reason with spaces.
 */
export function denied({ attribute, reason }: SecurityEventRecord): ApprovalDecision {
  if (attribute('decision') !== undefined || typeof reason !== 'string') return 'denied'
  const isReplaced = reason === REPLACED && attribute('ask') !== 'off'
  return isReplaced || TIMEOUT.test(reason) ? 'expired' : 'denied'
}
