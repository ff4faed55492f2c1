import { isObject } from '../../../core/json.ts'
import type { Decision } from '../../../core/labels/policy.ts'
import type { Fields } from '../../toolkit/fields.ts'
import { decided, drifted, type GuardReading, refusedByGuard } from '../../toolkit/guard-claims.ts'
import type { Decoding } from '../../toolkit/record.ts'
import { readTime } from '../../toolkit/time.ts'
import type { JsonLineDialect } from '../dialect.ts'
import { ORIGIN, reportOf, versionsByFields } from './report.ts'
import { defenseclawFootprint, defenseclawSetup } from './setup.ts'
import { severityOf } from './severity.ts'
import { policyOfBranch } from './v8-events.ts'

const KNOWN_VERSION = 7

/** Reads the payload of a record, which is under the name of its type. */
type ReadPayload = (payload: Fields, severity: unknown) => GuardReading

const quiet: ReadPayload = () => 'no_signal'

/** Types of records about what was inspected, whether or not a decision counts. */
const inspectingTypes = new Set<unknown>(['verdict', 'judge', 'hook_decision', 'egress'])

/** By `event_type`. */
const types = new Map<unknown, ReadPayload>([
  ['verdict', readVerdict],
  ['egress', readEgress],
  ['error', readError],
  ['activity', readActivity],
  ['scan_finding', (_payload, severity) => drifted('guard_finding', severityOf(severity))],
  ['managed_aid_fail_open', (_payload, severity) => drifted('guard_fail_open', severityOf(severity))],
  ...[
    'judge',
    'hook_decision',
    'lifecycle',
    'diagnostic',
    'scan',
    'llm_prompt',
    'llm_response',
    'tool_invocation',
    'ai_discovery',
    'connector_inventory',
    'mcp_inventory',
    'agent_inventory',
  ].map(type => [type, quiet] as const),
])

/** Records of DefenseClaw 7, as older installations write them. */
export const defenseclawV7Dialect: JsonLineDialect = {
  name: 'defenseclaw-v7',
  format: 'json-line',
  prefilter: ['"event_type"'],
  sourceFields: [
    'ts',
    'event_type',
    'severity',
    'schema_version',
    'generation',
    'binary_version',
    'verdict',
    'egress',
    'error',
    'activity',
    'hook_decision',
  ],
  signals: ['policy_decisions', 'auth_failures', 'posture_drifts'],
  observer: 'guard',
  footprint: defenseclawFootprint,
  recognises,
  decode,
  versions: versionsByFields(['event_type', 'schema_version']),
  reports: record => {
    const { mode } = isObject(record.hook_decision) ? record.hook_decision : NOTHING
    const isFailOpen = record.event_type === 'managed_aid_fail_open'
    const condition = isFailOpen ? ({ part: 'managed_aid_fail_open', state: 'fail_open' } as const) : undefined
    return reportOf({
      inspects: inspectingTypes.has(record.event_type),
      version: record.binary_version,
      mode,
      condition,
    })
  },
  documentation: {
    reads: 'DefenseClaw, format 7 of older installations, as JSON lines',
    samples: { kind: 'documented', from: 'schemas and sources of DefenseClaw 7' },
    setup: defenseclawSetup,
    rules: [
      'Of **DefenseClaw 7** the verdict of the stage `final` is the decision; `hook_decision` repeats it. What a verdict says of the mode `observe` (`would_block`, `mode`) is decision `audit`, where it says so at all: format 7 does not have to.',
    ],
  },
}

function recognises(record: Fields): boolean {
  const { event_type: type, schema_version: version, generation, ts } = record
  const isRecord = typeof type === 'string' && typeof version === 'number' && typeof generation === 'number'
  if (!isRecord || typeof ts !== 'string') return false
  const payload = payloads.find(name => name === type)
  return payload === undefined || isObject(record[payload])
}

/** The payloads that are read; prompts, responses and arguments of tools are not. */
const payloads = ['verdict', 'egress', 'error', 'activity'] as const

function payloadOf(record: Fields): Fields {
  const name = payloads.find(payload => payload === record.event_type)
  const payload = name === undefined ? undefined : record[name]
  return isObject(payload) ? payload : NOTHING
}
const NOTHING: Fields = {}

function decode(record: Fields): Decoding {
  const time = readTime(record.ts)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  if (record.schema_version !== KNOWN_VERSION) return { kind: 'undecoded', time, reason: 'unknown_version' }
  const reading = types.get(record.event_type)?.(payloadOf(record), record.severity)
  if (reading === undefined) return { kind: 'undecoded', time, reason: 'unknown_template' }
  if (reading === 'no_signal') return { kind: 'no_signal', time, template: 'defenseclaw-record' }
  if ('lostRecords' in reading) return { kind: 'telemetry_lost', time, records: reading.lostRecords }
  return { kind: 'claim', time, claim: { ...reading, time, count: 1, stream: 'other', origin: ORIGIN, actor: {} } }
}

const decisions = new Map<unknown, Decision>([
  ['allow', 'allow'],
  ['warn', 'allow'],
  ['alert', 'allow'],
  ['confirm', 'ask'],
  ['block', 'deny'],
])

function readVerdict({ stage, action, would_block: wouldBlock, mode }: Fields, severity: unknown): GuardReading {
  if (stage !== 'final') return 'no_signal'
  const decision = decisions.get(action)
  if (decision === undefined) return undefined
  const isShadow = wouldBlock === true || (decision === 'deny' && mode === 'observe')
  return decided('defenseclaw-guardrail', 'other', isShadow ? 'audit' : decision, severityOf(severity))
}

function readEgress({ decision, branch }: Fields, severity: unknown): GuardReading {
  const known = decisions.get(decision)
  if (known === undefined) return undefined
  return decided('defenseclaw-egress', policyOfBranch(branch), known, severityOf(severity))
}

const AUTHENTICATION = /^AUTH_/

function readError({ subsystem, code }: Fields, severity: unknown): GuardReading {
  const isRefusal = subsystem === 'auth' && typeof code === 'string' && AUTHENTICATION.test(code)
  return isRefusal ? refusedByGuard(severityOf(severity)) : 'no_signal'
}

/** What an operator or a program did to the configuration. */
function readActivity({ action }: Fields, severity: unknown): GuardReading {
  const isPolicy = typeof action === 'string' && action.startsWith('policy')
  return drifted(isPolicy ? 'guard_policy_changed' : 'guard_config_changed', severityOf(severity))
}
