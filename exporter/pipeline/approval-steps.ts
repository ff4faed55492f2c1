import { type EpochMs, MINUTE_MS } from '../../core/clock.ts'
import type { ApprovalStep, SecurityEvent } from '../../core/event.ts'
import type { Json } from '../../service/state/state.ts'

/**
 * How long a request without an answer is open: OpenClaw ends it after 30 minutes, and a run that is aborted reports no
 * end at all. The other 5 minutes are for the delivery of its end.
 */
export const OPEN_MS = 35 * MINUTE_MS

/** One request or answer. */
export interface Step {
  readonly kind: ApprovalStep['kind']
  /** Empty where the record does not say to which request it belongs: such requests of a gateway are answered in order. */
  readonly request: string
  readonly by: string | undefined
  readonly isGrant: boolean
  readonly trustZone: string
  readonly time: EpochMs
  /** Of source and record: the order of steps of the same time. */
  readonly id: string
}

/** An answer with its request, where that is known. */
export interface Answered {
  readonly answer: Step
  readonly request: Step | undefined
}

export function stepOf({ approval, labels, trustZone, eventTime, record }: SecurityEvent): Step | undefined {
  if (approval === undefined) return undefined
  const { kind, request = '', by } = approval
  const isGrant = labels.decision === 'granted'
  return { kind, request, by, isGrant, trustZone, time: eventTime, id: `${record.source} ${record.id}` }
}

/** The steps of one gateway. */
export class GatewaySteps {
  /** Read, and not yet passed by the watermark: a step of an earlier time may still come. */
  #waiting: Step[] = []
  /** Requests without an answer, oldest first. */
  #open: Step[] = []

  constructor(waiting: readonly Step[] = [], open: readonly Step[] = []) {
    this.#waiting.push(...waiting)
    this.#open.push(...open)
  }

  get size(): number {
    return this.#waiting.length + this.#open.length
  }

  get open(): readonly Step[] {
    return this.#open
  }

  add(step: Step): void {
    this.#waiting.push(step)
  }

  /**
   * Matches all steps from before the watermark, in the order of their times, whatever the order in which they were
   * read: an answer ends the oldest request with its key.
   *
   * @returns the answers; undefined where nothing has changed
   */
  settle(watermark: EpochMs): readonly Answered[] | undefined {
    const due = this.#waiting.filter(({ time }) => time < watermark)
    const expires = watermark - OPEN_MS
    if (due.length === 0 && (this.#open[0]?.time ?? watermark) >= expires) return undefined
    if (due.length > 0) this.#waiting = this.#waiting.filter(({ time }) => time >= watermark)
    const answered: Answered[] = []
    const queues = new RequestQueues(this.#open)
    for (const step of due.sort(compareSteps)) {
      if (step.kind === 'request') queues.add(step)
      else answered.push({ answer: step, request: queues.take(step) })
    }
    this.#open = queues.open.filter(({ time }) => time >= expires)
    return answered
  }

  /** Gives up those that are oldest. @returns how many */
  shrink(size: number): number {
    const excess = Math.max(0, this.size - size)
    const open = this.#open.splice(0, excess).length
    this.#waiting.sort(compareSteps)
    this.#waiting.splice(0, excess - open)
    return excess
  }

  row(): Json {
    return [this.#waiting.map(rowOf), this.#open.map(rowOf)]
  }

  static ofRow(row: Json): GatewaySteps {
    const [waiting, open] = row as unknown as readonly [readonly Row[], readonly Row[]]
    return new GatewaySteps(waiting.map(ofRow), open.map(ofRow))
  }
}

/** Open requests by their key, each queue in the order of time: an answer takes no longer where many are open. */
class RequestQueues {
  readonly #all: Step[] = []
  readonly #byKey = new Map<string, { readonly steps: Step[]; next: number }>()
  readonly #taken = new Set<Step>()

  constructor(open: readonly Step[]) {
    for (const step of open) this.add(step)
  }

  get open(): Step[] {
    return this.#all.filter(step => !this.#taken.has(step))
  }

  add(request: Step): void {
    this.#all.push(request)
    const queue = this.#byKey.get(request.request)
    if (queue === undefined) this.#byKey.set(request.request, { steps: [request], next: 0 })
    else queue.steps.push(request)
  }

  /** The oldest request with the key of the answer that is not longer ago than a request is open. */
  take(answer: Step): Step | undefined {
    const queue = this.#byKey.get(answer.request)
    if (queue === undefined) return undefined
    while ((queue.steps[queue.next]?.time ?? answer.time) < answer.time - OPEN_MS) queue.next += 1
    const request = queue.steps[queue.next]
    if (request === undefined) return undefined
    queue.next += 1
    this.#taken.add(request)
    return request
  }
}

/** By time; at the same time a request goes before an answer. */
function compareSteps(a: Step, b: Step): number {
  if (a.time !== b.time) return a.time - b.time
  if (a.kind !== b.kind) return a.kind === 'request' ? -1 : 1
  if (a.id === b.id) return 0
  return a.id < b.id ? -1 : 1
}

type Row = readonly [
  kind: Step['kind'],
  request: string,
  by: string | null,
  isGrant: boolean,
  trustZone: string,
  time: EpochMs,
  id: string,
]

const rowOf = ({ kind, request, by, isGrant, trustZone, time, id }: Step): Row => [
  kind,
  request,
  by ?? null,
  isGrant,
  trustZone,
  time,
  id,
]

const ofRow = ([kind, request, by, isGrant, trustZone, time, id]: Row): Step => {
  return { kind, request, by: by ?? undefined, isGrant, trustZone, time, id }
}
