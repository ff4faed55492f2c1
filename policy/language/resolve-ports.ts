import type { Transport } from '../../core/flow.ts'
import type { Destination } from '../model/policy.ts'
import { type ApplicationProtocol, type ProtocolDefinition, protocols } from '../model/protocols.ts'
import type { Problems } from './problems.ts'
import type { ResolvedPorts } from './resolved.ts'

/** Those whose packets have ports. */
const TRANSPORTS_WITH_PORTS: readonly Transport[] = ['tcp', 'udp', 'sctp']
const EVERY_PORT = { first: 0, last: 65_535 }

/**
 * The transports and ports of a destination: those that it names, else the default ports of the protocols, else every
 * port of their transports.
 */
export function portsOf(
  { ports, at }: Destination,
  names: readonly ApplicationProtocol[],
  problems: Problems,
): readonly ResolvedPorts[] {
  const found = new Map<string, ResolvedPorts>()
  const add = (range: ResolvedPorts) => found.set(`${range.transport}:${range.first}-${range.last}`, range)
  if (names.length === 0) {
    for (const transport of TRANSPORTS_WITH_PORTS) for (const range of ports) add({ transport, ...range })
    return [...found.values()]
  }
  for (const name of names) {
    const { transports, port }: ProtocolDefinition = protocols[name]
    const usual = port === undefined ? EVERY_PORT : { first: port, last: port }
    for (const transport of transports) {
      if (!TRANSPORTS_WITH_PORTS.includes(transport)) add({ transport, ...EVERY_PORT })
      else for (const range of ports.length === 0 ? [usual] : ports) add({ transport, ...range })
    }
  }
  const isWithoutPorts = names.every(
    name => !protocols[name].transports.some(one => TRANSPORTS_WITH_PORTS.includes(one)),
  )
  if (ports.length > 0 && isWithoutPorts) {
    problems.error('port', at, `${names.join(' and ')} has no ports; remove the port, or name another protocol`)
  }
  return [...found.values()]
}

/** Whether the name of the server is in the handshake of every protocol of a rule. */
export const isOnlyTls = (names: readonly ApplicationProtocol[]): boolean =>
  names.length > 0 && names.every(name => (protocols[name] as ProtocolDefinition).isTls === true)
