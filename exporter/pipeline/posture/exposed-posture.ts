import type { EpochMs } from '../../../core/clock.ts'
import { isScheduled } from '../../../core/labels/posture.ts'
import { type Finding, isValidAt, openFindings } from '../../../decoding/toolkit/posture.ts'
import type { ComputedSample, Metric, SeriesStore } from '../../../service/series/series.ts'
import type { Acceptances } from './acceptances.ts'
import type { HeldPosture } from './held-posture.ts'

const PLACE = ['gateway', 'trust_zone'] as const

interface SubjectSamples {
  readonly open: readonly ComputedSample[]
  readonly accepted: readonly ComputedSample[]
  /** Of the desired state: one, or none. */
  readonly differences: readonly ComputedSample[]
}

/**
 * The gauges of posture. Findings of valid snapshots only; how old the snapshot of each producer is, and whether it is
 * valid, is exposed as long as the gateway is known.
 */
export class ExposedPosture {
  readonly #maxAge: number
  readonly #acceptances: Pick<Acceptances, 'find' | 'nextEnd'>
  readonly #findings: Metric
  readonly #accepted: Metric
  readonly #differences: Metric
  readonly #timestamp: Metric
  readonly #valid: Metric
  /** Samples of the findings of a subject. */
  readonly #samples = new Map<string, SubjectSamples>()
  /** When the next snapshot becomes too old. */
  #next: EpochMs = Number.NEGATIVE_INFINITY

  constructor(store: SeriesStore, maxAge: number, acceptances: Pick<Acceptances, 'find' | 'nextEnd'>) {
    this.#maxAge = maxAge
    this.#acceptances = acceptances
    const gauge = (name: string, help: string, labels: readonly string[]) =>
      store.define({ name, help, type: 'gauge', labels: [...PLACE, ...labels], durable: false })
    this.#findings = gauge(
      'clawtrust_posture_findings',
      'Open findings of the newest snapshots that are not older than posture.max_age, without accepted ones.',
      ['check', 'severity'],
    )
    this.#findings.compute(() => [...this.#samples.values()].flatMap(({ open }) => open))
    this.#accepted = gauge(
      'clawtrust_posture_accepted_findings',
      'Open findings that an operator has accepted until a time that has not come.',
      ['check', 'severity'],
    )
    this.#accepted.compute(() => [...this.#samples.values()].flatMap(({ accepted }) => accepted))
    this.#differences = gauge(
      'clawtrust_posture_desired_state_differences',
      'Open findings of the comparison with posture.desired_state, without accepted ones; absent where nothing is desired of the gateway, or no record that it rests on is newer than posture.max_age.',
      [],
    )
    this.#differences.compute(() => [...this.#samples.values()].flatMap(({ differences }) => differences))
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
    const compared = subject.snapshots.get('desired-state')
    const end = (compared?.time ?? Number.NEGATIVE_INFINITY) + this.#maxAge
    if (now <= end) this.#next = Math.min(this.#next, end)
    const findings = [...openFindings(valid).values()]
    const isAccepted = (finding: Finding) => this.#acceptances.find(gateway, finding, now) !== undefined
    this.#samples.set(JSON.stringify([gateway, trustZone]), {
      open: samplesOf(
        this.#findings,
        subject,
        findings.filter(finding => !isAccepted(finding)),
      ),
      accepted: samplesOf(this.#accepted, subject, findings.filter(isAccepted)),
      differences:
        compared === undefined || now > end
          ? []
          : [
              {
                labelSet: this.#differences.labelSet(gateway, trustZone),
                value: compared.findings.filter(finding => !isAccepted(finding)).length,
              },
            ],
    })
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
    // An acceptance ends at its time, and a snapshot is valid up to and including it.
    this.#next = this.#acceptances.nextEnd(now) - 1
    for (const subject of subjects) this.show(subject, now)
  }
}

function samplesOf(metric: Metric, subject: HeldPosture, findings: readonly Finding[]): readonly ComputedSample[] {
  const counts = new Map<string, number>()
  for (const { check, severity } of findings) {
    const labelSet = metric.labelSet(subject.gateway, subject.trustZone, check, severity)
    counts.set(labelSet, (counts.get(labelSet) ?? 0) + 1)
  }
  return [...counts].map(([labelSet, value]) => ({ labelSet, value }))
}
