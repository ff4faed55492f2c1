import { isObject } from '../../../core/json.ts'
import type { Fields } from '../../toolkit/fields.ts'
import { flowBetween, flowClaim, flowEnd, labelsOf, objectOf, readCount } from '../../toolkit/flow.ts'
import type { Decoding } from '../../toolkit/record.ts'
import type { JsonLineDialect } from '../dialect.ts'
import { keysOf, listsOf } from '../flow-tuple.ts'
import { readFiles } from '../setup.ts'
import { countsHere, decisionOf, type Hit } from './action.ts'

const inKey = (name: string): string => `Key.${name}`

/**
 * Flows as Goldmane of Calico Open Source emits them, one JSON object a line (api.proto, `Flow`): enumerations are
 * numbers there, and words where Protocol Buffers wrote the JSON. What is 0 or empty is left out.
 */
export const goldmaneDialect: JsonLineDialect = {
  name: 'calico-goldmane',
  format: 'json-line',
  // The key of a flow; nearly every line is a decision.
  prefilter: ['"dest_type":'],
  sourceFields: [
    'start_time',
    'end_time',
    'num_connections_started',
    'source_labels',
    'dest_labels',
    'Key.source_namespace',
    'Key.dest_namespace',
    'Key.source_type',
    'Key.dest_type',
    'Key.dest_service_name',
    'Key.dest_port',
    'Key.proto',
    'Key.reporter',
    'Key.action',
    'Key.policies',
  ],
  recognises: ({ Key: key }) =>
    isObject(key) && key.reporter !== undefined && key.action !== undefined && key.dest_type !== undefined,
  signals: ['policy_decisions'],
  observer: 'network',
  tuple: {
    marks: ['Key.reporter', 'Key.action', 'Key.dest_type'],
    times: ['end_time', 'start_time'],
    count: 'num_connections_started',
    keys: [
      ...keysOf(
        ...['source_namespace', 'dest_namespace', 'source_type', 'dest_type', 'dest_service_name'].map(inKey),
        ...['dest_port', 'proto', 'reporter', 'action'].map(inKey),
      ),
      ...listsOf(
        'source_labels',
        'dest_labels',
        ...['enforced_policies', 'pending_policies'].flatMap(hits =>
          ['action', 'kind'].map(name => inKey(`policies.${hits}.${name}`)),
        ),
      ),
    ],
  },
  decode,
  documentation: {
    reads: 'flows of Calico Open Source as Goldmane emits them',
    rules: [
      'A record of **Calico** is of all flows of its ends in an interval, by the end that reports them: it counts the connections that began in it (`num_connections_started`, `num_flows_started`), at the end of the interval. One in which none began is no decision.',
      'Both ends report the same flows of Calico, and their records cannot be matched. A denied flow counts where it is denied, an allowed one where it arrives: by its destination if that is a workload or a host endpoint, else by its source. Packets of replies are in the numbers of the record, which are not read.',
      'Of Calico, an allowed flow that staged policies would deny (`pending_policies`) is of the decision `audit`, by whichever end reports it. Where the source has the staged policy, the flow counts also as allowed where it arrives.',
      '`policy` of Calico is `allow_rule` or `deny_rule`, `default_deny` at the end of a tier, and `default_allow` or `default_deny` of a profile. Names of tiers and policies are not labels: they are in the record.',
    ],
    samples: { kind: 'documented', from: "Calico's `api.proto` (3.32), as Go marshals it" },
    setup: [readFiles('goldmane', ['/var/log/calico/goldmane.jsonl'])],
  },
}

function decode(fields: Fields): Decoding {
  const time = secondsIn(fields.end_time) ?? secondsIn(fields.start_time)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const key = objectOf(fields.Key)
  const action = actions.get(key.action)
  if (action === undefined) return { kind: 'undecoded', time, reason: 'unknown_layout' }
  const { enforced_policies: enforced, pending_policies: pending } = objectOf(key.policies)
  const decided = decisionOf(action, decidingHit(enforced), decidingHit(pending))
  const end = { isBySource: sources.has(key.reporter), isDestinationReported: reported.has(key.dest_type) }
  const count = readCount(fields.num_connections_started ?? 0)
  if (count === undefined) return { kind: 'undecoded', time, reason: 'unknown_layout' }
  if (count === 0 || !countsHere(decided.decision, end)) return { kind: 'no_signal', time, template: 'calico-flow' }
  const flow = flowBetween(
    flowEnd({
      namespace: key.source_namespace,
      workloadLabels: labelsOf(fields.source_labels),
      isIdentified: identified.has(key.source_type),
    }),
    flowEnd({
      namespace: key.dest_namespace,
      service: key.dest_service_name,
      workloadLabels: labelsOf(fields.dest_labels),
      isIdentified: identified.has(key.dest_type),
    }),
    key.proto,
    key.dest_port,
  )
  return flowClaim({ engine: 'calico', ...decided, time, count, origin: { service: 'calico' }, flow })
}

const actions: ReadonlyMap<unknown, Hit['action']> = new Map<unknown, Hit['action']>([
  [1, 'allow'],
  ['Allow', 'allow'],
  [2, 'deny'],
  ['Deny', 'deny'],
])
const sources: ReadonlySet<unknown> = new Set([1, 'Src'])
/** Workload and host endpoints. */
const reported: ReadonlySet<unknown> = new Set([1, 2, 'WorkloadEndpoint', 'HostEndpoint'])
/** Workloads, and networks in which none is known. */
const identified: ReadonlySet<unknown> = new Set([1, 4, 'WorkloadEndpoint', 'Network'])
const profiles: ReadonlySet<unknown> = new Set([9, 'Profile'])
const endsOfTiers: ReadonlySet<unknown> = new Set([10, 'EndOfTier'])

/** The first policy that does not pass the flow on; they are in their order. */
function decidingHit(hits: unknown): Hit | undefined {
  if (!Array.isArray(hits)) return undefined
  for (const each of hits.slice(0, MAX_HITS)) {
    const { action: word, kind } = objectOf(each)
    const action = actions.get(word)
    if (action === undefined) continue
    if (endsOfTiers.has(kind)) return { action, kind: 'end_of_tier' }
    return { action, kind: profiles.has(kind) ? 'profile' : 'rule' }
  }
  return undefined
}

/** More policies than any flow goes through. */
const MAX_HITS = 256

/** Seconds since 1970, as a number or in digits. */
function secondsIn(value: unknown): number | undefined {
  const seconds = readCount(value)
  return seconds === undefined || seconds === 0 || seconds > MAX_SECONDS ? undefined : seconds * 1000
}

/** The year 9999: what is more is of another unit. */
const MAX_SECONDS = 253_402_300_799
