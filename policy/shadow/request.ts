import type { EpochMs } from '../../core/clock.ts'
import type { Flow } from '../../core/flow.ts'
import type { DeviceCompliance } from '../../core/labels/authentication.ts'
import type { DevicePosture } from '../model/policy.ts'
import type { AccessRequest } from '../model/request.ts'

const postures: Readonly<Record<DeviceCompliance, DevicePosture>> = { compliant: 'trusted', noncompliant: 'untrusted' }

/** What is known of who began a flow, or asked for an access, besides its source. */
export interface FlowActor {
  readonly identity?: string
  readonly deviceCompliance?: DeviceCompliance
  readonly isMutuallyAuthenticated?: boolean
}

/** What a flow or an access asks of a policy. What its record lacks is absent. */
export function requestOfFlow(
  { source, destination, port, transport }: Flow,
  { identity, deviceCompliance, isMutuallyAuthenticated }: FlowActor,
  time: EpochMs,
): AccessRequest {
  return {
    source: identity === undefined ? source : { ...source, identity },
    destination,
    ...(port !== undefined && { port }),
    ...(transport !== undefined && { transport }),
    ...(deviceCompliance !== undefined && { devicePosture: postures[deviceCompliance] }),
    ...(isMutuallyAuthenticated !== undefined && { isMutuallyAuthenticated }),
    time,
  }
}
