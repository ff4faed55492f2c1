import { findingsOfMetrics } from './findings-metrics.ts'
import { findingMeasures, findingsSchema, questionAt } from './findings-request.ts'
import { findingsOfState } from './findings-state.ts'
import { defineEvidence, type EvidenceContext } from './kind.ts'
import type { Reading } from './reading.ts'
import { unread } from './unread.ts'

/** Findings of posture and devices, as they are at the end of the period. */
export const findings = defineEvidence({
  type: 'findings',
  store: 'state',
  otherwise: 'prometheus',
  summary: 'open and accepted findings of posture, and devices by posture, at the end of the period',
  schema: findingsSchema,
  sentence({ measure, checks, severities: some }) {
    const { words } = findingMeasures[measure]
    const of = measure === 'open' || measure === 'accepted' ? [...(some ?? []), ...(checks ?? [])] : []
    return of.length === 0 ? words : `${words} (${of.join(', ')})`
  },
  unit: ({ measure }) => findingMeasures[measure].unit,
  async read(request, context) {
    const { state, prometheus } = context.stores
    const question = questionAt(request, context.period.end)
    const ofState = state === undefined ? undefined : findingsOfState(question, state, context.period)
    if (ofState !== undefined && ofState.value !== null) return ofState
    if (prometheus === undefined) return ofState ?? absent(context)
    // The state knows the present only; Prometheus also what was at the end of an earlier period.
    const ofMetrics = await findingsOfMetrics(question, prometheus, context)
    return ofMetrics.value === null && ofState !== undefined ? ofState : ofMetrics
  },
})

function absent({ period }: EvidenceContext): Reading {
  const reason = 'neither the state of an exporter nor Prometheus is configured'
  return unread({ store: 'state', query: { documents: [] }, of: 'posture', reason }, period)
}
