import type { EpochMs } from '../../../core/clock.ts'
import { isScheduled } from '../../../core/labels/posture.ts'
import type { ComputedSample, Metric, SeriesStore } from '../../../service/series/series.ts'
import { type HeldPosture, isValidAt } from './held-posture.ts'
import { openFindings } from './open-findings.ts'

const PLACE = ['gateway', 'trust_zone'] as const

/**
 * The gauges of posture. Findings of valid snapshots only; how old the snapshot of each producer is, and whether it is
 * valid, is exposed as long as the gateway is known.
 */
export class ExposedPosture {
  readonly #maxAge: number
  readonly #findings: Metric
  readonly #timestamp: Metric
  readonly #valid: Metric
  /** Samples of the findings of a subject. */
  readonly #samples = new Map<string, readonly ComputedSample[]>()
  /** When the next snapshot becomes too old. */
  #next: EpochMs = Number.NEGATIVE_INFINITY

  constructor(store: SeriesStore, maxAge: number) {
    this.#maxAge = maxAge
    const gauge = (name: string, help: string, labels: readonly string[]) =>
      store.define({ name, help, type: 'gauge', labels: [...PLACE, ...labels], durable: false })
    this.#findings = gauge(
      'clawtrust_posture_findings',
      'Open findings of the newest snapshots that are not older than posture.max_age.',
      ['check', 'severity'],
    )
    this.#findings.compute(() => [...this.#samples.values()].flat())
    this.#timestamp = gauge(
      'clawtrust_posture_snapshot_timestamp_seconds',
      'Time of the newest posture snapshot of a producer, seconds since 1970; exposed for 30 days.',
      ['producer'],
    )
    this.#valid = gauge(
      'clawtrust_posture_snapshot_valid',
      '1 while the newest posture snapshot of a producer is not older than posture.max_age; 0: the posture is unknown.',
      ['producer'],
    )
  }

  /** The snapshots of a subject have changed. */
  show(subject: HeldPosture, now: EpochMs): void {
    const { gateway, trustZone } = subject
    const valid = [...subject.snapshots.values()].filter(snapshot => isValidAt(snapshot, now, this.#maxAge))
    for (const snapshot of subject.snapshots.values()) {
      if (!isScheduled(snapshot.producer)) continue
      const isValid = valid.includes(snapshot)
      if (isValid) this.#next = Math.min(this.#next, snapshot.time + this.#maxAge)
      this.#timestamp.series(gateway, trustZone, snapshot.producer).value = snapshot.time / 1000
      this.#valid.series(gateway, trustZone, snapshot.producer).value = isValid ? 1 : 0
    }
    const counts = new Map<string, number>()
    for (const { check, severity } of openFindings(valid).values()) {
      const labelSet = this.#findings.labelSet(gateway, trustZone, check, severity)
      counts.set(labelSet, (counts.get(labelSet) ?? 0) + 1)
    }
    const samples = [...counts].map(([labelSet, value]) => ({ labelSet, value }))
    this.#samples.set(JSON.stringify([gateway, trustZone]), samples)
  }

  hide({ gateway, trustZone, snapshots }: HeldPosture): void {
    this.#samples.delete(JSON.stringify([gateway, trustZone]))
    for (const producer of snapshots.keys()) {
      this.#timestamp.remove(gateway, trustZone, producer)
      this.#valid.remove(gateway, trustZone, producer)
    }
  }

  /** All is exposed again with the next call of `clockReached`. */
  changed(): void {
    this.#next = Number.NEGATIVE_INFINITY
  }

  clockReached(subjects: Iterable<HeldPosture>, now: EpochMs): void {
    if (now <= this.#next) return
    this.#next = Number.POSITIVE_INFINITY
    for (const subject of subjects) this.show(subject, now)
  }
}
