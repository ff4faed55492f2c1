import type { EpochMs } from '../../core/clock.ts'

/** A token with which a paired device signs in at its gateway, for one role. */
export interface DeviceToken {
  readonly device: string
  readonly role: string
  readonly scopes: readonly string[]
  /** The name that an operator gave the device. */
  readonly label?: string
  readonly created?: EpochMs
  readonly rotated?: EpochMs
  readonly used?: EpochMs
}
