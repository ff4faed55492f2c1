import { type Clock, type EpochMs, MINUTE_MS } from '../../../core/clock.ts'
import type { SecurityEvent } from '../../../core/event.ts'
import { reasonOf, type SignalName } from '../../../core/signals.ts'
import { LabelTree } from '../../../service/series/label-tree.ts'
import type { EventSubscriber } from '../../contracts/subscriber.ts'
import { byCount, type Tally } from './tally.ts'

const SLOTS = 60
/**
 * Maximum number of reasons that are counted for one trust zone and signal; the closed sets of the catalogue have
 * fewer.
 */
const MAX_REASONS = 200

type Slots = Float64Array
type Reasons = Map<string, Slots>

/** Events of the last hour of each trust zone and signal by reason, in slots of a minute of event time. */
export class LastHour implements EventSubscriber {
  readonly #clock: Pick<Clock, 'now'>
  readonly #reasons = new LabelTree<Reasons>(2)
  readonly #all: Reasons[] = []
  #newest = 0

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /** An event dated ahead of the clock counts now: a forged time must not empty the hour. */
  onEvent(event: SecurityEvent): void {
    this.#turn(Math.floor(this.#clock.now() / MINUTE_MS))
    const minute = Math.min(Math.floor(event.eventTime / MINUTE_MS), this.#newest)
    if (minute <= this.#newest - SLOTS) return
    let reasons = this.#reasons.get([event.trustZone, event.signal])
    if (reasons === undefined) {
      reasons = new Map()
      this.#reasons.set([event.trustZone, event.signal], reasons)
      this.#all.push(reasons)
    }
    add(reasons, reasonOf(event), minute, event.count)
  }

  /** Most first. */
  reasons(trustZone: string, signal: SignalName, now: EpochMs): readonly Tally[] {
    this.#turn(Math.floor(now / MINUTE_MS))
    return ranked(this.#reasons.get([trustZone, signal]))
  }

  /** Empties the slots of the minutes that have left the hour. */
  #turn(minute: number): void {
    const passed = Math.min(minute - this.#newest, SLOTS)
    if (passed <= 0) return
    for (const reasons of this.#all) {
      for (const [reason, slots] of reasons) {
        for (let ago = 0; ago < passed; ago++) slots[(minute - ago) % SLOTS] = 0
        if (slots.every(count => count === 0)) reasons.delete(reason)
      }
    }
    this.#newest = minute
  }
}

function add(reasons: Reasons, reason: string, minute: number, count: number): void {
  let slots = reasons.get(reason)
  if (slots === undefined) {
    if (reasons.size >= MAX_REASONS) return
    slots = new Float64Array(SLOTS)
    reasons.set(reason, slots)
  }
  slots[minute % SLOTS] = (slots[minute % SLOTS] ?? 0) + count
}

function ranked(reasons: Reasons | undefined): Tally[] {
  return [...(reasons ?? [])]
    .map(([name, slots]) => ({ name, count: slots.reduce((sum, count) => sum + count, 0) }))
    .sort(byCount)
}
