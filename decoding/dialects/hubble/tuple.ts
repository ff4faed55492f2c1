import { type FlowTuple, keysOf, listsOf, type TupleKey } from '../flow-tuple.ts'

/** Cilium gives each set of labels a number, one value in place of a list; the namespace is one of the labels. */
const labelsOf = (end: 'source' | 'destination'): readonly TupleKey[] => [
  { field: `flow.${end}.identity` },
  { field: `flow.${end}.labels`, isList: true, unless: `flow.${end}.identity` },
  { field: `flow.${end}.namespace`, unless: `flow.${end}.identity` },
]

/** The ports of sources are none of its keys, nor is the node: they differ between flows of the same tuple. */
export const hubbleTuple: FlowTuple = {
  marks: ['flow.verdict'],
  times: ['flow.time', 'time'],
  excluded: [{ field: 'flow.is_reply', value: true }],
  lost: 'lost_events.source',
  keys: [
    ...keysOf(
      'flow.verdict',
      'flow.drop_reason_desc',
      'flow.drop_reason',
      'flow.event_type.type',
      'flow.Type',
      'flow.traffic_direction',
      'flow.IP.source',
      'flow.IP.destination',
    ),
    ...['TCP', 'UDP', 'SCTP'].map(protocol => ({ field: `flow.l4.${protocol}.destination_port` })),
    ...['ICMPv4', 'ICMPv6'].map(protocol => ({ field: `flow.l4.${protocol}.type` })),
    ...['SYN', 'ACK', 'RST'].map(flag => ({ field: `flow.l4.TCP.flags.${flag}`, unless: 'flow.is_reply' })),
    ...(['source', 'destination'] as const).flatMap(end => [...labelsOf(end), ...keysOf(`flow.${end}_service.name`)]),
    ...listsOf('flow.source_names', 'flow.destination_names'),
  ],
}
