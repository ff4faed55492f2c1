import type { EpochMs } from '../../../core/clock.ts'
import type { Severity } from '../../../core/labels/event.ts'
import { type Fields, textOf } from '../../toolkit/fields.ts'
import { NO_ORIGIN } from '../../toolkit/origin.ts'
import type { Finding } from '../../toolkit/posture.ts'
import type { Decoding } from '../../toolkit/record.ts'
import { readStoredTime } from '../../toolkit/time.ts'
import type { JsonLineDialect } from '../dialect.ts'
import { askedFootprint } from '../openclaw/setup.ts'
import { checkOf } from './checks.ts'

import { readFindings } from './findings.ts'
import { doctorSetup } from './setup.ts'

const severityByWord = new Map<unknown, Severity>([
  ['error', 'high'],
  ['warning', 'medium'],
  ['info', 'info'],
])

/** Its findings repeat those of the security audit: `requirement` is the check, and `error` is the audit's `critical`. */
const SECURITY = 'core/doctor/security'

/** `openclaw doctor --lint --json`. */
export const openclawDoctorDialect: JsonLineDialect = {
  name: 'openclaw-doctor',
  format: 'json-line',
  prefilter: ['"checksSkipped"'],
  sourceFields: ['ts', '@timestamp', 'schemaVersion', 'checksRun', 'checksSkipped', 'findings', 'attestation'],
  recognises: ({ schemaVersion, checksRun, checksSkipped, findings, attestation }) =>
    schemaVersion !== undefined &&
    typeof checksRun === 'number' &&
    typeof checksSkipped === 'number' &&
    Array.isArray(findings) &&
    attestation === undefined,
  decode,
  signals: ['posture_drifts'],
  observer: 'posture',
  footprint: askedFootprint,
  documentation: {
    samples: { kind: 'captured', from: 'OpenClaw 2026.9.6' },
    setup: doctorSetup,
    reads: 'the output of `openclaw doctor --lint --json`',
    rules: [
      "The doctor's findings have no time: the time is `ts` or `@timestamp`, which the source `posture` adds, or that of the envelope. A finding of `core/doctor/security` is the audit's finding of the same check, and open once.",
    ],
  },
}

function decode(fields: Fields, envelopeTime?: () => EpochMs | undefined): Decoding {
  const time = readStoredTime(fields) ?? envelopeTime?.()
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const findings = readFindings(fields.findings, severityOf, findingOf)
  return {
    kind: 'posture_snapshot',
    time,
    origin: NO_ORIGIN,
    snapshot: { producer: 'openclaw-doctor', findings, facts: {} },
  }
}

function severityOf(finding: Fields): Severity {
  const severity = severityByWord.get(finding.severity) ?? 'medium'
  return severity === 'high' && checkOfAudit(finding) !== undefined ? 'critical' : severity
}

function findingOf(finding: Fields): Omit<Finding, 'severity'> {
  const { checkId, message, target, path } = finding
  const summary = textOf(message) ?? ''
  const ofAudit = checkOfAudit(finding)
  if (ofAudit !== undefined) return { ...ofAudit, summary }
  const { check, target: named } = checkOf(checkId)
  return { check, target: named || (textOf(target) ?? textOf(path) ?? ''), summary }
}

function checkOfAudit({ checkId, requirement }: Fields): Pick<Finding, 'check' | 'target'> | undefined {
  const ofAudit = checkId === SECURITY ? checkOf(requirement) : undefined
  return ofAudit?.check === 'other' ? undefined : ofAudit
}
