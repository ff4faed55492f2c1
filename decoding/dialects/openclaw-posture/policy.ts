import type { Severity } from '../../../core/labels/event.ts'
import { type Fields, textOf } from '../../toolkit/fields.ts'
import { NO_ORIGIN } from '../../toolkit/origin.ts'
import { pathReader } from '../../toolkit/path.ts'
import { type Finding, factValues, type PostureFacts } from '../../toolkit/posture.ts'
import type { Decoding } from '../../toolkit/record.ts'
import { readTime } from '../../toolkit/time.ts'
import type { JsonLineDialect } from '../dialect.ts'
import { askedFootprint } from '../openclaw/setup.ts'
import { checkOf } from './checks.ts'

import { readFindings } from './findings.ts'
import { policySetup } from './setup.ts'

const severityByWord = new Map<unknown, Severity>([
  ['error', 'high'],
  ['warning', 'medium'],
  ['info', 'info'],
])

const readCheckedAt = pathReader('attestation.checkedAt')
const readPolicyHash = pathReader('attestation.policy.hash')
const readWorkspaceHash = pathReader('attestation.workspace.hash')

/** `openclaw policy check --json`. */
export const openclawPolicyDialect: JsonLineDialect = {
  name: 'openclaw-policy',
  format: 'json-line',
  prefilter: ['"attestation"'],
  sourceFields: ['attestation', 'findings', 'checksRun'],
  recognises: fields =>
    readCheckedAt(fields) !== undefined && Array.isArray(fields.findings) && typeof fields.checksRun === 'number',
  decode,
  signals: ['posture_drifts'],
  observer: 'posture',
  footprint: askedFootprint,
  documentation: {
    samples: { kind: 'captured', from: 'OpenClaw 2026.9.6' },
    setup: policySetup,
    reads: 'the output of `openclaw policy check --json`',
    rules: [
      'A policy or a workspace whose hash has changed since the snapshot before is a drift of its own (`policy_changed`, `workspace_changed`).',
    ],
  },
}

function decode(fields: Fields): Decoding {
  const time = readTime(readCheckedAt(fields))
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const findings = readFindings(fields.findings, severityOf, findingOf)
  return {
    kind: 'posture_snapshot',
    time,
    origin: NO_ORIGIN,
    snapshot: { producer: 'openclaw-policy', findings, facts: factsOf(fields) },
  }
}

const severityOf = ({ severity }: Fields): Severity => severityByWord.get(severity) ?? 'high'

function findingOf({ checkId, message, target }: Fields): Omit<Finding, 'severity'> {
  const { check, target: named } = checkOf(checkId)
  return {
    check,
    target: textOf(target) ?? named,
    summary: textOf(message) ?? '',
  }
}

function factsOf(fields: Fields): PostureFacts {
  const policy = textOf(readPolicyHash(fields))
  const workspace = textOf(readWorkspaceHash(fields))
  return {
    ...(policy !== undefined && { policy_hash: factValues([policy]) }),
    ...(workspace !== undefined && { workspace_hash: factValues([workspace]) }),
  }
}
