import type { TestResult } from '../../compliance/model/report.ts'
import type { ControlStatus, EvidenceStore, Pillar } from '../../core/labels/compliance.ts'

/** One test of a sample control and the evidence that it rests on. */
export interface SampleTest {
  readonly title: string
  readonly outcome: TestResult['outcome']
  readonly reason: string
  readonly value: number | null
  readonly unit: string
  readonly expected: string
  readonly parameter?: string
  readonly kind: 'documents' | 'metric' | 'alerts' | 'ledger' | 'findings' | 'coverage' | 'policy_shadow'
  readonly store: EvidenceStore
  /** Kinds of programs that have to be observed, with the share of the period in which they were. */
  readonly telemetry: Readonly<Record<string, number | null>>
}

export interface SampleControl {
  readonly framework: string
  readonly control: string
  readonly title: string
  readonly pillar: Pillar
  readonly status: ControlStatus
  readonly reason: string
  readonly since: string
  readonly cannotProve: readonly string[]
  readonly manual?: string
  readonly objectives?: readonly string[]
  readonly remedy?: string
  readonly tests: readonly SampleTest[]
}

const NIST = 'nist-sp-800-53'
const TENETS = 'nist-sp-800-207'
const CISA = 'cisa-ztmm'

const full = { gateway: 1, 'identity-provider': 1 }
const gapped = { gateway: 0.957, proxy: 0.871 }

const passing = (title: string, value: number, unit: string, expected: string, extra: Partial<SampleTest> = {}) => ({
  title,
  outcome: 'pass' as const,
  reason: `${value} ${unit} is within the threshold (${expected})`,
  value,
  unit,
  expected,
  kind: 'metric' as const,
  store: 'prometheus' as const,
  telemetry: full,
  ...extra,
})

const failing = (title: string, value: number, unit: string, expected: string, extra: Partial<SampleTest> = {}) => ({
  ...passing(title, value, unit, expected),
  outcome: 'fail' as const,
  reason: `${value} ${unit} is beyond the threshold (${expected})`,
  ...extra,
})

const unknown = (title: string, reason: string, extra: Partial<SampleTest> = {}) => ({
  ...passing(title, 0, 'events', 'at most 0'),
  outcome: 'unknown' as const,
  reason,
  value: null,
  ...extra,
})

const proxyGap = 'the proxy caddy-edge was not read for 93 h of the period (87.1 % covered, 95 % needed)'
const noNetwork = 'no source observes the network policy'

/** Every status, several pillars, three frameworks; as a deployment with gaps would have them. */
export const sampleControls: readonly SampleControl[] = [
  {
    framework: TENETS,
    control: 'T2',
    title: 'All communication is secured regardless of network location',
    pillar: 'networks',
    status: 'unknown',
    reason: proxyGap,
    since: '2026-10',
    cannotProve: ['that no listener exists which is not observed'],
    remedy: 'Restore the shipper of caddy-edge and keep its log for the whole period.',
    tests: [
      unknown('Failed mTLS handshakes at the reverse proxy', proxyGap, { telemetry: gapped }),
      passing('Certificates that expire within 14 days', 0, 'certificates', 'at most 0', {
        telemetry: { certificate: 1 },
      }),
    ],
  },
  {
    framework: TENETS,
    control: 'T3',
    title: 'Access to individual enterprise resources is granted on a per-session basis',
    pillar: 'identity',
    status: 'pass',
    reason: 'both tests passed on fresh evidence',
    since: '2026-04',
    cannotProve: ['that tokens issued by other means are short-lived'],
    tests: [
      passing('Sessions without a sign-in of their own', 0, 'sessions', 'at most 0'),
      passing('Device tokens that were revoked within a day of a report', 4, 'tokens', 'at least 1', {
        kind: 'documents',
        store: 'elasticsearch',
      }),
    ],
  },
  {
    framework: TENETS,
    control: 'T5',
    title: 'The enterprise monitors and measures the integrity and security posture of all owned and associated assets',
    pillar: 'devices',
    status: 'fail',
    reason: '3 critical posture findings were open at the end of the period (at most 0)',
    since: '2026-09',
    cannotProve: ['that the inventory of assets is complete'],
    remedy: 'Close the critical findings of gateway-lyon: non-loopback bind, disabled sandbox, unsigned plugin.',
    tests: [
      failing('Critical posture findings, open at the end', 3, 'findings', 'at most 0', {
        kind: 'findings',
        store: 'state',
        telemetry: { posture: 0.998 },
      }),
    ],
  },
  {
    framework: TENETS,
    control: 'T7',
    title:
      'The enterprise collects as much information as possible about the current state of assets, network infrastructure and communications',
    pillar: 'visibility',
    status: 'fail',
    reason: 'coverage of the period is 86.4 % (at least 95 %)',
    since: '2026-11',
    cannotProve: ['that the sources log everything'],
    remedy: 'Read the network policy and the tunnels; repair caddy-edge.',
    tests: [
      failing('Coverage of expected sources', 86.4, '%', 'at least 95 %', {
        kind: 'coverage',
        store: 'state',
        telemetry: {},
      }),
    ],
  },
  {
    framework: NIST,
    control: 'AC-2(4)',
    title: 'Account Management | Automated Audit Actions',
    pillar: 'identity',
    status: 'pass',
    reason: 'the test passed on fresh evidence',
    since: '2026-06',
    cannotProve: ['the review of accounts by the personnel department'],
    objectives: ['ac-2.4_obj-1'],
    tests: [
      passing('Account changes that were recorded', 41, 'events', 'at least 1', {
        kind: 'documents',
        store: 'elasticsearch',
      }),
    ],
  },
  {
    framework: NIST,
    control: 'AC-3',
    title: 'Access Enforcement',
    pillar: 'applications',
    status: 'pass',
    reason: 'both tests passed on fresh evidence',
    since: '2026-04',
    cannotProve: ['that no path bypasses the policy enforcement point'],
    objectives: ['ac-3_obj'],
    tests: [
      passing('Decisions of policy engines', 182_411, 'decisions', 'at least 1'),
      passing('Guards that were not in the path', 0, 'guards', 'at most 0', { telemetry: { guard: 1 } }),
    ],
  },
  {
    framework: NIST,
    control: 'AC-4',
    title: 'Information Flow Enforcement',
    pillar: 'networks',
    status: 'unknown',
    reason: noNetwork,
    since: '2026-11',
    cannotProve: ['flows that never reach an enforcement point'],
    objectives: ['ac-4_obj'],
    remedy: 'Configure the flow log of the network policy as a source.',
    tests: [unknown('Denied flows between trust zones', noNetwork, { telemetry: { network: null } })],
  },
  {
    framework: NIST,
    control: 'AC-7',
    title: 'Unsuccessful Logon Attempts',
    pillar: 'identity',
    status: 'fail',
    reason: '1,412 failed sign-ins (at most 500), 1,207 of them on 2026-11-17 against gateway-lyon',
    since: '2026-11',
    cannotProve: ['that lockout is configured at the identity provider'],
    objectives: ['ac-7_obj.a', 'ac-7_obj.b'],
    remedy: 'Put the sign-in of gateway-lyon behind the identity provider and lower ac-07_odp.01 to 5.',
    tests: [
      failing('Failed sign-ins of the period', 1412, 'events', 'at most 500', { parameter: 'ac-07_odp.01' }),
      passing('Lockouts after consecutive failures', 118, 'events', 'at least 1', { parameter: 'ac-07_odp.02' }),
    ],
  },
  {
    framework: NIST,
    control: 'AC-6(9)',
    title: 'Least Privilege | Log Use of Privileged Functions',
    pillar: 'identity',
    status: 'pass',
    reason: 'the test passed on fresh evidence',
    since: '2026-07',
    cannotProve: ['privileged use outside OpenClaw'],
    objectives: ['ac-6.9_obj'],
    tests: [passing('Approvals that were recorded', 233, 'approvals', 'at least 1')],
  },
  {
    framework: NIST,
    control: 'AU-5',
    title: 'Response to Audit Logging Process Failures',
    pillar: 'visibility',
    status: 'pass',
    reason: 'each gap of more than 15 minutes had an alert',
    since: '2026-05',
    cannotProve: ['that the alert was read'],
    objectives: ['au-5_obj.a', 'au-5_obj.b'],
    tests: [passing('Alerts for sources that stopped', 3, 'alerts', 'at least 1', { kind: 'alerts' })],
  },
  {
    framework: NIST,
    control: 'AU-9',
    title: 'Protection of Audit Information',
    pillar: 'visibility',
    status: 'pass',
    reason: 'the hash chain of the audit trail was verified',
    since: '2026-04',
    cannotProve: ['who can delete indices of Elasticsearch'],
    objectives: ['au-9_obj.a'],
    tests: [
      passing('Records of the audit trail that break its chain', 0, 'records', 'at most 0', {
        kind: 'ledger',
        store: 'ledger',
        telemetry: {},
      }),
    ],
  },
  {
    framework: NIST,
    control: 'CA-7',
    title: 'Continuous Monitoring',
    pillar: 'governance',
    status: 'manual',
    reason: 'no log can show it',
    since: '2026-04',
    cannotProve: ['that the strategy for monitoring is approved'],
    manual: 'Look at the approved monitoring strategy and its last review.',
    objectives: ['ca-7_obj.a'],
    tests: [],
  },
  {
    framework: NIST,
    control: 'CM-6',
    title: 'Configuration Settings',
    pillar: 'devices',
    status: 'exception',
    reason: '2 drifts of configuration are accepted until 2026-12-15',
    since: '2026-10',
    cannotProve: ['settings of programs that are not observed'],
    objectives: ['cm-6_obj.d'],
    remedy: 'Migrate gateway-lyon to the managed configuration.',
    tests: [
      failing('Drifts of configuration without a change record', 2, 'drifts', 'at most 0', {
        telemetry: { posture: 0.998 },
      }),
    ],
  },
  {
    framework: NIST,
    control: 'IA-3',
    title: 'Device Identification and Authentication',
    pillar: 'devices',
    status: 'pass',
    reason: 'the test passed on fresh evidence',
    since: '2026-08',
    cannotProve: ['devices that never connect'],
    objectives: ['ia-3_obj'],
    tests: [passing('Connections of devices without pairing', 0, 'connections', 'at most 0')],
  },
  {
    framework: NIST,
    control: 'IR-4(1)',
    title: 'Incident Handling | Automated Incident Handling Processes',
    pillar: 'automation',
    status: 'pass',
    reason: 'both tests passed on fresh evidence',
    since: '2026-10',
    cannotProve: ['lessons learned by people'],
    objectives: ['ir-4.1_obj'],
    tests: [
      passing('95th percentile of the time to contain', 94, 'seconds', 'at most 300', {
        kind: 'ledger',
        store: 'ledger',
        telemetry: {},
      }),
      passing('False blocks', 1, 'blocks', 'at most 2', { kind: 'ledger', store: 'ledger', telemetry: {} }),
    ],
  },
  {
    framework: NIST,
    control: 'SC-7(5)',
    title: 'Boundary Protection | Deny by Default / Allow by Exception',
    pillar: 'networks',
    status: 'unknown',
    reason: noNetwork,
    since: '2026-11',
    cannotProve: ['that no path bypasses the boundary'],
    objectives: ['sc-7.5_obj-1', 'sc-7.5_obj-2'],
    remedy: 'Configure the flow log of the network policy as a source.',
    tests: [unknown('Flows that no rule allowed', noNetwork, { kind: 'policy_shadow', telemetry: { network: null } })],
  },
  {
    framework: NIST,
    control: 'SC-8(1)',
    title: 'Transmission Confidentiality and Integrity | Cryptographic Protection',
    pillar: 'networks',
    status: 'unknown',
    reason: proxyGap,
    since: '2026-10',
    cannotProve: ['cipher policy on listeners that are not observed'],
    objectives: ['sc-8.1_obj'],
    remedy: 'Restore the shipper of caddy-edge and keep its log for the whole period.',
    tests: [unknown('Attempts in plain text', proxyGap, { telemetry: gapped })],
  },
  {
    framework: NIST,
    control: 'SI-4(5)',
    title: 'System Monitoring | System-generated Alerts',
    pillar: 'visibility',
    status: 'pass',
    reason: 'the test passed on fresh evidence',
    since: '2026-04',
    cannotProve: ['that alerts reach a person'],
    objectives: ['si-4.5_obj'],
    tests: [passing('Alerts that fired', 17, 'alerts', 'at least 1', { kind: 'alerts' })],
  },
  {
    framework: CISA,
    control: 'identity.authentication',
    title: 'Identity: Authentication',
    pillar: 'identity',
    status: 'manual',
    reason: 'assigning a stage needs a person',
    since: '2026-04',
    cannotProve: ['the stage of maturity'],
    manual: 'Compare the share of sign-ins with a second factor with the stages of the model.',
    tests: [passing('Sign-ins with mutual TLS or a passkey', 96.2, '%', '', { reason: 'it has no threshold' })],
  },
  {
    framework: CISA,
    control: 'data.access',
    title: 'Data: Data Access',
    pillar: 'data',
    status: 'exception',
    reason: 'elastic-audit is not read until its licence is renewed; accepted until 2027-02-28',
    since: '2026-08',
    cannotProve: ['reads of documents without an audit log'],
    remedy: 'Read the audit log of Elasticsearch.',
    tests: [
      unknown('Reads of evidence by other users', 'the audit log of Elasticsearch is not read', {
        kind: 'documents',
        store: 'elasticsearch',
      }),
    ],
  },
  {
    framework: CISA,
    control: 'applications.access',
    title: 'Applications & Workloads: Application Access',
    pillar: 'applications',
    status: 'pass',
    reason: 'the test passed on fresh evidence',
    since: '2026-05',
    cannotProve: ['the stage of maturity'],
    tests: [passing('Denied tool calls of agents', 377, 'decisions', 'at least 1', { telemetry: { guard: 1 } })],
  },
  {
    framework: CISA,
    control: 'networks.segmentation',
    title: 'Networks: Network Segmentation',
    pillar: 'networks',
    status: 'unknown',
    reason: noNetwork,
    since: '2026-11',
    cannotProve: ['the stage of maturity'],
    remedy: 'Configure the flow log of the network policy as a source.',
    tests: [unknown('First-seen pairs of trust zones', noNetwork, { telemetry: { network: null } })],
  },
]
