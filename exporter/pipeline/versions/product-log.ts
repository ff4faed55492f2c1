import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import type { Json } from '../../../service/state/state.ts'
import { changeOfLog, type LogChange, NO_CHANGE } from './log-change.ts'
import { type SavedMinutes, type Shown, VersionMinutes } from './version-minutes.ts'

/** Most versions of one product that are remembered of one gateway. */
const MAX_VERSIONS = 6
/** How long a version is compared with those before it: a week has every weekday. One that was seen longer ago may be evicted. */
export const WATCHED_MS = 7 * DAY_MS
/** How long records without a version wait for the next report of one: as long as a snapshot of the posture is valid. */
const MAX_PENDING_HOURS = 26
/** Most log templates of one of these hours. */
const PENDING_TEMPLATES = 32

export interface HeldVersion {
  readonly version: string
  /** When its first record was read, by the clock. */
  readonly since: EpochMs
  readonly minutes: VersionMinutes
  change: LogChange
}

/** As a row of the state. */
export interface SavedLog {
  readonly versions: readonly (readonly [version: string, since: EpochMs, minutes: SavedMinutes])[]
  readonly reports: readonly (readonly [version: string, minute: number])[]
  readonly pending: readonly (readonly [hour: number, minutes: SavedMinutes])[]
}

const MINUTES_OF_HOUR = HOUR_MS / MINUTE_MS

/**
 * What the records of one product at one gateway show of its versions. A record that does not say its version is of the
 * next one that is reported: a process that reports a version wrote everything since the report before it, so that what a
 * gateway wrote between an upgrade and the first report afterwards is not taken for its old version's.
 */
export class ProductLog {
  /** In the order in which they were first seen. */
  readonly #versions = new Map<string, HeldVersion>()
  /** Versions with the minute of their last report, in the order of these. */
  #reports: { readonly version: string; minute: number }[] = []
  /** Records that wait for a report, by the hour of their time. */
  readonly #pending = new Map<number, VersionMinutes>()
  /** When a record was read last, by the clock. */
  heard: EpochMs
  isChanged = false
  #judged = { minute: -1, isStale: true }

  constructor(heard: EpochMs) {
    this.heard = heard
  }

  static restore({ versions, reports, pending }: SavedLog, now: EpochMs): ProductLog {
    const log = new ProductLog(now)
    for (const [version, since, minutes] of versions) {
      log.#versions.set(version, { version, since, minutes: VersionMinutes.restore(minutes), change: NO_CHANGE })
    }
    for (const [version, minute] of reports) log.#reports.push({ version, minute })
    for (const [hour, minutes] of pending) log.#pending.set(hour, VersionMinutes.restore(minutes, PENDING_TEMPLATES))
    return log
  }

  get versions(): readonly HeldVersion[] {
    return [...this.#versions.values()]
  }

  /** The version that was reported last. */
  get current(): string | undefined {
    return this.#reports.at(-1)?.version
  }

  /** False where too many versions are remembered for one more. */
  admits(version: string): boolean {
    return this.#versions.has(version) || this.#versions.size < MAX_VERSIONS
  }

  /**
   * A record of this version, or of the next that is reported.
   *
   * @param minute of the record, not after the clock
   * @param shown absent of a record that only reports the version
   */
  add(minute: number, shown: Shown | undefined, version: string | undefined): void {
    if (version !== undefined) this.#report(version, minute)
    if (shown === undefined) return
    const own = version ?? this.#reports.find(report => report.minute >= minute)?.version
    const minutes = own === undefined ? this.#pendingAt(minute) : this.#held(own).minutes
    if (minutes.add(minute, shown)) this.#change()
  }

  /** Forgets the version that was seen longest ago. @returns it; undefined where all were seen within the watched time */
  evict(now: EpochMs): string | undefined {
    const old = this.versions
      .filter(({ version, minutes }) => version !== this.current && now - minutes.last * MINUTE_MS > WATCHED_MS)
      .sort((a, b) => a.minutes.last - b.minutes.last)[0]
    if (old === undefined) return undefined
    this.#versions.delete(old.version)
    this.#reports = this.#reports.filter(({ version }) => version !== old.version)
    this.#change()
    return old.version
  }

  /** Compares each version that is watched with those before it, where something may have changed. @returns true then */
  judge(now: EpochMs): boolean {
    const minute = Math.floor(now / MINUTE_MS)
    if (!this.#judged.isStale && minute - this.#judged.minute < MINUTES_OF_HOUR) return false
    this.#judged = { minute, isStale: false }
    const earlier: VersionMinutes[] = []
    for (const held of this.#versions.values()) {
      held.change = now - held.since > WATCHED_MS ? NO_CHANGE : changeOfLog(held.minutes, earlier, minute)
      earlier.push(held.minutes)
    }
    return true
  }

  toJson(): Json {
    const saved: SavedLog = {
      versions: this.versions.map(({ version, since, minutes }) => [version, since, minutes.toJson()]),
      reports: this.#reports.map(({ version, minute }) => [version, minute]),
      pending: Array.from(this.#pending, ([hour, minutes]) => [hour, minutes.toJson()] as const),
    }
    return saved as unknown as Json
  }

  #report(version: string, minute: number): void {
    const last = this.#reports.at(-1)
    if (last?.version === version) {
      if (minute <= last.minute) return
      last.minute = minute
    } else if (last !== undefined && minute <= last.minute) return
    else if (this.#reports.push({ version, minute }) > MAX_VERSIONS) this.#reports.shift()
    this.#change()
    const hour = hourOf(minute)
    for (const [pending, minutes] of this.#pending) {
      if (pending > hour) continue
      this.#held(version).minutes.merge(minutes)
      this.#pending.delete(pending)
    }
  }

  #held(version: string): HeldVersion {
    let held = this.#versions.get(version)
    if (held === undefined) {
      held = { version, since: this.heard, minutes: new VersionMinutes(), change: NO_CHANGE }
      this.#versions.set(version, held)
    }
    return held
  }

  #pendingAt(minute: number): VersionMinutes {
    const hour = hourOf(minute)
    let minutes = this.#pending.get(hour)
    if (minutes === undefined) {
      minutes = new VersionMinutes(PENDING_TEMPLATES)
      this.#pending.set(hour, minutes)
      if (this.#pending.size > MAX_PENDING_HOURS) this.#pending.delete(Math.min(...this.#pending.keys()))
    }
    return minutes
  }

  #change(): void {
    this.isChanged = true
    this.#judged.isStale = true
  }
}

const hourOf = (minute: number): number => Math.floor(minute / MINUTES_OF_HOUR)
