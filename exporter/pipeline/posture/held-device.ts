import type { EpochMs } from '../../../core/clock.ts'
import type { DeviceFact, DevicePosture } from '../../../core/labels/devices.ts'
import type { PostureSubject } from './held-posture.ts'

/** A value, and when it was reported. */
export interface HeldFact {
  readonly values: readonly string[]
  readonly time: EpochMs
}

/** A device as it is saved. */
export interface HeldDevice extends PostureSubject {
  readonly device: string
  readonly facts: Readonly<Partial<Record<DeviceFact, HeldFact>>>
  /** Newest time of its records. */
  readonly seen: EpochMs
  /** By its newest record. */
  readonly posture: DevicePosture
}
