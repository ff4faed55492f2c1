import type { Building } from '../../core/building.ts'
import type { Flow, FlowEnd } from '../../core/flow.ts'
import type { DeviceCompliance } from '../../core/labels/authentication.ts'
import type { SignalName } from '../../core/signals.ts'
import type { Claim, Origin } from './record.ts'

/**
 * What a client asked a service for, as the service, a proxy in front of it or an identity provider reports it: also where
 * nothing is claimed, because the client was let in. What the record does not say is absent.
 */
export interface Access extends Flow {
  readonly decision: 'allow' | 'deny'
  /** Of the client: an account, or the common name of a certificate that was verified. Of one that was denied, as it claimed. */
  readonly identity?: string
  readonly deviceCompliance?: DeviceCompliance
  /** Whether the client proved who it is by a certificate. */
  readonly isMutuallyAuthenticated?: boolean
}

/** What became of a client, by the signals of its sign-in. */
const decisions = new Map<SignalName, Access['decision']>([
  ['auth_successes', 'allow'],
  ['auth_failures', 'deny'],
  ['auth_lockouts', 'deny'],
])

type Reached = Pick<Access, 'destination' | 'port' | 'transport'>

export const isSignIn = ({ signal }: Pick<Claim, 'signal'>): boolean => decisions.has(signal)

/** The access of a sign-in; undefined where the claim is about another thing. */
export function accessOfSignIn(
  { signal, actor }: Pick<Claim, 'signal' | 'actor'>,
  reached: Reached,
): Access | undefined {
  const decision = decisions.get(signal)
  if (decision === undefined) return undefined
  const { identity, deviceCompliance, resolvedAddress, peerAddress, forwardedFor } = actor
  // In front of a proxy, the other end of the socket is not the client.
  const address = resolvedAddress ?? (forwardedFor === undefined ? peerAddress : undefined)
  return {
    ...reached,
    decision,
    source: address === undefined ? {} : { address },
    ...(identity !== undefined && { identity }),
    ...(deviceCompliance !== undefined && { deviceCompliance }),
  }
}

/** The service of a gateway of OpenClaw whose record names none. */
const GATEWAY = 'openclaw-gateway'

/** A gateway of OpenClaw as the destination of those who sign in at it; undefined of the record of another program. */
export function gatewayReached({ stream, origin }: Pick<Claim, 'stream' | 'origin'>): Reached | undefined {
  if (stream === 'other') return undefined
  const { port } = origin
  const destination = gatewayEnd(origin)
  return port === undefined ? { destination, transport: 'tcp' } : { destination, port, transport: 'tcp' }
}

function gatewayEnd({ service = GATEWAY, namespace, workloadLabels }: Origin): FlowEnd {
  const end: Building<FlowEnd> = { service }
  if (namespace !== undefined) end.namespace = namespace
  if (workloadLabels !== undefined) end.workloadLabels = workloadLabels
  return end
}

/** A host name, or an address, each with a port or without. */
const HOST = /^(?:\[([0-9a-f:.]{2,45})\]|([^:[\]\s]{1,253}))(?::(\d{1,5}))?$/i
const NAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9_.-]{0,251}[a-z0-9])?$/
const DOTTED = /^[\d.]{7,15}$/

/** What a text names that a client or a proxy wrote as a host: `api.openclaw.local:443`, `[2001:db8::1]`. */
export function hostReached(value: unknown): { readonly end: FlowEnd; readonly port?: number } {
  const [, v6, host, digits] = (typeof value === 'string' && HOST.exec(value)) || []
  const port = portReached(digits)
  const end = v6 === undefined ? endOfHost(host) : { address: v6 }
  return port === undefined ? { end } : { end, port }
}

function endOfHost(host: string | undefined): FlowEnd {
  if (host === undefined) return {}
  if (DOTTED.test(host)) return { address: host }
  const name = host.toLowerCase().replace(/\.$/, '')
  return NAME.test(name) ? { names: [name] } : {}
}

/** A port as a number or in digits. */
export function portReached(value: unknown): number | undefined {
  if (typeof value === 'string' ? !/^\d{1,5}$/.test(value) : !Number.isInteger(value)) return undefined
  const port = Number(value)
  return port >= 1 && port <= 65_535 ? port : undefined
}
