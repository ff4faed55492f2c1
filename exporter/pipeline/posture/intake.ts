import type { Clock, EpochMs } from '../../../core/clock.ts'
import type { DesiredState, DeviceRequirements } from '../../../core/config/posture.ts'
import type { SecurityEvent } from '../../../core/event.ts'
import type { DeviceState } from '../../../decoding/toolkit/device.ts'
import type { DeviceToken } from '../../../decoding/toolkit/device-tokens.ts'
import type { ConfigurationChange, PostureSnapshot } from '../../../decoding/toolkit/posture.ts'
import type { SeriesStore } from '../../../service/series/series.ts'
import type { Persistent } from '../../contracts/persistent.ts'
import type { Source, SourceRecord } from '../../contracts/source.ts'
import { defaultIdentityRules, type IdentityRules } from '../identities/assess.ts'
import { Identities } from '../identities/identities.ts'
import { ConfigurationEdits } from './configuration-edits.ts'
import { Devices } from './devices.ts'
import type { PostureDrift } from './drift.ts'
import type { HeldSnapshot, PostureSubject } from './held-posture.ts'
import { MAX_AGE_MS, Posture } from './posture.ts'

/** What a record reports of the posture of a gateway. */
export type PostureReport = {
  readonly time: EpochMs
  readonly subject: PostureSubject
} & (
  | { readonly kind: 'posture_snapshot'; readonly snapshot: PostureSnapshot }
  | { readonly kind: 'device_state'; readonly state: DeviceState }
  | { readonly kind: 'device_tokens'; readonly tokens: readonly DeviceToken[] }
  | { readonly kind: 'configuration_change'; readonly change: ConfigurationChange }
)

/** The source that brought a report. */
export type ReportingSource = Pick<Source, 'name' | 'kind'>

export interface PostureIntakeOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly store: SeriesStore
  /** A snapshot or a device without a newer record after this time is unknown, milliseconds. Default: 26 h. */
  readonly maxAge?: number
  /** Default: none. */
  readonly desiredState?: readonly DesiredState[]
  /** Default: none. */
  readonly deviceRequirements?: readonly DeviceRequirements[]
  /** What identities are compared with. Default: the limits by default, and no roles. */
  readonly identityRules?: IdentityRules
  readonly onEvicted: (memory: 'posture_subjects' | 'posture_devices' | 'identities', entries: number) => void
}

/** Takes reports, and gives the events that follow of them. */
export class PostureIntake {
  readonly posture: Posture
  /** Follows events too. */
  readonly identities: Identities
  readonly #clock: Pick<Clock, 'now'>
  readonly #edits = new ConfigurationEdits()
  readonly #devices: Devices

  constructor({
    clock,
    store,
    maxAge = MAX_AGE_MS,
    desiredState,
    deviceRequirements,
    identityRules = defaultIdentityRules,
    onEvicted,
  }: PostureIntakeOptions) {
    const evict = (memory: 'posture_subjects' | 'posture_devices') => () => onEvicted(memory, 1)
    this.posture = new Posture({ store, maxAge, desiredState, onEvicted: evict('posture_subjects') })
    const requirements = deviceRequirements ?? []
    this.#devices = new Devices({ store, maxAge, requirements, onEvicted: evict('posture_devices') })
    this.identities = new Identities({
      clock,
      store,
      rules: identityRules,
      posture: this.posture,
      onEvicted: entries => onEvicted('identities', entries),
    })
    this.#clock = clock
  }

  get persistents(): readonly Persistent[] {
    return [this.posture, this.posture.acceptances, this.#devices, this.#edits, ...this.identities.persistents]
  }

  /** Snapshots and devices become unknown by the clock alone. */
  clockReached(now: EpochMs): void {
    this.posture.clockReached(now)
    this.#devices.clockReached(now)
    this.identities.clockReached(now)
  }

  take(
    source: ReportingSource,
    record: Pick<SourceRecord, 'id' | 'ingestTime'>,
    report: PostureReport,
  ): SecurityEvent[] {
    return this.#drifts(report, source.kind === 'posture').map(({ kind, severity, change, device }) => ({
      signal: 'posture_drifts',
      labels: { kind, severity },
      outcome: 'success',
      severity,
      eventTime: report.time,
      ...(record.ingestTime !== undefined && { ingestTime: record.ingestTime }),
      count: 1,
      ...report.subject,
      actor: { addressTrusted: false, ...(device !== undefined && { device }) },
      change,
      record: { source: source.name, id: record.id },
    }))
  }

  #drifts(report: PostureReport, isOwn: boolean): readonly PostureDrift[] {
    const { subject, time } = report
    const now = this.#clock.now()
    // A forged time must not make the snapshots of years the older ones.
    const at = Math.min(time, now)
    if (report.kind === 'posture_snapshot') {
      return this.posture.see(subject, { ...report.snapshot, time: at, ...(isOwn && { isOwn }) }, now)
    }
    if (report.kind === 'device_state') return this.#devices.see(subject, report.state, at)
    if (report.kind === 'device_tokens') {
      this.identities.list(subject, report.tokens, at)
      return []
    }
    const { change } = report
    if (this.#edits.isEcho(subject.gateway, change, time)) return []
    const facts = { config_hash: [change.hash] }
    const snapshot: HeldSnapshot = { producer: 'openclaw-config', findings: [], facts, time: at }
    return [...this.#edits.take(subject.gateway, change, time), ...this.posture.see(subject, snapshot, now)]
  }
}
