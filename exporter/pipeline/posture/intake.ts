import type { Clock, EpochMs } from '../../../core/clock.ts'
import type { SecurityEvent } from '../../../core/event.ts'
import type { ConfigurationChange, PostureSnapshot } from '../../../decoding/toolkit/posture.ts'
import type { Persistent } from '../../contracts/persistent.ts'
import type { SourceRecord } from '../../contracts/source.ts'
import { ConfigurationEdits } from './configuration-edits.ts'
import type { PostureDrift } from './drift.ts'
import type { PostureSubject } from './held-posture.ts'
import { Posture, type PostureOptions } from './posture.ts'

/** What a record reports of the posture of a gateway. */
export type PostureReport = {
  readonly time: EpochMs
  readonly subject: PostureSubject
} & (
  | { readonly kind: 'posture_snapshot'; readonly snapshot: PostureSnapshot }
  | { readonly kind: 'configuration_change'; readonly change: ConfigurationChange }
)

/** Takes reports, and gives the events that follow of them. */
export class PostureIntake {
  readonly posture: Posture
  readonly #clock: Pick<Clock, 'now'>
  readonly #edits = new ConfigurationEdits()

  constructor(options: PostureOptions & { readonly clock: Pick<Clock, 'now'> }) {
    this.posture = new Posture(options)
    this.#clock = options.clock
  }

  get persistents(): readonly Persistent[] {
    return [this.posture, this.posture.acceptances, this.#edits]
  }

  take(source: string, record: Pick<SourceRecord, 'id' | 'ingestTime'>, report: PostureReport): SecurityEvent[] {
    return this.#drifts(report).map(({ kind, severity, change }) => ({
      signal: 'posture_drifts',
      labels: { kind, severity },
      outcome: 'success',
      severity,
      eventTime: report.time,
      ...(record.ingestTime !== undefined && { ingestTime: record.ingestTime }),
      count: 1,
      ...report.subject,
      actor: { addressTrusted: false },
      change,
      record: { source, id: record.id },
    }))
  }

  #drifts(report: PostureReport): readonly PostureDrift[] {
    const { subject, time } = report
    const now = this.#clock.now()
    // A forged time must not make the snapshots of years the older ones.
    const at = Math.min(time, now)
    if (report.kind === 'posture_snapshot') return this.posture.see(subject, report.snapshot, at, now)
    const { change } = report
    if (this.#edits.isEcho(subject.gateway, change, time)) return []
    const facts = { config_hash: [change.hash] }
    const snapshot: PostureSnapshot = { producer: 'openclaw-config', findings: [], facts }
    return [...this.#edits.take(subject.gateway, change, time), ...this.posture.see(subject, snapshot, at, now)]
  }
}
