import type { SignalName } from '../../../core/signals.ts'
import type { SeenMinutes } from './excess.ts'

/** Most log templates that are remembered of one version. */
export const MAX_TEMPLATES = 64

/** A template that was not seen for as long makes room for another one. */
const IDLE_MINUTES = 60

/** What one record shows of the log that its version writes. */
export interface Shown {
  /** Of a record that is decoded and moves one. */
  readonly signal?: SignalName
  /** Undecoded for a reason that a change of the format brings. */
  readonly isUndecoded: boolean
  /** Of such a record, where its dialect gives one. */
  readonly template?: string
}

/** In how many minutes something was seen, and in which last; minutes since 1970. */
interface Counted {
  minutes: number
  last: number
}

export type SavedCount = readonly [name: string, minutes: number, last: number]

/** As a part of a row of the state. */
export interface SavedMinutes {
  readonly all: readonly [minutes: number, last: number]
  readonly undecoded: readonly [minutes: number, last: number]
  readonly signals: readonly SavedCount[]
  readonly templates: readonly SavedCount[]
  readonly lost: readonly [minutes: number, last: number]
}

/**
 * What the log of one version is like, in minutes with a record. Minutes are counted and not records: a burst is one
 * observation, so that neither a retry loop nor an attacker weighs as much as its number of records. A minute that comes
 * out of order is not counted again.
 */
export class VersionMinutes {
  readonly #all: Counted = { minutes: 0, last: -1 }
  readonly #undecoded: Counted = { minutes: 0, last: -1 }
  readonly #signals = new Map<string, Counted>()
  /** In the order in which they were first seen. */
  readonly #templates = new Map<string, Counted>()
  readonly #maxTemplates: number
  /** In which templates were evicted, or not taken. */
  readonly #lost: Counted = { minutes: 0, last: -1 }

  constructor(maxTemplates = MAX_TEMPLATES) {
    this.#maxTemplates = maxTemplates
  }

  static restore(
    { all, undecoded, signals, templates, lost }: SavedMinutes,
    maxTemplates = MAX_TEMPLATES,
  ): VersionMinutes {
    const restored = new VersionMinutes(maxTemplates)
    Object.assign(restored.#all, { minutes: all[0], last: all[1] })
    Object.assign(restored.#undecoded, { minutes: undecoded[0], last: undecoded[1] })
    for (const [name, minutes, last] of signals) restored.#signals.set(name, { minutes, last })
    for (const [name, minutes, last] of templates) restored.#templates.set(name, { minutes, last })
    Object.assign(restored.#lost, { minutes: lost[0], last: lost[1] })
    return restored
  }

  /** Where one log is read before another of the same time, its minutes are those of the other too. */
  get minutes(): number {
    let most = this.#all.minutes
    for (const counted of [this.#undecoded, ...this.#signals.values(), ...this.#templates.values()]) {
      most = Math.max(most, counted.minutes)
    }
    return most
  }

  /** The newest minute with a record; -1 before the first. */
  get last(): number {
    return this.#all.last
  }

  get undecoded(): SeenMinutes {
    return { seen: this.#undecoded.minutes, minutes: this.minutes }
  }

  get signals(): Iterable<string> {
    return this.#signals.keys()
  }

  /**
   * In how many minutes, at most, a template that is not known may have been seen. Of what is
   * evicted the minutes are known; within the minute of an eviction it may have been seen again and evicted again.
   */
  get hiddenMinutes(): number {
    return Math.min(this.minutes, 2 * this.#lost.minutes)
  }

  /** The first seen first. */
  get templates(): readonly { readonly template: string; readonly minutes: number; readonly last: number }[] {
    return Array.from(this.#templates, ([template, counted]) => ({ template, ...counted }))
  }

  minutesOfSignal(signal: string): number {
    return this.#signals.get(signal)?.minutes ?? 0
  }

  knowsTemplate(template: string): boolean {
    return this.#templates.has(template)
  }

  /** @returns true where something changed that is saved */
  add(minute: number, { signal, isUndecoded, template }: Shown): boolean {
    let isChanged = count(this.#all, minute)
    if (isUndecoded && count(this.#undecoded, minute)) isChanged = true
    if (signal !== undefined && countIn(this.#signals, signal, minute)) isChanged = true
    if (template !== undefined && this.#addTemplate(template, minute)) isChanged = true
    return isChanged
  }

  /** Takes minutes of the same version that were counted apart. */
  merge(other: VersionMinutes): void {
    mergeCount(this.#all, other.#all)
    mergeCount(this.#undecoded, other.#undecoded)
    for (const [name, counted] of other.#signals) mergeIn(this.#signals, name, counted)
    for (const [template, counted] of other.#templates) {
      if (this.#templates.has(template) || this.#makeRoom(counted.last)) mergeIn(this.#templates, template, counted)
      else this.#lost.minutes += counted.minutes
    }
    mergeCount(this.#lost, other.#lost)
  }

  toJson(): SavedMinutes {
    const saved = ([name, { minutes, last }]: [string, Counted]): SavedCount => [name, minutes, last]
    return {
      all: [this.#all.minutes, this.#all.last],
      undecoded: [this.#undecoded.minutes, this.#undecoded.last],
      signals: Array.from(this.#signals, saved),
      templates: Array.from(this.#templates, saved),
      lost: [this.#lost.minutes, this.#lost.last],
    }
  }

  #addTemplate(template: string, minute: number): boolean {
    const held = this.#templates.get(template)
    if (held !== undefined) return count(held, minute)
    const before = this.#lost.minutes
    if (!this.#makeRoom(minute)) return this.#lost.minutes > before
    this.#templates.set(template, { minutes: 1, last: minute })
    return true
  }

  /**
   * Those of one minute go first: what a version writes again and again stays, whatever a client makes it write once. Then
   * those that are idle, so that a client that has filled the table has to cause its lines for as long as they are held.
   */
  #makeRoom(minute: number): boolean {
    if (this.#templates.size < this.#maxTemplates) return true
    count(this.#lost, minute)
    let idle: string | undefined
    let last = minute - IDLE_MINUTES
    for (const [template, counted] of this.#templates) {
      if (counted.minutes <= 1) return this.#templates.delete(template)
      if (counted.last < last) {
        idle = template
        last = counted.last
      }
    }
    if (idle === undefined) return false
    this.#lost.minutes += this.#templates.get(idle)?.minutes ?? 0
    return this.#templates.delete(idle)
  }
}

function count(counted: Counted, minute: number): boolean {
  if (minute <= counted.last) return false
  counted.minutes++
  counted.last = minute
  return true
}

function countIn(all: Map<string, Counted>, name: string, minute: number): boolean {
  const held = all.get(name)
  if (held !== undefined) return count(held, minute)
  all.set(name, { minutes: 1, last: minute })
  return true
}

function mergeCount(counted: Counted, { minutes, last }: Counted): void {
  counted.minutes += minutes
  counted.last = Math.max(counted.last, last)
}

function mergeIn(all: Map<string, Counted>, name: string, counted: Counted): void {
  const held = all.get(name)
  if (held === undefined) all.set(name, { ...counted })
  else mergeCount(held, counted)
}
