import { DAY_MS, type EpochMs, HOUR_MS } from '../../../core/clock.ts'
import type { DesiredState } from '../../../core/config/posture.ts'
import type { PostureProducer } from '../../../core/labels/posture.ts'
import { isValidAt, openFindings, type PostureFacts, type PostureSnapshot } from '../../../decoding/toolkit/posture.ts'
import { LABEL_VALUE_LIMIT } from '../../../service/series/label-values.ts'
import type { SeriesStore } from '../../../service/series/series.ts'
import type { Json } from '../../../service/state/state.ts'
import type { ChangedRow, JsonPersistent, SavedRow } from '../../contracts/persistent.ts'
import { type Acceptance, Acceptances, type FindingPattern } from './acceptances.ts'
import { desiredStateFindings, desiredStateOf } from './desired-state.ts'
import { driftOfFact, driftOfFinding, type PostureDrift } from './drift.ts'
import { ExposedPosture } from './exposed-posture.ts'
import type { HeldPosture, HeldSnapshot, PostureSubject } from './held-posture.ts'
import { factChanges, findingChanges } from './open-findings.ts'

interface Held extends HeldPosture {
  readonly snapshots: Map<PostureProducer, HeldSnapshot>
}

export interface PostureOptions {
  readonly store: SeriesStore
  /** A snapshot that is older than this is not valid any more: the posture is unknown. Milliseconds. Default: 26 h. */
  readonly maxAge?: number | undefined
  /** Default: none. */
  readonly desiredState?: readonly DesiredState[] | undefined
  readonly onEvicted: () => void
}

/** A daily snapshot, and two hours in which it may be late. */
export const MAX_AGE_MS = DAY_MS + 2 * HOUR_MS
/** A subject without a snapshot for this time is forgotten: the gateway is gone. */
const FORGOTTEN_MS = 30 * DAY_MS
/** Findings of all subjects that are held at most; the subject whose last snapshot came longest ago goes first. */
const MAX_FINDINGS = 100_000
const MAX_SUBJECTS = 2_000

/**
 * The open findings of each gateway: the newest snapshot of each producer. A snapshot that brings or no longer has a
 * finding gives a drift; one that does not supersede that of its producer gives nothing, so a record that is read again
 * changes nothing. Findings of a snapshot that is too old are still those that the next one is compared with, but they
 * are not exposed: they may be closed by now, and others open.
 */
export class Posture implements JsonPersistent {
  readonly key = 'posture/'
  readonly format = 'json'
  readonly #maxAge: number
  readonly #desiredState: readonly DesiredState[]
  readonly #onEvicted: () => void
  readonly #exposed: ExposedPosture
  /** What operators have accepted; saved by itself. */
  readonly acceptances = new Acceptances()
  /** From the subject whose last snapshot came longest ago. */
  readonly #subjects = new Map<string, Held>()
  readonly #changed = new Set<string>()
  #findings = 0

  constructor({ store, maxAge = MAX_AGE_MS, desiredState = [], onEvicted }: PostureOptions) {
    this.#desiredState = desiredState
    this.#maxAge = maxAge
    this.#onEvicted = onEvicted
    this.#exposed = new ExposedPosture(store, maxAge, this.acceptances)
  }

  /** From the subject whose last snapshot came longest ago. */
  get subjects(): Iterable<HeldPosture> {
    return this.#subjects.values()
  }

  isValid(snapshot: HeldSnapshot, now: EpochMs): boolean {
    return isValidAt(snapshot, now, this.#maxAge)
  }

  /** @returns false where there is no room for a further acceptance */
  accept(acceptance: Acceptance): boolean {
    this.#exposed.changed()
    return this.acceptances.add(acceptance)
  }

  /** Ends an acceptance. @returns how many were in force */
  expire(pattern: FindingPattern, who: string, now: EpochMs): number {
    this.#exposed.changed()
    return this.acceptances.end(pattern, who, now)
  }

  /** @returns the drifts that the snapshot shows */
  see(subject: PostureSubject, newer: HeldSnapshot, now: EpochMs): readonly PostureDrift[] {
    if (subject.gateway.length > LABEL_VALUE_LIMIT) return []
    const key = nameOf(subject)
    const held: Held = this.#subjects.get(key) ?? { ...subject, snapshots: new Map() }
    const earlier = held.snapshots.get(newer.producer)
    if (earlier !== undefined && !this.#supersedes(newer, earlier, now)) return []
    const before = openFindings(held.snapshots.values())
    this.#put(held, newer)
    this.#compare(held, now)
    const drifts = [
      ...findingChanges(before, openFindings(held.snapshots.values())).map(driftOfFinding),
      ...(earlier === undefined ? [] : factChanges(earlier.facts, newer.facts).flatMap(driftOfFact)),
    ]
    this.#renew(key, held, now)
    return drifts
  }

  /**
   * Takes findings that follow from what is known and from the time: that they open and close is no event. What has not
   * changed is noted once a day, so that the subject is not forgotten.
   */
  hold(subject: PostureSubject, snapshot: PostureSnapshot, now: EpochMs): void {
    const key = nameOf(subject)
    const held = this.#subjects.get(key) ?? { ...subject, snapshots: new Map() }
    const earlier = held.snapshots.get(snapshot.producer)
    if (earlier !== undefined) {
      const isUnchanged = JSON.stringify(earlier.findings) === JSON.stringify(snapshot.findings)
      const age = now - earlier.time
      if (isUnchanged && (snapshot.findings.length === 0 || (age >= 0 && age < DAY_MS))) return
    }
    this.#put(held, { ...snapshot, time: now })
    this.#renew(key, held, now)
  }

  /**
   * The newer one does. While an own snapshot is valid no other one does, whatever its time: a sender of logs, or of
   * documents, could close findings otherwise. An own valid one does at once.
   */
  #supersedes(newer: HeldSnapshot, earlier: HeldSnapshot, now: EpochMs): boolean {
    if (earlier.isOwn && !newer.isOwn && this.isValid(earlier, now)) return false
    if (newer.isOwn && !earlier.isOwn && this.isValid(newer, now)) return true
    return newer.time > earlier.time
  }

  /** Snapshots become too old by the clock alone. */
  clockReached(now: EpochMs): void {
    for (const [key, held] of this.#subjects) {
      const newest = Math.max(...[...held.snapshots.values()].map(({ time }) => time))
      if (now - newest > FORGOTTEN_MS) this.#forget(key, held)
    }
    this.#exposed.clockReached(this.#subjects.values(), now)
  }

  changes(): readonly ChangedRow<Json>[] {
    const rows = [...this.#changed].map(name => {
      const held = this.#subjects.get(name)
      return { name, value: held === undefined ? null : rowOf(held) }
    })
    this.#changed.clear()
    return rows
  }

  /** What is exposed follows with the next call of `clockReached`. */
  restore(rows: readonly SavedRow<Json>[]): void {
    const saved = rows.map(({ name, value }) => ({ name, snapshots: value as unknown as HeldSnapshot[] }))
    const newest = (snapshots: readonly HeldSnapshot[]) => Math.max(...snapshots.map(({ time }) => time))
    for (const { name, snapshots } of saved.sort((a, b) => newest(a.snapshots) - newest(b.snapshots))) {
      const [gateway, trustZone] = JSON.parse(name) as [string, string]
      const held: Held = { gateway, trustZone, snapshots: new Map() }
      for (const snapshot of snapshots) this.#put(held, snapshot)
      this.#subjects.set(name, held)
    }
    this.#exposed.changed()
  }

  /** The desired state is compared with what is known whenever a snapshot comes. */
  #compare(held: Held, now: EpochMs): void {
    const producer = 'desired-state'
    const desired = desiredStateOf(this.#desiredState, held.gateway)
    const others = [...held.snapshots.values()].filter(
      one => one.producer !== producer && one.producer !== 'identities',
    )
    // Without differences too: that nothing differs is known only where something was compared.
    if (desired === undefined || others.length === 0) {
      this.#findings -= held.snapshots.get(producer)?.findings.length ?? 0
      held.snapshots.delete(producer)
      return
    }
    const valid = others.filter(snapshot => this.isValid(snapshot, now)).sort((a, b) => a.time - b.time)
    const facts = Object.assign({}, ...valid.map(snapshot => snapshot.facts)) as PostureFacts
    const time = Math.max(...others.map(snapshot => snapshot.time))
    this.#put(held, { producer, findings: desiredStateFindings(desired, facts), facts: {}, time })
  }

  #renew(key: string, held: Held, now: EpochMs): void {
    this.#subjects.delete(key)
    this.#subjects.set(key, held)
    this.#changed.add(key)
    this.#exposed.show(held, now)
    this.#bound()
  }

  #put({ snapshots }: Held, snapshot: HeldSnapshot): void {
    this.#findings += snapshot.findings.length - (snapshots.get(snapshot.producer)?.findings.length ?? 0)
    snapshots.set(snapshot.producer, snapshot)
  }

  #bound(): void {
    for (const [key, held] of this.#subjects) {
      if (this.#findings <= MAX_FINDINGS && this.#subjects.size <= MAX_SUBJECTS) return
      if (this.#subjects.size === 1) return
      this.#forget(key, held)
      this.#onEvicted()
    }
  }

  #forget(key: string, held: Held): void {
    for (const { findings } of held.snapshots.values()) this.#findings -= findings.length
    this.#subjects.delete(key)
    this.#changed.add(key)
    this.#exposed.hide(held)
  }
}

const nameOf = ({ gateway, trustZone }: PostureSubject): string => JSON.stringify([gateway, trustZone])

const rowOf = ({ snapshots }: HeldPosture): Json => JSON.parse(JSON.stringify([...snapshots.values()]))
