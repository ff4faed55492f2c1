import { type EpochMs, MINUTE_MS } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import type { SignalName } from '../../core/signals.ts'
import { LabelTree } from '../../service/series/label-tree.ts'
import { reasonOf } from './reason.ts'

export interface Counted {
  readonly name: string
  readonly count: number
}

const SLOTS = 60
/** Most names that are counted for one trust zone and signal; gateways are the only ones that could be more. */
const MOST_NAMES = 200

type Slots = Float64Array
interface Tallies {
  readonly reasons: Map<string, Slots>
  readonly gateways: Map<string, Slots>
}

/** Events of the last hour of each trust zone and signal, by reason and by gateway, in slots of a minute of event time. */
export class LastHour {
  readonly #tallies = new LabelTree<Tallies>(2)
  readonly #all: Tallies[] = []
  #newest = 0

  /** An event dated ahead of the clock counts now: a forged time must not empty the hour. */
  count(event: SecurityEvent, now: EpochMs): void {
    this.#turn(Math.floor(now / MINUTE_MS))
    const minute = Math.min(Math.floor(event.eventTime / MINUTE_MS), this.#newest)
    if (minute <= this.#newest - SLOTS) return
    let tallies = this.#tallies.get([event.trustZone, event.signal])
    if (tallies === undefined) {
      tallies = { reasons: new Map(), gateways: new Map() }
      this.#tallies.set([event.trustZone, event.signal], tallies)
      this.#all.push(tallies)
    }
    add(tallies.reasons, reasonOf(event), minute, event.count)
    add(tallies.gateways, event.gateway, minute, event.count)
  }

  /** Most first. */
  reasons(trustZone: string, signal: SignalName, now: EpochMs): readonly Counted[] {
    this.#turn(Math.floor(now / MINUTE_MS))
    return ranked(this.#tallies.get([trustZone, signal])?.reasons)
  }

  /** Most first. */
  gateways(trustZone: string, signal: SignalName, now: EpochMs): readonly Counted[] {
    this.#turn(Math.floor(now / MINUTE_MS))
    return ranked(this.#tallies.get([trustZone, signal])?.gateways)
  }

  /** Empties the slots of the minutes that have left the hour. */
  #turn(minute: number): void {
    const passed = Math.min(minute - this.#newest, SLOTS)
    if (passed <= 0) return
    for (const { reasons, gateways } of this.#all) {
      for (const names of [reasons, gateways]) {
        for (const [name, slots] of names) {
          for (let ago = 0; ago < passed; ago++) slots[(minute - ago) % SLOTS] = 0
          if (slots.every(count => count === 0)) names.delete(name)
        }
      }
    }
    this.#newest = minute
  }
}

function add(names: Map<string, Slots>, name: string, minute: number, count: number): void {
  let slots = names.get(name)
  if (slots === undefined) {
    if (names.size >= MOST_NAMES) return
    slots = new Float64Array(SLOTS)
    names.set(name, slots)
  }
  slots[minute % SLOTS] = (slots[minute % SLOTS] ?? 0) + count
}

function ranked(names: ReadonlyMap<string, Slots> | undefined): Counted[] {
  return [...(names ?? [])]
    .map(([name, slots]) => ({ name, count: slots.reduce((sum, count) => sum + count, 0) }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
}
