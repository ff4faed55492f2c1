import type { Clock } from '../../core/clock.ts'
import type { Breaker } from '../decision/breaker.ts'
import type { Policy } from '../decision/policy.ts'
import type { IntelligenceSource } from '../enrichment/source.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { PageModel } from './model.ts'

export interface OverviewFacts {
  readonly version: string
  readonly clock: Clock
  readonly ledger: Ledger
  readonly policy: Policy
  readonly breaker: Breaker
  readonly drift: { readonly asked: boolean; readonly count: number }
  readonly sources: readonly IntelligenceSource[]
  readonly notReady: string | undefined
}

const MOST_BLOCKS = 200
const MOST_INCIDENTS = 50

/** Everything that the page shows, of one moment. */
export function overview({
  version,
  clock,
  ledger,
  policy,
  breaker,
  drift,
  sources,
  notReady,
}: OverviewFacts): PageModel {
  const now = clock.now()
  const opened = breaker.openedBy(now)
  return {
    version,
    now,
    readiness: notReady === undefined ? { ready: true } : { ready: false, reason: notReady },
    policyVersion: policy.version,
    playbooks: policy.playbooks.map(({ name, mode, steps }) => ({ name, mode, steps: steps.map(({ type }) => type) })),
    ...(opened === undefined ? {} : { breaker: opened }),
    drift: drift.asked ? drift.count : undefined,
    blocked: ledger.blocks.count(),
    blocks: [...ledger.blocks.all()].sort((a, b) => b.since - a.since).slice(0, MOST_BLOCKS),
    proposals: ledger.incidents.list(['proposed'], MOST_INCIDENTS),
    incidents: ledger.incidents.list([], MOST_INCIDENTS, true),
    deadLetters: ledger.outbox.list('dead', MOST_INCIDENTS),
    waitingDeliveries: ledger.outbox.count('waiting'),
    lists: sources.flatMap(source => {
      const state = source.state?.()
      return state === undefined ? [] : [{ name: source.name, ...state }]
    }),
  }
}
