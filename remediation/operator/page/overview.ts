import { type Clock, DAY_MS } from '../../../core/clock.ts'
import type { Policy } from '../../decision/policy.ts'
import type { Block } from '../../domain/block.ts'
import type { Incident } from '../../domain/incident.ts'
import type { IntelligenceSource } from '../../enrichment/source.ts'
import type { StepRegistry } from '../../steps/registry.ts'
import type { Breaker } from '../../store/breaker.ts'
import type { Ledger } from '../../store/ledger.ts'
import type { IncidentView, PageModel } from './model.ts'

export interface OverviewFacts {
  readonly version: string
  readonly clock: Clock
  readonly ledger: Ledger
  readonly policy: Policy
  readonly registry: StepRegistry
  readonly breaker: Breaker
  readonly drift: { readonly asked: boolean; readonly count: number }
  readonly sources: readonly IntelligenceSource[]
  readonly notReady: string | undefined
  readonly mayCommand: boolean
}

const MAX_BLOCKS = 200
const MAX_ROWS = 50

/** Everything that the page shows, of one moment. */
export function overview(facts: OverviewFacts): PageModel {
  const { version, clock, ledger, policy, registry, breaker, drift, sources, notReady, mayCommand } = facts
  const { blocks, incidents, outbox } = ledger
  const now = clock.now()
  const view = (incident: Incident) => incidentView(incident, ledger, registry)
  const newest = [...blocks.all()].sort(newestFirst).slice(0, MAX_BLOCKS)
  return {
    version,
    now,
    readiness: notReady === undefined ? { ready: true } : { ready: false, reason: notReady },
    mayCommand,
    policyVersion: policy.version,
    playbooks: policy.playbooks.map(({ name, mode, steps }) => ({
      name,
      mode,
      steps: steps.map(step => registry.describe(step)),
    })),
    breaker: breaker.state(now),
    drift: drift.asked ? drift.count : undefined,
    blocked: {
      count: blocks.count(),
      pending: blocks.countPending(),
      rows: newest.map(block => ({ ...block, cause: incidents.get(block.incident) })),
    },
    proposals: { count: incidents.count('proposed'), rows: incidents.list(['proposed'], MAX_ROWS).map(view) },
    deadLetters: { count: outbox.count('dead'), rows: outbox.list('dead', MAX_ROWS) },
    waitingDeliveries: outbox.count('waiting'),
    day: incidents.countsSince(now - DAY_MS),
    incidents: incidents.list([], MAX_ROWS, true).map(view),
    intelligence: sources.map(source => ({ name: source.name, ...source.state() })),
  }
}

/** By the second, as the page shows it; blocks of one second by their targets, whichever was first in it. */
function newestFirst(a: Block, b: Block): number {
  const later = Math.floor(b.since / 1_000) - Math.floor(a.since / 1_000)
  if (later !== 0) return later
  return a.target < b.target ? -1 : 1
}

/** An incident with the steps that matter to people: those that act, or all where none does. */
export function incidentView(incident: Incident, { steps }: Ledger, registry: StepRegistry): IncidentView {
  const all = steps.of(incident.id)
  const acting = all.filter(({ type }) => registry.get(type).stage === 'act')
  const shown = (acting.length > 0 ? acting : all).map(step => ({ ...step, words: registry.words(step) }))
  const isDamaged = incident.damaged === true || all.some(({ damaged }) => damaged === true)
  return { ...incident, steps: shown, ...(isDamaged ? { damaged: true } : {}) }
}
