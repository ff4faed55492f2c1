import type { Verdict } from './playbook.ts'

/** What one source says of an address. */
export interface Finding {
  readonly source: string
  readonly verdict: Verdict
  /** Seconds since the source's data was made or fetched. */
  readonly ageSeconds?: number
  /** Why, in a few words: the matching network, a score, or why it does not know. */
  readonly detail: string
  /** Milliseconds after which another query may have another answer; absent where no query is needed to know. */
  readonly validFor?: number
}

/** What is known of an address beside the alert. */
export interface Intelligence {
  readonly verdict: Verdict
  readonly country?: string
}

/** What was found about an address before the decision; kept with it. */
export interface Evidence {
  readonly verdict: Verdict
  readonly findings: readonly Finding[]
  readonly country?: string
  /** Database of the country, and the time of its build. */
  readonly countrySource?: string
  /** Milliseconds after which another query may have another answer: the shortest time of the findings. */
  readonly validFor?: number
}

export const unasked: Evidence = { verdict: 'unknown', findings: [] }

/** One malicious verdict suffices; together with a benign one, the verdict is unknown. */
export function combine(findings: readonly Finding[]): Verdict {
  const says = (verdict: Verdict) => findings.some(finding => finding.verdict === verdict)
  if (says('malicious')) return says('benign') ? 'unknown' : 'malicious'
  return says('benign') ? 'benign' : 'unknown'
}
