import type { ObservedFlow } from '../../../policy/model/observed-flow.ts'
import type { AccessRequest } from '../../../policy/model/request.ts'

const FIRST = Date.UTC(2026, 10, 1)
const HOUR = 3_600_000

/** An observed flow with some evidence. */
export const flow = (request: AccessRequest, more: Partial<ObservedFlow> = {}): ObservedFlow => ({
  request,
  firstSeen: FIRST,
  lastSeen: FIRST + 24 * HOUR,
  passed: 10,
  denied: 0,
  samples: ['flows-1/a'],
  ...more,
})

export const workload = (namespace: string, identity: string, address = '10.1.1.1') =>
  ({ namespace, identity, address, isIdentified: true }) as const
