import { isObject } from '../../../core/json.ts'
import type { Severity } from '../../../core/labels/event.ts'
import { type Fields, textOf } from '../../toolkit/fields.ts'
import { NO_ORIGIN } from '../../toolkit/origin.ts'
import { type Finding, factValues } from '../../toolkit/posture.ts'
import type { Decoding } from '../../toolkit/record.ts'
import { readTime } from '../../toolkit/time.ts'
import type { JsonLineDialect } from '../dialect.ts'
import { askedFootprint } from '../openclaw/setup.ts'
import { checkOf } from './checks.ts'

import { objectsOf, readFindings } from './findings.ts'
import { auditSetup } from './setup.ts'

const severityByWord = new Map<unknown, Severity>([
  ['critical', 'critical'],
  ['warn', 'medium'],
  ['info', 'info'],
])

/** The check that OpenClaw reports once for each flag; the flag is in its detail. */
const FLAGS = 'config.insecure_or_dangerous_flags'
const FLAG = /^Detected enabled flag: (\S{1,200}?)\.?$/

/** `openclaw security audit --json`. */
export const openclawAuditDialect: JsonLineDialect = {
  name: 'openclaw-audit',
  format: 'json-line',
  prefilter: ['"secretDiagnostics"'],
  sourceFields: ['ts', 'summary', 'findings', 'suppressedFindings', 'secretDiagnostics'],
  recognises: ({ findings, summary, secretDiagnostics }) =>
    Array.isArray(findings) && Array.isArray(secretDiagnostics) && isObject(summary) && 'critical' in summary,
  decode,
  signals: ['posture_drifts'],
  observer: 'posture',
  footprint: askedFootprint,
  documentation: {
    samples: { kind: 'captured', from: 'OpenClaw 2026.9.6' },
    setup: auditSetup,
    reads: 'the output of `openclaw security audit --json`',
    rules: [
      '`openclaw-audit`, `openclaw-doctor`, `openclaw-policy` and `openclaw-status` are snapshots: all that is open at one time. A finding that a snapshot brings opens, one that it no longer has closes; see [posture](posture.md).',
      'The identity of a finding is its check and its target: the channel, plugin or account in the id of the check, the flag of `config.insecure_or_dangerous_flags`, the `target` of a policy finding.',
    ],
  },
}

function decode({ ts, findings, suppressedFindings }: Fields): Decoding {
  const time = readTime(ts)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const open = readFindings(findings, severityOf, findingOf)
  const suppressed = objectsOf(suppressedFindings).map(({ checkId }) => textOf(checkId) ?? 'other')
  const flags = open.filter(({ check }) => check === FLAGS).map(({ target }) => target)
  return {
    kind: 'posture_snapshot',
    time,
    origin: NO_ORIGIN,
    snapshot: {
      producer: 'openclaw-audit',
      findings: open,
      facts: { flags: factValues(flags), suppressions: factValues(suppressed) },
    },
  }
}

const severityOf = ({ severity }: Fields): Severity => severityByWord.get(severity) ?? 'medium'

function findingOf({ checkId, title, detail }: Fields): Omit<Finding, 'severity'> {
  const { check, target } = checkOf(checkId)
  return {
    check,
    target: check === FLAGS ? (FLAG.exec(textOf(detail) ?? '')?.[1] ?? target) : target,
    summary: textOf(title) ?? '',
  }
}
