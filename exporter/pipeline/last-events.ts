import type { Clock, EpochMs } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import type { SignalName } from '../../core/signals.ts'
import { LabelTree } from '../../service/series/label-tree.ts'
import type { Json } from '../../service/state/state.ts'
import type { ChangedRow, JsonPersistent, SavedRow } from '../contracts/persistent.ts'

/** The newest event of one signal and trust zone that records of one dialect in one source reported. */
export interface LastEvent {
  readonly source: string
  readonly dialect: string
  readonly signal: SignalName
  readonly trustZone: string
  readonly time: EpochMs
}

interface Held extends LastEvent {
  time: EpochMs
  isChanged: boolean
}

/**
 * Who reported which signal, and when last: what coverage is made from. All of its keys are closed: sources and trust zones
 * by the configuration, dialects and signals by the program. It outlives a restart, so that a signal of rare events is not
 * blind after one.
 */
export class LastEvents implements JsonPersistent {
  readonly key = 'last-events/'
  readonly format = 'json'
  readonly #tree = new LabelTree<Held>(4)
  readonly #all: Held[] = []

  /** @param clock events that are dated after it count as of now: a forged time must not hide a silence */
  observe(source: string, dialect: string, events: readonly SecurityEvent[], clock: Pick<Clock, 'now'>): void {
    const now = clock.now()
    for (const event of events) this.#observe(source, dialect, event, now)
  }

  #observe(source: string, dialect: string, { signal, trustZone, eventTime }: SecurityEvent, now: EpochMs): void {
    const time = Math.min(eventTime, now)
    const held = this.#tree.get([trustZone, signal, dialect, source])
    if (held === undefined) this.#add({ source, dialect, signal, trustZone, time, isChanged: true })
    else if (time > held.time) {
      held.time = time
      held.isChanged = true
    }
  }

  /** Those of a source, in no particular order. */
  of(source: string): readonly LastEvent[] {
    return this.#all
      .filter(held => held.source === source)
      .map(({ dialect, signal, trustZone, time }) => ({ source, dialect, signal, trustZone, time }))
  }

  changes(): readonly ChangedRow<Json>[] {
    const changed = this.#all.filter(({ isChanged }) => isChanged)
    for (const held of changed) held.isChanged = false
    return changed.map(({ source, dialect, signal, trustZone, time }) => {
      return { name: JSON.stringify([source, dialect, signal, trustZone]), value: time }
    })
  }

  restore(rows: readonly SavedRow<Json>[]): void {
    for (const { name, value } of rows) {
      const [source = '', dialect = '', signal = '', trustZone = ''] = JSON.parse(name) as readonly string[]
      this.#add({ source, dialect, signal: signal as SignalName, trustZone, time: Number(value), isChanged: false })
    }
  }

  #add(held: Held): void {
    this.#tree.set([held.trustZone, held.signal, held.dialect, held.source], held)
    this.#all.push(held)
  }
}
