import type { ControlStatus } from '../../core/labels/compliance.ts'

/** What was planted in October (compliance/demo/story.ts), where more than one control shows it. */
const KEYCLOAK = 'keycloak was read for less than 95 % of the month: 64 hours of a weekend are missing'
const GUARD = 'no guard reports'
const ATTACK = '412 attempts of one address within five minutes, and 10 are allowed'
const APPROVALS = '14 approvals without a person'

/** A control, and its status with every store, with Elasticsearch out of order, and by the state and the ledger alone. */
export interface ExpectedControl {
  readonly control: string
  readonly all: ControlStatus
  readonly withoutDocuments: ControlStatus
  readonly stateAndLedger: ControlStatus
  /** What was planted; empty where nothing was. */
  readonly cause: string
}

type Row = readonly [control: string, ControlStatus, ControlStatus, ControlStatus, cause?: string]

const tenets: readonly Row[] = [
  ['tenet-1', 'pass', 'unknown', 'unknown'],
  ['tenet-2', 'pass', 'unknown', 'unknown'],
  ['tenet-3', 'unknown', 'unknown', 'unknown', KEYCLOAK],
  ['tenet-4', 'fail', 'fail', 'unknown', APPROVALS],
  ['tenet-5', 'pass', 'pass', 'unknown'],
  ['tenet-6', 'fail', 'fail', 'unknown', ATTACK],
  ['tenet-7', 'fail', 'unknown', 'unknown', KEYCLOAK],
]

const controls: readonly Row[] = [
  ['AC-2', 'unknown', 'unknown', 'unknown', KEYCLOAK],
  ['AC-2(3)', 'unknown', 'unknown', 'unknown', KEYCLOAK],
  ['AC-2(4)', 'fail', 'unknown', 'unknown', KEYCLOAK],
  ['AC-2(12)', 'pass', 'unknown', 'unknown'],
  ['AC-3', 'unknown', 'unknown', 'unknown', GUARD],
  ['AC-4', 'unknown', 'unknown', 'unknown', GUARD],
  [
    'AC-6',
    'fail',
    'fail',
    'fail',
    `${APPROVALS}; an agent may run everything since October 19; its exception is over since October 15`,
  ],
  ['AC-6(9)', 'pass', 'pass', 'unknown'],
  ['AC-7', 'fail', 'fail', 'unknown', ATTACK],
  ['AC-17(1)', 'pass', 'pass', 'unknown'],
  ['AC-19', 'pass', 'pass', 'unknown'],
  ['AC-20', 'pass', 'unknown', 'unknown'],
  ['AU-2', 'fail', 'unknown', 'unknown', KEYCLOAK],
  ['AU-3', 'pass', 'unknown', 'unknown'],
  ['AU-4', 'pass', 'pass', 'unknown'],
  ['AU-5', 'fail', 'fail', 'unknown', 'the exporter was down for 5.5 hours, keycloak for 64'],
  ['AU-6', 'pass', 'pass', 'unknown'],
  ['AU-6(1)', 'pass', 'unknown', 'unknown'],
  ['AU-6(3)', 'fail', 'unknown', 'unknown', KEYCLOAK],
  ['AU-7', 'pass', 'unknown', 'unknown'],
  ['AU-8', 'pass', 'unknown', 'unknown'],
  ['AU-9', 'pass', 'unknown', 'unknown'],
  ['AU-9(4)', 'pass', 'pass', 'unknown'],
  ['AU-10', 'pass', 'pass', 'unknown'],
  ['AU-11', 'manual', 'manual', 'manual'],
  ['AU-12', 'pass', 'unknown', 'unknown'],
  ['CA-7', 'pass', 'unknown', 'unknown'],
  ['CA-7(4)', 'pass', 'pass', 'unknown'],
  ['CM-2', 'pass', 'pass', 'unknown'],
  ['CM-3', 'fail', 'fail', 'unknown', 'a change of October 14 that OpenClaw did not make'],
  ['CM-3(2)', 'unknown', 'unknown', 'unknown', 'no policy in shadow'],
  [
    'CM-6',
    'exception',
    'exception',
    'exception',
    'a finding of severity high since October 19, accepted until December 31',
  ],
  ['CM-7', 'pass', 'pass', 'unknown'],
  ['CM-8', 'pass', 'pass', 'unknown'],
  ['CM-8(3)', 'pass', 'pass', 'unknown'],
  ['IA-2', 'pass', 'unknown', 'unknown'],
  ['IA-2(1)', 'manual', 'manual', 'manual'],
  ['IA-3', 'pass', 'unknown', 'unknown'],
  ['IA-4', 'unknown', 'unknown', 'unknown', KEYCLOAK],
  ['IA-5', 'unknown', 'unknown', 'unknown', KEYCLOAK],
  ['IA-5(2)', 'pass', 'pass', 'unknown'],
  ['IA-9', 'pass', 'unknown', 'unknown'],
  ['IA-11', 'manual', 'manual', 'manual'],
  ['IR-4', 'fail', 'fail', 'fail', 'an own office was blocked on October 8'],
  ['IR-4(1)', 'pass', 'pass', 'unknown'],
  ['IR-5', 'pass', 'pass', 'unknown'],
  ['IR-6', 'manual', 'manual', 'manual'],
  ['IR-6(1)', 'pass', 'pass', 'unknown'],
  ['RA-3', 'manual', 'manual', 'manual'],
  ['RA-5', 'manual', 'manual', 'manual'],
  ['SC-7', 'pass', 'pass', 'unknown'],
  ['SC-7(4)', 'manual', 'manual', 'manual'],
  ['SC-7(5)', 'pass', 'pass', 'unknown'],
  ['SC-8', 'pass', 'unknown', 'unknown'],
  ['SC-8(1)', 'pass', 'unknown', 'unknown'],
  ['SC-12', 'pass', 'unknown', 'unknown'],
  ['SC-13', 'pass', 'pass', 'unknown'],
  ['SC-17', 'pass', 'pass', 'unknown'],
  ['SC-23', 'pass', 'pass', 'unknown'],
  ['SI-4', 'fail', 'fail', 'unknown', 'the exporter was down for 5.5 hours'],
  ['SI-4(2)', 'pass', 'unknown', 'unknown'],
  ['SI-4(4)', 'pass', 'pass', 'unknown'],
  ['SI-4(5)', 'pass', 'pass', 'unknown'],
  ['SI-7', 'pass', 'unknown', 'unknown'],
]

const functions: readonly Row[] = [
  ['identity.authentication', 'fail', 'fail', 'unknown', ATTACK],
  ['identity.identity-stores', 'manual', 'manual', 'manual'],
  ['identity.risk-assessments', 'pass', 'unknown', 'unknown'],
  ['identity.access-management', 'fail', 'fail', 'unknown', APPROVALS],
  ['identity.visibility', 'fail', 'unknown', 'unknown', KEYCLOAK],
  ['identity.automation', 'unknown', 'unknown', 'unknown', KEYCLOAK],
  ['identity.governance', 'manual', 'manual', 'manual'],
  ['devices.policy-enforcement', 'pass', 'pass', 'unknown'],
  ['devices.supply-chain', 'manual', 'manual', 'manual'],
  ['devices.resource-access', 'pass', 'unknown', 'unknown'],
  ['devices.threat-protection', 'manual', 'manual', 'manual'],
  ['devices.visibility', 'pass', 'pass', 'unknown'],
  ['devices.automation', 'manual', 'manual', 'manual'],
  ['devices.governance', 'manual', 'manual', 'manual'],
  ['networks.segmentation', 'pass', 'pass', 'unknown'],
  ['networks.traffic-management', 'pass', 'pass', 'unknown'],
  ['networks.traffic-encryption', 'pass', 'unknown', 'unknown'],
  ['networks.resilience', 'manual', 'manual', 'manual'],
  ['networks.visibility', 'pass', 'pass', 'unknown'],
  ['networks.automation', 'pass', 'pass', 'unknown'],
  ['networks.governance', 'manual', 'manual', 'manual'],
  ['applications.access', 'unknown', 'unknown', 'unknown', GUARD],
  ['applications.threat-protections', 'unknown', 'unknown', 'unknown', GUARD],
  ['applications.accessible', 'manual', 'manual', 'manual'],
  ['applications.development', 'manual', 'manual', 'manual'],
  ['applications.testing', 'manual', 'manual', 'manual'],
  ['applications.visibility', 'pass', 'unknown', 'unknown'],
  ['applications.automation', 'manual', 'manual', 'manual'],
  ['applications.governance', 'manual', 'manual', 'manual'],
  ['data.inventory', 'manual', 'manual', 'manual'],
  ['data.categorization', 'manual', 'manual', 'manual'],
  ['data.availability', 'manual', 'manual', 'manual'],
  ['data.access', 'pass', 'pass', 'unknown'],
  ['data.encryption', 'manual', 'manual', 'manual'],
  ['data.visibility', 'manual', 'manual', 'manual'],
  ['data.automation', 'manual', 'manual', 'manual'],
  ['data.governance', 'manual', 'manual', 'manual'],
]

/**
 * The status of every control of October, by its framework: derived from the story, the tests of the catalogue and their
 * thresholds, by hand.
 *
 * Without documents, nothing tells whether the logs of the gateways and of the identity provider had gaps, which both
 * indices show: what rests on these observers is unknown, but for what was seen to be wrong. The state and the ledger hold
 * no history of sources, gauges or alerts, so only what they hold themselves can be seen: one finding and one false block.
 */
export const expectedMonth: Readonly<Record<string, readonly ExpectedControl[]>> = {
  'nist-sp-800-207': tenets.map(expected),
  'nist-sp-800-53': controls.map(expected),
  'cisa-ztmm-2': functions.map(expected),
}

function expected([control, all, withoutDocuments, stateAndLedger, cause = '']: Row): ExpectedControl {
  return { control, all, withoutDocuments, stateAndLedger, cause }
}
