import type { SecurityEvent } from '../../core/event.ts'
import type { Persistent } from '../contracts/persistent.ts'
import { excessOf } from './excess.ts'
import {
  type Observation,
  type ObservationRow,
  observationOf,
  observationOfRow,
  precedes,
  rowOfObservation,
  trustedAddressOf,
} from './observation.ts'
import { newPending, type Pending, PendingMinute } from './pending-minute.ts'
import type { NetworkOf } from './source-networks.ts'
import { TimedRows } from './timed-rows.ts'

export interface PendingLimits {
  /** Most observations in all. */
  readonly capacity: number
  /** Most observations of one gateway and minute. */
  readonly perMinute: number
}

interface OpenMinute {
  readonly observations: PendingMinute
  /** Where some were evicted: the least hash that is not taken any more. */
  bound: number
}

type Row = readonly [gateway: string, ...observation: ObservationRow]

/**
 * The observations of minutes that are not derived yet. They are saved with each commit, because the cursor has moved
 * past their records.
 *
 * Bounded twice. Of one gateway and minute those stay whose keys have the least hash, whatever order they come in. When
 * all together are too many, the gateway with most of them loses its oldest minutes.
 */
export class PendingObservations {
  readonly #limits: PendingLimits
  readonly #networkOf: NetworkOf
  readonly #onEvicted: (observations: number) => void
  readonly #byGateway = new Map<string, Map<number, OpenMinute>>()
  readonly #rows = new TimedRows<Pending>({
    key: 'observations/',
    encode: ({ gateway, observation }): Row => [gateway, ...rowOfObservation(observation)],
    decode: (row, minute) => {
      const [gateway, ...rest] = row as unknown as Row
      const pending = newPending(gateway, observationOfRow(rest, this.#networkOf))
      this.#minute(gateway, minute).observations.add(pending)
      return pending
    },
  })
  readonly persistents: readonly Persistent[] = [this.#rows]

  constructor(limits: PendingLimits, networkOf: NetworkOf, onEvicted: (observations: number) => void) {
    this.#limits = limits
    this.#networkOf = networkOf
    this.#onEvicted = onEvicted
  }

  /** True where it is time to derive without waiting for the next commit. */
  get isHalfFull(): boolean {
    return this.#rows.size > this.#limits.capacity / 2
  }

  add(event: SecurityEvent, minute: number): void {
    const open = this.#minute(event.gateway, minute)
    const address = trustedAddressOf(event)
    const known = open.observations.find(event, address && this.#networkOf(address))
    if (known === undefined) {
      this.#addNew(open, newPending(event.gateway, observationOf(event, this.#networkOf)), minute)
    } else if (precedes(event, known.observation)) {
      known.observation = observationOf(event, this.#networkOf)
      this.#rows.put(known, minute)
    }
  }

  /** Starts of the minutes of a gateway that have observations and begin before `end`, in order. */
  minutes(gateway: string, end: number): number[] {
    const minutes = this.#byGateway.get(gateway)
    if (minutes === undefined) return []
    return [...minutes.keys()].filter(minute => minute < end).sort((a, b) => a - b)
  }

  /** Removes and returns the observations of a minute. */
  take(gateway: string, minute: number): Observation[] {
    const open = this.#byGateway.get(gateway)?.get(minute)
    if (open === undefined) return []
    this.#cut(open)
    this.#remove(gateway, minute)
    return Array.from(open.observations.values(), ({ observation }) => observation)
  }

  /** Gives up all that is pending of a gateway. */
  giveUp(gateway: string): void {
    for (const minute of this.#byGateway.get(gateway)?.keys() ?? []) {
      this.#onEvicted(this.#remove(gateway, minute))
    }
  }

  #minute(gateway: string, minute: number): OpenMinute {
    const minutes = this.#byGateway.get(gateway)
    const known = minutes?.get(minute)
    if (known !== undefined) return known
    const fresh = { observations: new PendingMinute(), bound: Number.POSITIVE_INFINITY }
    if (minutes === undefined) this.#byGateway.set(gateway, new Map([[minute, fresh]]))
    else minutes.set(minute, fresh)
    return fresh
  }

  #addNew(open: OpenMinute, pending: Pending, minute: number): void {
    if (pending.hash >= open.bound) {
      this.#onEvicted(1)
      return
    }
    open.observations.add(pending)
    this.#rows.put(pending, minute)
    // Cut when there are twice as many, so that it costs little for each.
    if (open.observations.size > 2 * this.#limits.perMinute) this.#cut(open)
    if (this.#rows.size > this.#limits.capacity) this.#makeRoom()
  }

  #cut(open: OpenMinute): void {
    const excess = excessOf([...open.observations.values()], this.#limits.perMinute, ({ hash }) => hash)
    if (excess.length === 0) return
    open.observations.remove(new Set(excess))
    for (const pending of excess) {
      this.#rows.delete(pending)
      open.bound = Math.min(open.bound, pending.hash)
    }
    this.#onEvicted(excess.length)
  }

  #makeRoom(): void {
    const enough = (this.#limits.capacity * 3) / 4
    const bySize = [...this.#byGateway]
      .map(([gateway, minutes]) => ({
        gateway,
        size: sum([...minutes.values()].map(({ observations }) => observations.size)),
      }))
      .sort((a, b) => b.size - a.size || (a.gateway < b.gateway ? -1 : 1))
    for (const { gateway } of bySize) {
      for (const minute of this.minutes(gateway, Number.POSITIVE_INFINITY)) {
        if (this.#rows.size <= enough) return
        this.#onEvicted(this.#remove(gateway, minute))
      }
    }
  }

  /** @returns how many there were */
  #remove(gateway: string, minute: number): number {
    const minutes = this.#byGateway.get(gateway)
    const open = minutes?.get(minute)
    if (minutes === undefined || open === undefined) return 0
    for (const pending of open.observations.values()) this.#rows.delete(pending)
    minutes.delete(minute)
    if (minutes.size === 0) this.#byGateway.delete(gateway)
    return open.observations.size
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
