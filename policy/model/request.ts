import type { EpochMs } from '../../core/clock.ts'
import type { FlowEnd, Transport } from '../../core/flow.ts'
import type { DevicePosture } from './policy.ts'

/** One access that a policy decides on. What is absent is unknown, never "none". */
export interface AccessRequest {
  readonly source: AccessEnd
  readonly destination: AccessEnd
  readonly port?: number
  readonly transport?: Transport
  readonly devicePosture?: DevicePosture
  readonly time?: EpochMs
  /** Whether both ends proved who they are. */
  readonly isMutuallyAuthenticated?: boolean
}

export interface AccessEnd extends FlowEnd {
  /** The service identity, where the record has one: a service account, a SPIFFE id, an account of a sign-in. */
  readonly identity?: string
}

/** A property of a request that a decision may lack. */
export const requestParts = [
  'source.identity',
  'source.namespace',
  'source.labels',
  'source.address',
  'source.name',
  'destination.identity',
  'destination.namespace',
  'destination.labels',
  'destination.address',
  'destination.name',
  'port',
  'transport',
  'device-posture',
  'time',
  'authentication',
] as const
export type RequestPart = (typeof requestParts)[number]
