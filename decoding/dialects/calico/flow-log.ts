import { type Fields, textOf } from '../../toolkit/fields.ts'
import { flowBetween, flowClaim, flowEnd, labelsOf, readCount } from '../../toolkit/flow.ts'
import { pathReader } from '../../toolkit/path.ts'
import type { Decoding, Origin } from '../../toolkit/record.ts'
import { readTime } from '../../toolkit/time.ts'
import type { JsonLineDialect } from '../dialect.ts'
import { keysOf, listsOf } from '../flow-tuple.ts'
import { readFiles } from '../setup.ts'
import { countsHere, decisionOf, type Hit } from './action.ts'

/** Flow logs of Calico Enterprise and Calico Cloud: one JSON object a line in `flows.log`, or a document. */
export const calicoFlowLogDialect: JsonLineDialect = {
  name: 'calico-flow-log',
  format: 'json-line',
  // Every line has it; nearly every line is a decision.
  prefilter: ['"dest_type":'],
  sourceFields: [
    'start_time',
    'end_time',
    'host',
    'reporter',
    'action',
    'num_flows_started',
    'policies',
    'source_type',
    'dest_type',
    ...['source', 'dest'].flatMap(end => [`${end}_ip`, `${end}_namespace`, `${end}_labels`]),
    'dest_service_name',
    'dest_domains',
    'dest_port',
    'proto',
  ],
  recognises: ({ reporter, action, source_type: from, dest_type: to, num_flows_started: started }) =>
    typeof reporter === 'string' &&
    typeof action === 'string' &&
    typeof from === 'string' &&
    typeof to === 'string' &&
    started !== undefined,
  signals: ['policy_decisions'],
  observer: 'network',
  tuple: {
    marks: ['reporter', 'action', 'source_type', 'dest_type', 'num_flows_started'],
    times: ['end_time', 'start_time'],
    count: 'num_flows_started',
    keys: [
      ...keysOf('reporter', 'action', 'source_type', 'dest_type', 'dest_service_name', 'dest_port', 'proto'),
      ...['source', 'dest'].flatMap(end => keysOf(`${end}_ip`, `${end}_namespace`)),
      ...listsOf('source_labels.labels', 'dest_labels.labels', 'dest_domains'),
      ...listsOf('policies.all_policies', 'policies.enforced_policies', 'policies.pending_policies'),
    ],
  },
  footprint: { program: 'calico', configurations: [], logs: ['/var/log/calico/flowlogs/flows.log'] },
  decode,
  documentation: {
    reads: 'flow logs of Calico Enterprise and Calico Cloud, as lines of `flows.log` and as documents',
    rules: [],
    samples: { kind: 'documented', from: "Tigera's list of the fields of flow logs (Calico Enterprise 3.23)" },
    setup: [readFiles('calico', ['/var/log/calico/flowlogs/flows.log'])],
  },
}

function decode(fields: Fields): Decoding {
  const time = timeIn(fields.end_time) ?? timeIn(fields.start_time)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const { action } = fields
  const count = readCount(fields.num_flows_started)
  const isKnown = (action === 'allow' || action === 'deny') && count !== undefined
  if (!isKnown) return { kind: 'undecoded', time, reason: 'unknown_layout' }
  const all = readAll(fields)
  const decided = decisionOf(
    action,
    decidingHit(readEnforced(fields) ?? withoutStaged(all)),
    decidingHit(readPending(fields) ?? all),
  )
  const end = { isBySource: fields.reporter === 'src', isDestinationReported: reported.has(fields.dest_type) }
  if (count === 0 || !countsHere(decided.decision, end)) return { kind: 'no_signal', time, template: 'calico-flow' }
  const flow = flowBetween(
    flowEnd({
      address: fields.source_ip,
      namespace: named(fields.source_namespace),
      workloadLabels: labelsOf(readSourceLabels(fields)),
      isIdentified: identified.has(fields.source_type),
    }),
    flowEnd({
      address: fields.dest_ip,
      namespace: named(fields.dest_namespace),
      service: named(fields.dest_service_name),
      workloadLabels: labelsOf(readDestinationLabels(fields)),
      names: fields.dest_domains,
      isIdentified: identified.has(fields.dest_type),
    }),
    fields.proto,
    fields.dest_port,
  )
  return flowClaim({ engine: 'calico', ...decided, time, count, origin: originOf(fields.host), flow })
}

/** Workload and host endpoints. */
const reported: ReadonlySet<unknown> = new Set(['wep', 'hep'])

/** Workloads, and networks in which none is known. */
const identified: ReadonlySet<unknown> = new Set(['wep', 'net'])

/** `-` stands for a name that there is none of. */
const named = (value: unknown): unknown => (value === '-' ? undefined : value)

const readSourceLabels = pathReader('source_labels.labels')
const readDestinationLabels = pathReader('dest_labels.labels')
const readAll = pathReader('policies.all_policies')
const readEnforced = pathReader('policies.enforced_policies')
const readPending = pathReader('policies.pending_policies')

function originOf(host: unknown): Origin {
  const node = textOf(host)
  return node === undefined ? { service: 'calico' } : { service: 'calico', host: node }
}

/** `index|tier|policy|action`, since 3.4 with the index of the rule, which is below 0 at the end of a tier. */
const HIT = /^(\d{1,6})\|([^|]{1,256})\|[^|]{1,1024}\|(allow|deny|pass)(?:\|(-?\d{1,6}))?$/

/** The first in the order of the policies that does not pass the flow on; the list is in any order. */
function decidingHit(hits: unknown): Hit | undefined {
  if (!Array.isArray(hits)) return undefined
  let decided: { readonly index: number; readonly hit: Hit } | undefined
  for (const text of hits.slice(0, MAX_HITS)) {
    const found = typeof text === 'string' ? HIT.exec(text) : null
    if (found === null || found[3] === 'pass') continue
    const [, index = '', tier = '', action, rule = '0'] = found
    if (decided !== undefined && decided.index <= Number(index)) continue
    const kind = tier === PROFILES ? 'profile' : Number(rule) < 0 ? 'end_of_tier' : 'rule'
    decided = { index: Number(index), hit: { action: action as Hit['action'], kind } }
  }
  return decided?.hit
}

/** The tier in which profiles are listed. */
const PROFILES = '__PROFILE__'
/** More policies than any flow goes through. */
const MAX_HITS = 256

/** Records of older versions name enforced and staged policies in one list. */
function withoutStaged(hits: unknown): unknown {
  return Array.isArray(hits) ? hits.filter(hit => typeof hit === 'string' && !STAGED.test(hit)) : undefined
}

const STAGED = /^\d{1,6}\|[^|]{1,256}\|(?:[^|]{1,512}[./])?staged:/

/** Seconds since 1970, or what Elasticsearch makes of them. */
function timeIn(value: unknown): number | undefined {
  if (typeof value === 'string') return readTime(value)
  const number = readCount(value)
  if (number === undefined || number === 0) return undefined
  return number < FIRST_MILLISECONDS ? number * 1000 : number
}

/** A number of seconds for the year 5138, and of milliseconds for 1973. */
const FIRST_MILLISECONDS = 1e11
