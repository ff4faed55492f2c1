import { type EpochMs, MINUTE_MS, SECOND_MS } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import {
  type GrantDelay,
  grantDelays,
  type SelfApprovalSubject,
  selfApprovalSubjects,
} from '../../core/labels/approval.ts'
import type { ComputedSample, Metric, SeriesStore } from '../../service/series/series.ts'
import type { Json } from '../../service/state/state.ts'
import type { ChangedRow, JsonPersistent, SavedRow } from '../contracts/persistent.ts'
import { type Answered, GatewaySteps, OPEN_MS, stepOf } from './approval-steps.ts'
import type { GatewayProgress } from './derivation.ts'
import type { Evictions } from './evictions.ts'

/** Most steps of all gateways that are remembered: an agent asks as often as its instructions make it. */
const CAPACITY = 20_000

/** Longest delay of each value of `within`, but for the last two. */
const delays: readonly (readonly [GrantDelay, number])[] = [
  ['5s', 5 * SECOND_MS],
  ['1m', MINUTE_MS],
  ['10m', 10 * MINUTE_MS],
]

/**
 * What is seen only in a request together with its answer: requests that are open, how soon after the request a person
 * granted it, and grants by the one that asked. The order of reading has no influence: steps are matched when the
 * watermarks of all sources of the gateway have passed them. What is read later than that is a late event: a request is
 * then never open, and an answer ends one at once.
 */
export class Approvals implements JsonPersistent {
  readonly key = 'approvals/'
  readonly format = 'json'
  readonly #evictions: Evictions
  readonly #capacity: number
  readonly #grants: Metric
  readonly #selfApprovals: Metric
  readonly #byGateway = new Map<string, GatewaySteps>()
  readonly #changed = new Set<string>()
  #size = 0

  constructor(store: SeriesStore, evictions: Evictions, capacity = CAPACITY) {
    this.#evictions = evictions
    this.#capacity = capacity
    const place = ['gateway', 'trust_zone']
    const oldest = store.define({
      name: 'clawtrust_approval_oldest_timestamp_seconds',
      help: `Time of the oldest request for an approval that is not answered, seconds since 1970; absent without one. A request is open for at most ${OPEN_MS / MINUTE_MS} minutes.`,
      type: 'gauge',
      labels: place,
      durable: false,
    })
    oldest.compute(() => this.#oldest(oldest))
    this.#grants = store.define({
      name: 'clawtrust_approval_grants_total',
      help: `Approvals that a person granted, by the time since the request; within is one of ${grantDelays.join(', ')}.`,
      type: 'counter',
      labels: [...place, 'within'],
      durable: true,
    })
    this.#selfApprovals = store.define({
      name: 'clawtrust_self_approvals_total',
      help: `Approvals whose approver is the requester, by subject: ${selfApprovalSubjects.join(', ')}.`,
      type: 'counter',
      labels: [...place, 'subject'],
      durable: true,
    })
  }

  /** Takes a step of an approval. @param watermark gives the time up to which the sources of the gateway delivered all */
  observe(event: SecurityEvent, watermark: () => EpochMs): void {
    const step = stepOf(event)
    if (step === undefined || (step.kind === 'request' && step.time < watermark())) return
    const steps = this.#byGateway.get(event.gateway) ?? new GatewaySteps()
    this.#byGateway.set(event.gateway, steps)
    steps.add(step)
    this.#size += 1
    this.#changed.add(event.gateway)
    if (this.#size > this.#capacity) this.#makeRoom()
  }

  /** An approval whose approver is the requester. */
  countSelf({ gateway, trustZone }: Pick<SecurityEvent, 'gateway' | 'trustZone'>, subject: SelfApprovalSubject) {
    this.#selfApprovals.series(gateway, trustZone, subject).value += 1
  }

  /** Matches what the sources of each gateway have delivered completely. */
  settle(progress: GatewayProgress): void {
    for (const [gateway, steps] of this.#byGateway) {
      const before = steps.size
      const answered = steps.settle(progress.watermarkOf(progress.contributingSourcesOf(gateway)))
      if (answered === undefined) continue
      for (const one of answered) this.#judge(gateway, one)
      this.#resized(gateway, steps, before)
    }
  }

  changes(): readonly ChangedRow<Json>[] {
    const rows = [...this.#changed].map(name => ({ name, value: this.#byGateway.get(name)?.row() ?? null }))
    this.#changed.clear()
    return rows
  }

  restore(rows: readonly SavedRow<Json>[]): void {
    for (const { name, value } of rows) {
      const steps = GatewaySteps.ofRow(value)
      this.#byGateway.set(name, steps)
      this.#size += steps.size
    }
  }

  #judge(gateway: string, { answer, request }: Answered): void {
    if (!answer.isGrant) return
    const { trustZone } = answer
    this.#grants.series(gateway, trustZone, delayOf(answer.time, request?.time)).value += 1
    if (answer.by !== undefined && answer.by === request?.by) this.countSelf({ gateway, trustZone }, 'exec')
  }

  /** The gateways with most steps lose their oldest ones. */
  #makeRoom(): void {
    const enough = Math.floor((this.#capacity * 3) / 4)
    const bySize = [...this.#byGateway].sort(([a, one], [b, other]) => other.size - one.size || (a < b ? -1 : 1))
    for (const [gateway, steps] of bySize) {
      if (this.#size <= enough) return
      const before = steps.size
      this.#evictions.count('approvals', steps.shrink(Math.max(0, before - (this.#size - enough))))
      this.#resized(gateway, steps, before)
    }
  }

  #resized(gateway: string, steps: GatewaySteps, before: number): void {
    this.#size += steps.size - before
    this.#changed.add(gateway)
    if (steps.size === 0) this.#byGateway.delete(gateway)
  }

  *#oldest(metric: Metric): Iterable<ComputedSample> {
    for (const [gateway, steps] of this.#byGateway) {
      const byZone = new Map<string, EpochMs>()
      for (const { trustZone, time } of steps.open) byZone.set(trustZone, Math.min(time, byZone.get(trustZone) ?? time))
      for (const [zone, time] of byZone) yield { labelSet: metric.labelSet(gateway, zone), value: time / 1000 }
    }
  }
}

function delayOf(answer: EpochMs, request: EpochMs | undefined): GrantDelay {
  if (request === undefined) return 'unknown'
  return delays.find(([, longest]) => answer - request <= longest)?.[0] ?? 'longer'
}
