import { type Fields, textOf } from '../../toolkit/fields.ts'
import { fingerprint } from '../../toolkit/fingerprint.ts'
import { type GuardCondition, type GuardReport, versionOf } from '../../toolkit/guard-report.ts'
import { templateOfFields } from '../../toolkit/log-template.ts'
import type { ClaimedActor, Decoding, Origin, Pair } from '../../toolkit/record.ts'
import { readTime } from '../../toolkit/time.ts'
import { reasonsOfFormat, type VersionReport } from '../../toolkit/version-report.ts'
import type { JsonLineDialect } from '../dialect.ts'
import { classes, FAILURE, objectIn } from './ocsf-classes.ts'
import { openshellFootprint, openshellSetup } from './setup.ts'

/** What an event may consist of. */
const eventFields: readonly string[] = [
  'class_uid',
  'category_uid',
  'activity_id',
  'activity_name',
  'type_uid',
  'time',
  'severity_id',
  'status_id',
  'status_detail',
  'message',
  'action_id',
  'disposition_id',
  'metadata',
  'device',
  'container',
  'src_endpoint',
  'dst_endpoint',
  'proxy_endpoint',
  'connection_info',
  'actor',
  'process',
  'parent_process',
  'launch_type_id',
  'exit_code',
  'firewall_rule',
  'http_request',
  'http_response',
  'auth_type_id',
  'auth_type',
  'protocol_ver',
  'finding_info',
  'evidences',
  'confidence_id',
  'is_alert',
  'state_id',
  'state',
  'security_level_id',
  'security_level',
  'api',
  'app',
  'ai_model',
  'unmapped',
]

/**
 * What the id does not determine, of the sandbox or of the event: its writer has described itself in the others, and the
 * numbers of class and activity are in their names again.
 */
const described = new Set(['metadata', 'device', 'container', 'category_uid', 'type_uid', 'activity_name'])
const ownFields = eventFields.filter(name => !described.has(name))

/** `metadata.product.name`: by the code, and by the documentation, which names the product Ryno too. */
const products = new Set<unknown>(
  ['Sandbox Supervisor', 'Gateway'].flatMap(part => ['OpenShell', 'Ryno'].map(product => `${product} ${part}`)),
)
const vendors = new Set<unknown>(['NVIDIA', 'OpenShell'])
/** Schema 1.1 and 1.3 of a downgraded file, 1.7 and 1.8 of native ones: the fields that are read are the same. */
const VERSION = /^1\.\d{1,3}(?:\.\d{1,3})?$/

/** Events of OpenShell's supervisors and gateway, one JSON object a line. */
export const openshellOcsfDialect: JsonLineDialect = {
  name: 'openshell-ocsf',
  format: 'json-line',
  prefilter: ['"class_uid"'],
  sourceFields: eventFields,
  signals: ['policy_decisions', 'auth_failures', 'approvals', 'posture_drifts'],
  observer: 'guard',
  footprint: openshellFootprint,
  recognises: ({ class_uid: classUid, metadata }) => {
    if (typeof classUid !== 'number') return false
    const { name, vendor_name: vendor } = productOf(metadata)
    return vendors.has(vendor) && products.has(name)
  },
  decode,
  reports,
  versions: { product: 'openshell', report: versionReport },
  documentation: {
    reads:
      "OpenShell's OCSF events as JSON lines, schema 1.1 to 1.8, of its supervisors (`openshell-ocsf.DATE.log`) and of its gateway (`[openshell.gateway.ocsf_log]`)",
    samples: { kind: 'documented', from: 'sources of OpenShell 0.1.5 and its documentation' },
    setup: openshellSetup,
    rules: [
      '**OpenShell**: the engine of a decision is `openshell-` and the type of the rule (`firewall_rule.type`), the policy says whether a rule of the operator decided (`named_rule`), none matched (`no_matching_rule`), or traffic went around the proxy (`bypass`). The names of rules, destinations, processes, URLs and reasons become no labels, and no address of an event is an offender: they are the sandbox, or what the agent chose.',
      'What a rule under `enforcement: audit` would have denied is decision `audit`, as is what is observed or detected only; no alert on denials counts it. A **bypass** is written twice: the network event counts, the finding does not. Proposed, approved and rejected rules are `approvals`; a refused SSH session is a failed authentication of mechanism `guard`.',
      '`metadata.uid` is the id of the sandbox in older versions and that of the event in newer ones: two records are one event only where they are **equal as a whole**.',
    ],
  },
}

const productOf = (metadata: unknown): Fields => objectIn(objectIn(metadata).product)

function decode(event: Fields): Decoding {
  const time = readTime(event.time)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const { version } = objectIn(event.metadata)
  if (typeof version !== 'string' || !VERSION.test(version))
    return { kind: 'undecoded', time, reason: 'unknown_version' }
  const reading = classes.get(event.class_uid)?.(event)
  if (reading === undefined) return { kind: 'undecoded', time, reason: 'unknown_template' }
  if (reading === 'no_signal') return { kind: 'no_signal', time, template: 'openshell-event' }
  if ('lostRecords' in reading) return { kind: 'telemetry_lost', time, records: reading.lostRecords }
  const { signal, labels, outcome, severity } = reading
  const origin = originOf(event)
  const pair = pairOf(event)
  // Written out: objects that are spread into others take a tenth of the time of an event.
  const claim =
    pair === undefined
      ? { signal, labels, outcome, severity, time, count: 1, stream: 'other' as const, origin, actor: NO_ONE }
      : { signal, labels, outcome, severity, time, count: 1, stream: 'other' as const, origin, actor: NO_ONE, pair }
  return { kind: 'claim', time, claim }
}

/** No field of an event says reliably who acted. */
const NO_ONE: ClaimedActor = {}

function pairOf(event: Fields): Pair | undefined {
  const uid = textOf(objectIn(event.metadata).uid)
  return uid === undefined ? undefined : { key: `${uid} ${fingerprint(event, ownFields)}`, role: 'leading' }
}

const WRITER = { service: 'openshell', subsystem: 'guard/openshell' } as const

/** The supervisor fills the name of its machine from its own environment. */
function originOf({ device }: Fields): Origin {
  const host = textOf(objectIn(device).hostname)
  return host === undefined ? WRITER : { service: WRITER.service, subsystem: WRITER.subsystem, host }
}

function reports(event: Fields): GuardReport {
  const version = versionOf(productOf(event.metadata).version)
  const condition = conditionOf(event)
  return {
    guard: 'openshell',
    origin: originOf(event),
    inspects: classesOfTraffic.has(event.class_uid),
    ...(version !== undefined && { version }),
    ...(condition !== undefined && { condition }),
  }
}

/** What decides how an event is decoded. */
const kinds = ['class_uid', 'activity_id', 'action_id', 'disposition_id', 'status_id']

function versionReport(event: Fields, decoding: Decoding): VersionReport | undefined {
  if (decoding.kind !== 'undecoded' || !reasonsOfFormat.has(decoding.reason)) return undefined
  return { origin: originOf(event), template: templateOfFields(event, kinds) }
}

const LIFECYCLE = 6002
/** `activity_id` of the class: start and stop. */
const lifecycleActivities = new Set<unknown>([3, 4])
/** Connections, HTTP requests, requests for inference. */
const classesOfTraffic = new Set<unknown>([4001, 4002, 6003])
/** Findings, states of the configuration, and the lifecycle. */
const classesOfConditions = new Set<unknown>([2004, 5019, LIFECYCLE])

/** A sandbox that starts again or ends is no longer what was reported of it. */
function conditionOf(event: Fields): GuardCondition | undefined {
  if (!classesOfConditions.has(event.class_uid)) return undefined
  if (event.class_uid === LIFECYCLE && event.status_id !== FAILURE && lifecycleActivities.has(event.activity_id)) {
    return { part: sandboxOf(event), state: 'ready' }
  }
  const reading = classes.get(event.class_uid)?.(event)
  if (typeof reading !== 'object' || !('signal' in reading) || reading.signal !== 'posture_drifts') return undefined
  const { kind } = reading.labels
  if (kind === 'guard_degraded') return { part: sandboxOf(event), state: 'degraded' }
  return kind === 'guard_fail_open' ? { part: sandboxOf(event), state: 'fail_open' } : undefined
}

/** Of a downgraded event only the device says which sandbox it is. */
const sandboxOf = ({ container, device }: Fields): string =>
  textOf(objectIn(container).uid, 64) ?? textOf(objectIn(device).uid, 64) ?? ''
