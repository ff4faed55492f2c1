import type { EpochMs } from '../../core/clock.ts'
import { ClawtrustError } from '../../core/errors.ts'
import type { FlowReport } from '../../core/flow.ts'
import type { Decision } from '../../core/labels/policy.ts'
import { textOrder } from '../../core/text-order.ts'
import { MAX_FLOWS, type ObservedFlow } from '../model/observed-flow.ts'
import type { AccessEnd, AccessRequest } from '../model/request.ts'
import { Coverage } from './coverage.ts'
import type { TimeRange, TimeSlices } from './time-slices.ts'

/** What one record, or one group of like records, says of a flow. */
export interface FlowObservation {
  /** Of any time of the observed ones. */
  readonly request: AccessRequest
  /** What the engine decided that wrote the record. */
  readonly decision: Decision
  readonly report?: FlowReport | undefined
  /** Flows that the records count. */
  readonly events: number
  readonly firstSeen: EpochMs
  readonly lastSeen: EpochMs
  /** Where one of the records is: `index/id`, or `file:byte`. */
  readonly sample: string
}

/** What is missing in the history, so that it says less than it seems to. */
export interface HistoryGap {
  readonly kind: GapKind
  readonly sentence: string
}

export const gapKinds = {
  silent: 'no record for hours of a source that has records before and after',
  empty: 'a source without any flow',
  lost: 'the origin says that it lost records',
  unread: 'records that cannot be counted as they are stored',
  unsupported: 'a source of which no history can be read',
} as const
export type GapKind = keyof typeof gapKinds

const MAX_SAMPLES = 3

/** The flows of a window, each distinct one once: the cost of judging them does not grow with their number of events. */
export class FlowHistory {
  readonly window: TimeRange
  readonly coverage = new Coverage()
  readonly #slices: TimeSlices
  readonly #flows = new Map<string, Observed>()
  readonly #gaps: HistoryGap[] = []

  constructor(window: TimeRange, slices: TimeSlices) {
    this.window = window
    this.#slices = slices
  }

  /** @throws POLICY_HISTORY_TOO_WIDE */
  add(observation: FlowObservation): void {
    const { request, firstSeen, lastSeen, sample } = observation
    const key = keyOf(request, this.#slices.at(request.time ?? firstSeen))
    const known = this.#flows.get(key)
    if (known === undefined) {
      if (this.#flows.size === MAX_FLOWS) throw tooWide()
      const { decision, report, events } = observation
      const counts = new Map([[countKeyOf(decision, report), { decision, report, events }]])
      this.#flows.set(key, { request: inOrder(request), firstSeen, lastSeen, samples: [sample], counts })
      return
    }
    known.firstSeen = Math.min(known.firstSeen, firstSeen)
    known.lastSeen = Math.max(known.lastSeen, lastSeen)
    addSample(known.samples, sample)
    addCount(known.counts, observation)
  }

  declare(gap: HistoryGap): void {
    this.#gaps.push(gap)
  }

  get gaps(): readonly HistoryGap[] {
    return this.#gaps
  }

  /** In an order that does not depend on that of the records. */
  flows(): readonly ObservedFlow[] {
    return [...this.#flows]
      .sort(([a], [b]) => textOrder(a, b))
      .map(([, { counts, samples, request, firstSeen, lastSeen }]) => ({
        ...passedAndDenied([...counts.values()]),
        request,
        firstSeen,
        lastSeen,
        samples,
      }))
  }
}

interface Observed {
  readonly request: AccessRequest
  firstSeen: EpochMs
  lastSeen: EpochMs
  readonly samples: string[]
  readonly counts: Map<string, Count>
}

interface Count {
  readonly decision: Decision
  readonly report: FlowReport | undefined
  events: number
}

const tooWide = () =>
  new ClawtrustError(
    'POLICY_HISTORY_TOO_WIDE',
    `The history has more than ${MAX_FLOWS.toLocaleString('en')} distinct flows, which is the limit; nothing was written. Choose a shorter --since, or fewer sources`,
  )

const countKeyOf = (decision: Decision, report: FlowReport | undefined): string =>
  report === undefined ? decision : `${decision} ${report.end} ${report.kind}`

function addCount(counts: Map<string, Count>, { decision, report, events }: FlowObservation): void {
  const key = countKeyOf(decision, report)
  const known = counts.get(key)
  if (known === undefined) counts.set(key, { decision, report, events })
  else known.events += events
}

/** The first ones in their order, so that they are the same in whichever order records come. */
function addSample(samples: string[], sample: string): void {
  if (samples.includes(sample)) return
  samples.push(sample)
  samples.sort()
  if (samples.length > MAX_SAMPLES) samples.pop()
}

/**
 * What several records report of the same flows counts once. At one end a denied flow has a verdict and a drop, and an
 * allowed one a verdict and requests: the most of them are the flows. What the source let pass is decided again at the
 * destination.
 */
function passedAndDenied(counts: readonly Count[]): { readonly passed: number; readonly denied: number } {
  const alone = counts.filter(({ report }) => report === undefined)
  const [source, destination] = (['source', 'destination'] as const).map(end =>
    atEnd(counts.filter(({ report }) => report?.end === end)),
  ) as [EndCounts, EndCounts]
  const denied = sum(alone, isDenial) + source.denied + destination.denied
  const passed =
    sum(alone, count => !isDenial(count)) + Math.max(source.passed - destination.denied, destination.passed)
  return { passed, denied }
}

interface EndCounts {
  readonly passed: number
  readonly denied: number
}

function atEnd(counts: readonly Count[]): EndCounts {
  const most = (decision: Decision) =>
    counts.reduce((events, count) => (count.decision === decision ? Math.max(events, count.events) : events), 0)
  return { passed: most('allow') + most('audit') + most('ask'), denied: most('deny') }
}

const isDenial = ({ decision }: Count): boolean => decision === 'deny'

const sum = (counts: readonly Count[], isCounted: (count: Count) => boolean): number =>
  counts.reduce((events, count) => (isCounted(count) ? events + count.events : events), 0)

/** Equal for requests on which every policy decides alike within a slice. */
function keyOf(
  { source, destination, port, transport, devicePosture, isMutuallyAuthenticated }: AccessRequest,
  slice: number,
) {
  return JSON.stringify([
    slice,
    transport ?? null,
    port ?? null,
    endKey(source),
    endKey(destination),
    devicePosture ?? null,
    isMutuallyAuthenticated ?? null,
  ])
}

function endKey({ address, identity, namespace, service, names, workloadLabels, isIdentified }: AccessEnd) {
  const labels =
    workloadLabels === undefined ? null : Object.entries(workloadLabels).sort(([a], [b]) => textOrder(a, b))
  const all = names === undefined ? null : [...names].sort()
  return [address ?? null, identity ?? null, namespace ?? null, service ?? null, all, labels, isIdentified ?? false]
}

/** The same request whichever record of it came first. */
const inOrder = (request: AccessRequest): AccessRequest => ({
  ...request,
  source: withSortedNames(request.source),
  destination: withSortedNames(request.destination),
})

const withSortedNames = (end: AccessEnd): AccessEnd =>
  end.names === undefined ? end : { ...end, names: [...end.names].sort() }
