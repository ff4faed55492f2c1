import type { Transport } from '../../core/flow.ts'
import type { ResolvedPorts } from '../language/resolved.ts'
import { and, FALSE, or, TRUE, type Truth, truthOf, unknownWithout } from './truth.ts'

const WITHOUT_PORT = unknownWithout('port')
const WITHOUT_TRANSPORT = unknownWithout('transport')

/** The highest port. */
export const LAST_PORT = 65_535

/** Whether a range asks for no port: the whole one, and any of ICMP, which has none. Port 0 is never used. */
export const isEveryPort = ({ transport, first, last }: ResolvedPorts): boolean =>
  transport === 'icmp' || (first <= 1 && last >= LAST_PORT)

export type PortTest = (transport: Transport | undefined, port: number | undefined) => Truth

/** One of them must hold; where there is none, every transport and port. */
export function compilePorts(ports: readonly ResolvedPorts[]): PortTest {
  if (ports.length === 0) return () => TRUE
  const ranges = ports.map(range => ({ ...range, isEvery: isEveryPort(range) }))
  return (transport, port) => {
    let truth = FALSE
    for (const range of ranges) {
      const isTransport = transport === undefined ? WITHOUT_TRANSPORT : truthOf(transport === range.transport)
      if (isTransport === FALSE) continue
      if (range.isEvery) truth = or(truth, isTransport)
      else if (port === undefined) truth = or(truth, and(isTransport, WITHOUT_PORT))
      else if (port >= range.first && port <= range.last) truth = or(truth, isTransport)
      if (truth === TRUE) return TRUE
    }
    return truth
  }
}
