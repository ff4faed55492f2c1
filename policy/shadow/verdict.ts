import { counted, grouped } from '../../service/page/words.ts'
import type { ObservedFlow } from '../model/observed-flow.ts'
import { amountWords, spanOf } from './amounts.ts'
import type { Amount, Evidence, Verdict } from './report-model.ts'

/** Below it, that nothing would be denied shows nothing. */
export interface EvidenceMinimum {
  readonly days: number
  readonly events: number
  /** Of 100 events, how many may be unknown. */
  readonly unknownPercent: number
}

type Seen = Pick<ObservedFlow, 'firstSeen' | 'lastSeen'> & { readonly events: number }

export function evidenceOf(flows: readonly Seen[], days: number, minimum: EvidenceMinimum): Evidence {
  return {
    days,
    minimumDays: minimum.days,
    events: flows.reduce((sum, { events }) => sum + events, 0),
    minimumEvents: minimum.events,
    flows: flows.length,
    ...spanOf(flows),
    maximumUnknownPercent: minimum.unknownPercent,
  }
}

export function verdictOf(newlyDenied: Amount, unknown: Amount, evidence: Evidence): Verdict {
  const lacks = lacksOf(unknown, evidence)
  if (newlyDenied.flows > 0) {
    return { decision: 'would_deny', reasons: [`${amountWords(newlyDenied)} would be denied`, ...lacks] }
  }
  return { decision: lacks.length === 0 ? 'nothing_would_be_denied' : 'not_enough_evidence', reasons: lacks }
}

function lacksOf(unknown: Amount, evidence: Evidence): readonly string[] {
  const { days, minimumDays, events, minimumEvents, maximumUnknownPercent } = evidence
  const lacks: string[] = []
  if (days < minimumDays)
    lacks.push(`records on ${counted(days, 'day')}, and at least ${grouped(minimumDays)} are needed`)
  if (events < minimumEvents)
    lacks.push(`${counted(events, 'event')}, and at least ${grouped(minimumEvents)} are needed`)
  if (unknown.events * 100 > events * maximumUnknownPercent) {
    lacks.push(`${amountWords(unknown)} could not be judged, more than ${maximumUnknownPercent} % of the events`)
  }
  return lacks
}
