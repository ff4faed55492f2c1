import type { SecurityEvent } from '../../core/event.ts'
import type { DocumentValue } from '../../service/state/state.ts'
import { contentHash, excessOf } from './excess.ts'
import {
  keyOfObservation,
  type Observation,
  type ObservationRow,
  observationOf,
  observationOfRow,
  precedes,
  rowOfObservation,
} from './observation.ts'
import { type Place, TimedRows } from './timed-rows.ts'

export interface PendingLimits {
  /** Most observations in all. */
  readonly capacity: number
  /** Most observations of one gateway and minute. */
  readonly perMinute: number
}

interface Pending {
  readonly gateway: string
  readonly key: string
  observation: Observation
  place: Place<Pending> | undefined
}

interface PendingMinute {
  readonly byKey: Map<string, Pending>
  /** Where some were given up: the least hash that is not taken any more. */
  bound: number
}

type Row = readonly [gateway: string, ...observation: ObservationRow]

/**
 * The observations of minutes that are not derived yet. They are saved with each commit, because the cursor has moved
 * past their records.
 *
 * Bounded twice. Of one gateway and minute those stay whose keys have the least hash, whatever order they come in. When
 * all together are too many, the gateway with most of them gives up its oldest minutes.
 */
export class PendingObservations {
  readonly #limits: PendingLimits
  readonly #onEvicted: (observations: number) => void
  readonly #byGateway = new Map<string, Map<number, PendingMinute>>()
  readonly #rows = new TimedRows<Pending>({
    name: 'observations',
    encode: ({ gateway, observation }): Row => [gateway, ...rowOfObservation(observation)],
    textOf: ({ gateway, key }) => `${gateway.length} ${gateway}${key}`,
  })

  constructor(limits: PendingLimits, onEvicted: (observations: number) => void) {
    this.#limits = limits
    this.#onEvicted = onEvicted
  }

  /** True where it is time to derive without waiting for the next commit. */
  get isHalfFull(): boolean {
    return this.#rows.size > this.#limits.capacity / 2
  }

  /** @param key of the event, see `keyOfEvent` */
  add(event: SecurityEvent, key: string, minute: number): void {
    const { gateway } = event
    const observations = this.#minute(gateway, minute)
    const known = observations.byKey.get(key)
    if (known !== undefined) {
      if (!precedes(event, known.observation)) return
      known.observation = observationOf(event)
      this.#rows.put(known, minute)
      return
    }
    if (observations.bound !== Number.POSITIVE_INFINITY && contentHash(key) >= observations.bound) {
      this.#onEvicted(1)
      return
    }
    const pending = { gateway, key, observation: observationOf(event), place: undefined }
    observations.byKey.set(key, pending)
    this.#rows.put(pending, minute)
    // Twice as many before they are cut, so that cutting costs little for each.
    if (observations.byKey.size > 2 * this.#limits.perMinute) this.#cut(observations)
    if (this.#rows.size > this.#limits.capacity) this.#makeRoom()
  }

  /** Starts of the minutes of a gateway that have observations and begin before `end`, in order. */
  minutes(gateway: string, end: number): number[] {
    const minutes = this.#byGateway.get(gateway)
    if (minutes === undefined) return []
    return [...minutes.keys()].filter(minute => minute < end).sort((a, b) => a - b)
  }

  /** Removes and returns the observations of a minute. */
  take(gateway: string, minute: number): Observation[] {
    const observations = this.#byGateway.get(gateway)?.get(minute)
    if (observations === undefined) return []
    this.#cut(observations)
    this.#remove(gateway, minute)
    return Array.from(observations.byKey.values(), ({ observation }) => observation)
  }

  /** Gives up all that is pending of a gateway. */
  giveUp(gateway: string): void {
    for (const minute of this.#byGateway.get(gateway)?.keys() ?? []) {
      this.#onEvicted(this.#remove(gateway, minute))
    }
  }

  changes(): DocumentValue[] {
    return this.#rows.changes()
  }

  restore(documents: readonly DocumentValue[]): void {
    this.#rows.restore(documents, (row, minute) => {
      const [gateway, ...rest] = row as unknown as Row
      const observation = observationOfRow(rest)
      const pending = { gateway, key: keyOfObservation(observation), observation, place: undefined }
      this.#minute(gateway, minute).byKey.set(pending.key, pending)
      return pending
    })
  }

  #minute(gateway: string, minute: number): PendingMinute {
    const minutes = this.#byGateway.get(gateway)
    const known = minutes?.get(minute)
    if (known !== undefined) return known
    const fresh = { byKey: new Map<string, Pending>(), bound: Number.POSITIVE_INFINITY }
    if (minutes === undefined) this.#byGateway.set(gateway, new Map([[minute, fresh]]))
    else minutes.set(minute, fresh)
    return fresh
  }

  #cut(observations: PendingMinute): void {
    const { byKey } = observations
    const excess = excessOf([...byKey.values()], this.#limits.perMinute, ({ key }) => key)
    if (excess.length === 0) return
    for (const pending of excess) {
      byKey.delete(pending.key)
      this.#rows.delete(pending)
      observations.bound = Math.min(observations.bound, contentHash(pending.key))
    }
    this.#onEvicted(excess.length)
  }

  #makeRoom(): void {
    const enough = (this.#limits.capacity * 3) / 4
    const bySize = [...this.#byGateway]
      .map(([gateway, minutes]) => ({ gateway, size: sum([...minutes.values()].map(({ byKey }) => byKey.size)) }))
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
    const observations = minutes?.get(minute)
    if (minutes === undefined || observations === undefined) return 0
    for (const pending of observations.byKey.values()) this.#rows.delete(pending)
    minutes.delete(minute)
    if (minutes.size === 0) this.#byGateway.delete(gateway)
    return observations.byKey.size
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
