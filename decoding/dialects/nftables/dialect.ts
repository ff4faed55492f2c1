import type { EpochMs } from '../../../core/clock.ts'
import { flowBetween, flowClaim, flowEnd } from '../../toolkit/flow.ts'
import type { Decoding, Pair } from '../../toolkit/record.ts'
import type { MissingField, TextLineDialect } from '../dialect.ts'
import { beginningOf, type LoggedPacket, readPacket } from './packet.ts'
import { decisionOfPrefix, decisionWords } from './prefix.ts'
import { nftablesFootprint, nftablesSetup } from './setup.ts'

const withoutDecision: MissingField = {
  field: 'log prefix',
  consequence: 'whether a packet was allowed or denied is unknown, and it is not counted',
  advice: 'log by a prefix with one of the words of docs/decoders.md, such as "deny: "',
}

/** Packets that a rule of nftables or iptables logs (nf_log_syslog of Linux): a message of the kernel. */
export const nftablesDialect: TextLineDialect = {
  name: 'nftables',
  format: 'text-line',
  writer: 'kernel',
  prefilter: [' PROTO='],
  sourceFields: [],
  recognises: line => beginningOf(line) !== undefined,
  lacks: line => {
    const beginning = beginningOf(line)
    return beginning !== undefined && decisionOfPrefix(beginning.prefix) === undefined ? withoutDecision : undefined
  },
  signals: ['policy_decisions'],
  observer: 'network',
  footprint: nftablesFootprint,
  decode,
  documentation: {
    reads:
      'packets that rules of nftables and iptables log with a prefix (`log prefix "deny: " drop`), as messages of the kernel in the journal, in syslog or of `dmesg`',
    rules: [
      `A packet that **nftables** logged is a decision by the words of the prefix, in any case: \`audit\` by one of ${decisionWords('audit')}; else \`deny\` by one of ${decisionWords('deny')}; else \`allow\` by one of ${decisionWords('allow')}. A packet with another prefix is undecoded, and the page says so; \`[UFW AUDIT]\` is no decision. \`policy\` is always \`packet_filter\`: which rule decided is in the prefix.`,
      'A flow of nftables is one decision as one of Hubble is: several packets, hooks and rules that log it count once in neighbouring half minutes. Packets of TCP that begin no connection (without `SYN`, or with `ACK`), and replies and errors of ICMP are none.',
      'Only messages of the kernel are packets of nftables: in the journal entries with `_TRANSPORT=kernel`, in syslog lines of the facility `kern` with the tag `kernel`, of `dmesg --decode` those that begin with `kern`. A line of another program is none, whatever it contains. A process of the machine may choose the tag `kernel`; where it is not trusted, read the journal, or a file for the facility `kern` alone.',
    ],
    samples: {
      kind: 'captured',
      from: 'Linux 6.18 with nftables 1.0.6; ICMP, fragments, UFW, syslog and the journal are synthetic',
      test: 'test/stack/flows.test.ts',
    },
    setup: nftablesSetup,
  },
}

function decode(line: string, time?: EpochMs): Decoding {
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const packet = readPacket(line)
  const decision = packet && decisionOfPrefix(packet.prefix)
  if (packet === undefined || decision === undefined) return { kind: 'undecoded', time, reason: 'unknown_template' }
  if (decision === 'none' || !packet.isBeginning) return { kind: 'no_signal', time, template: 'nftables-packet' }
  const { source, destination, protocol, to } = packet
  const flow = flowBetween(flowEnd({ address: source }), flowEnd({ address: destination }), protocol, to)
  const pair = pairOf(packet, roles[decision])
  const origin = { service: 'nftables' }
  const decided = { engine: 'nftables', policy: 'packet_filter', decision } as const
  return flowClaim({ ...decided, time, count: 1, origin, flow, ...(pair !== undefined && { pair }) })
}

/** Accepted by one chain, a packet may be dropped by the next. */
const roles = { deny: 'leading', audit: 'deputy', allow: 'partner', ask: 'partner' } as const

function pairOf({ protocol, source, destination, from, to }: LoggedPacket, role: Pair['role']): Pair | undefined {
  if (from === undefined || to === undefined) return undefined
  return { key: `nftables ${protocol} ${source} ${destination} ${from} ${to}`, role, isReused: true }
}
