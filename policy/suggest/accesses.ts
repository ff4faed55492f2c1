import type { Transport } from '../../core/flow.ts'
import { textOrder } from '../../core/text-order.ts'
import type { ObservedFlow } from '../model/observed-flow.ts'
import type { DevicePosture } from '../model/policy.ts'
import type { EndNamer, EndRefusal, NamedEnd } from './end-terms.ts'

/** Why flows are not allowed by a suggestion. */
export const omissionReasons = {
  denied: 'what was enforced denied them, at least once',
  unknown: 'the transport or the port is not known',
  unidentified: 'an end has no identity, name or namespace, and no address that is one',
  unwritable: 'the name of an end cannot be written in the language',
  'below-minimum': 'fewer events than --minimum-events',
  inseparable: 'no rule could allow them without what was denied',
} as const
export type OmissionReason = keyof typeof omissionReasons

/** Flows that one line of a rule is about: between two named ends, over one transport and port. */
export interface Access {
  readonly key: string
  readonly source: NamedEnd
  readonly destination: NamedEnd
  readonly transport: Transport
  /** Absent for ICMP. */
  readonly port?: number
  events: number
  /** Undefined where a flow says nothing of it. */
  postures: Set<DevicePosture> | undefined
  isMutuallyAuthenticated: boolean
}

export interface Accesses {
  /** Each with enough events, in an order that does not depend on that of the flows. */
  readonly found: readonly Access[]
  /** Of each flow, by position, the key of its access. */
  readonly keys: ReadonlyMap<number, string>
  /** Of each flow, by position, why it is in none of them. */
  readonly omitted: ReadonlyMap<number, OmissionReason>
  /** Positions of the flows that were denied. */
  readonly denied: readonly number[]
  /** Keys of all ends that were seen in each namespace, denied or not. */
  readonly seen: Readonly<Record<'sources' | 'destinations', ReadonlyMap<string, ReadonlySet<string>>>>
}

/** Finds what flows would need to be allowed. */
export function accessesOf(flows: readonly ObservedFlow[], namer: EndNamer, minimumEvents: number): Accesses {
  const found = new Map<string, Access>()
  const keys = new Map<number, string>()
  const omitted = new Map<number, OmissionReason>()
  const denied: number[] = []
  const seen = { sources: new Map<string, Set<string>>(), destinations: new Map<string, Set<string>>() }
  for (const [position, flow] of flows.entries()) {
    const source = namer.name(flow.request.source, false)
    const destination = namer.name(flow.request.destination, true)
    note(seen.sources, source)
    note(seen.destinations, destination)
    if (flow.denied > 0) denied.push(position)
    const access = flow.denied > 0 ? 'denied' : accessOf(flow, source, destination)
    if (typeof access === 'string') {
      omitted.set(position, access)
      continue
    }
    keys.set(position, access.key)
    const known = found.get(access.key)
    if (known === undefined) found.set(access.key, access)
    else join(known, access)
  }
  for (const [position, key] of keys) {
    if ((found.get(key)?.events ?? 0) < minimumEvents) omitted.set(position, 'below-minimum')
  }
  const enough = [...found.values()].filter(({ events }) => events >= minimumEvents)
  return { found: enough.sort((a, b) => textOrder(a.key, b.key)), keys, omitted, denied, seen }
}

function note(seen: Map<string, Set<string>>, end: NamedEnd | EndRefusal): void {
  if (typeof end === 'string' || end.namespace === undefined) return
  const keys = seen.get(end.namespace) ?? new Set()
  seen.set(end.namespace, keys.add(end.key))
}

function accessOf(
  { request, passed }: ObservedFlow,
  source: NamedEnd | EndRefusal,
  destination: NamedEnd | EndRefusal,
): Access | OmissionReason {
  const { transport, port, devicePosture, isMutuallyAuthenticated = false } = request
  if (transport === undefined || (port === undefined && transport !== 'icmp')) return 'unknown'
  if (typeof source === 'string') return source
  if (typeof destination === 'string') return destination
  const isWithPort = transport !== 'icmp' && port !== undefined
  // Port 0 is none that a rule could name.
  if (isWithPort && (port < 1 || port > 65_535)) return 'unknown'
  return {
    key: accessKey(source.key, destination.key, transport, isWithPort ? port : undefined),
    source,
    destination,
    transport,
    ...(isWithPort && { port }),
    events: passed,
    postures: devicePosture === undefined ? undefined : new Set([devicePosture]),
    isMutuallyAuthenticated,
  }
}

export const accessKey = (
  source: string,
  destination: string,
  transport: Transport,
  port: number | undefined,
): string => `${source} ${destination} ${transport} ${port ?? ''}`

function join(access: Access, { events, postures, isMutuallyAuthenticated }: Access): void {
  access.events += events
  access.isMutuallyAuthenticated &&= isMutuallyAuthenticated
  access.postures =
    access.postures === undefined || postures === undefined ? undefined : new Set([...access.postures, ...postures])
}
