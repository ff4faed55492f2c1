import type { DeviceFact } from '../../core/labels/devices.ts'

export type DeviceFacts = Readonly<Partial<Record<DeviceFact, readonly string[]>>>

/** What a record reports of a device: whole values, or what was added to and removed from lists. */
export interface DeviceState {
  /** As its inventory names it. */
  readonly device: string
  readonly set: DeviceFacts
  readonly add?: DeviceFacts
  readonly remove?: DeviceFacts
}
