import type { Clock, EpochMs } from '../../../core/clock.ts'
import type { SecurityEvent } from '../../../core/event.ts'
import type { ConfigurationChange, PostureSnapshot } from '../../../decoding/toolkit/posture.ts'
import type { Persistent } from '../../contracts/persistent.ts'
import type { SourceRecord } from '../../contracts/source.ts'
import { ConfigurationEdits } from './configuration-edits.ts'
import type { PostureDrift } from './drift.ts'
import { Posture, type PostureOptions, type PostureSubject } from './posture.ts'

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
    return [this.posture, this.#edits]
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
    if (report.kind === 'configuration_change') return this.#edits.see(subject.gateway, report.change, time)
    const now = this.#clock.now()
    // A forged time must not make the snapshots of years the older ones.
    return this.posture.see(subject, report.snapshot, Math.min(time, now), now)
  }
}
