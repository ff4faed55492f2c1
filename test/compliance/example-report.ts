import { digestOf } from '../../compliance/model/digest.ts'
import { judgeAgain } from '../../compliance/model/judge-again.ts'
import type { ControlResult, EvidencePiece, Report, TestResult } from '../../compliance/model/report.ts'
import type { Json } from '../../service/state/state.ts'

const START = '2026-11-01T00:00:00.000Z'
const END = '2026-12-01T00:00:00.000Z'

const control = (differences: Partial<ControlResult>): ControlResult => ({
  id: `nist-sp-800-53/${differences.control}`,
  framework: 'nist-sp-800-53',
  control: '',
  title: 'Unsuccessful Logon Attempts',
  pillar: 'identity',
  status: 'pass',
  reason: 'All tests passed.',
  since: '2026-09',
  tests: [],
  cannotProve: [],
  manual: '',
  objectives: [],
  remedy: '',
  ...differences,
})

const test = (differences: Partial<TestResult>): TestResult => ({
  id: 'failures-bounded',
  title: 'Failed sign-ins of the period',
  outcome: 'pass',
  reason: 'It was 212 events, at most 500.',
  evidence: 'failures',
  value: 212,
  unit: 'events',
  expected: 'at most 500',
  threshold: { bound: 'at_most', value: 500 },
  parameter: 'ac-07_odp.01',
  freshness: 86_400_000,
  newest: '2026-11-30T23:59:00.000Z',
  telemetry: [{ observer: 'gateway', share: 0.998 }],
  telemetryShare: 0.95,
  ...differences,
})

const evidence = (differences: Partial<EvidencePiece>): EvidencePiece => {
  const result: Json = differences.result ?? { value: 212 }
  return {
    id: 'failures',
    kind: 'metric',
    title: 'Failed sign-ins that were recorded',
    request: { from: 'metric', signal: 'auth_failures', measure: 'increase' },
    store: 'prometheus',
    address: 'http://127.0.0.1:9090',
    query: 'sum(increase(clawtrust_auth_failures_total[30d]))',
    index: '',
    window: { start: START, end: END },
    count: 3,
    value: 212,
    unit: 'events',
    newest: '2026-11-30T23:59:00.000Z',
    byZone: { 'agent-control': 200, model: 12 },
    distribution: [{ start: START, value: 7 }],
    samples: [],
    gaps: [],
    fault: '',
    ...differences,
    result,
    sha256: digestOf(result),
  }
}

/** A month with one control of each status, a gap, a store that could not be read, an exception and a ledger. */
export function exampleReport(differences: Partial<Report> = {}): Report {
  const report = exampleMonth(differences)
  return { ...report, ...judgeAgain(report), ...differences }
}

const NONE_ALLOWED = { threshold: { bound: 'at_most', value: 0 }, parameter: '' } as const

const exampleMonth = (differences: Partial<Report>): Report => ({
  version: 1,
  id: '0b7c1f5e-2a63-5d0e-9c1b-5a1f7e4d2c90',
  title: 'Zero-trust report',
  organisation: 'Example Ltd',
  synthetic: false,
  period: { name: '2026-11', start: START, end: END, timeZone: 'Europe/Berlin' },
  generatedAt: '2026-12-01T06:00:00.000Z',
  generator: { name: 'clawtrust', version: '0.3.0' },
  frameworks: [
    {
      id: 'nist-sp-800-53',
      title: 'NIST SP 800-53',
      version: 'Rev. 5',
      source: 'https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final',
      sha256: 'a'.repeat(64),
    },
  ],
  stores: [
    { store: 'prometheus', address: 'http://127.0.0.1:9090', state: 'read', detail: '' },
    { store: 'elasticsearch', address: 'https://127.0.0.1:9200', state: 'unreachable', detail: 'it refused' },
  ],
  coverage: {
    share: 0.97,
    sources: [
      { name: 'gateway-log', observer: 'gateway', state: 'gaps', share: 0.97, lastEvent: '2026-11-30T23:59:00.000Z' },
      { name: 'keycloak', observer: 'identity-provider', state: 'never', share: null, lastEvent: null },
    ],
    gaps: [
      {
        of: 'gateway-log',
        start: '2026-11-10T01:00:00.000Z',
        end: '2026-11-10T22:00:00.000Z',
        reason: 'the source was down',
      },
    ],
  },
  controls: [
    control({ control: 'AC-7', objectives: ['ac-7_obj.a', 'ac-7_obj.b'], tests: [test({})] }),
    control({
      control: 'AC-6(9)',
      title: 'Log Use of Privileged Functions',
      pillar: 'applications',
      status: 'fail',
      since: '2026-10',
      reason: 'Of the privileged calls 41 were not logged.',
      remedy: 'Log them.',
      cannotProve: ['that no path bypasses the policy enforcement point'],
      tests: [test({ id: 'logged', evidence: 'privileged', ...NONE_ALLOWED })],
    }),
    control({
      control: 'IA-2',
      status: 'unknown',
      reason: 'The identity provider reported nothing.',
      tests: [test({ id: 'mfa', newest: null, evidence: 'mfa' })],
    }),
    control({ control: 'AT-2', status: 'manual', reason: 'No log can show it.', manual: 'Look at the training plan.' }),
    control({
      control: 'SC-8',
      status: 'exception',
      reason: 'Accepted by alice until 2027-01-31.',
      tests: [test({ id: 'plaintext', ...NONE_ALLOWED })],
    }),
  ],
  evidence: [
    evidence({}),
    evidence({
      id: 'privileged',
      title: 'Privileged calls without a log',
      result: [{ key: 'a', doc_count: 41 }],
      value: 41,
    }),
    evidence({
      id: 'mfa',
      kind: 'documents',
      store: 'elasticsearch',
      index: 'logs-*',
      query: { size: 0, query: { match_all: {} } },
      result: null,
      count: 0,
      value: null,
      newest: null,
      byZone: {},
      fault: 'Elasticsearch could not be reached',
    }),
  ],
  changes: {
    newlyFailing: [],
    fixed: [],
    stillFailing: ['nist-sp-800-53/AC-6(9)'],
    newlyUnknown: ['nist-sp-800-53/IA-2'],
    newlyKnown: [],
    added: [],
    removed: [],
    byZone: [{ trustZone: 'agent-control', title: 'Failed sign-ins', before: 20, now: 200 }],
  },
  trend: [{ period: '2026-11', counts: { pass: 1, fail: 1, unknown: 1, manual: 1, exception: 1 }, coverage: 0.97 }],
  remediation: {
    incidents: 3,
    proposed: 3,
    enforced: 2,
    observed: 0,
    expired: 1,
    rolledBack: 0,
    falseBlocks: 0,
    timeToDetect: { median: 42_000, p95: 90_000, count: 3 },
    timeToDecide: { median: 100, p95: 300, count: 3 },
    timeToContain: null,
    chain: { verified: true, head: 'b'.repeat(64), records: 12, detail: '' },
  },
  exceptions: [
    {
      control: 'nist-sp-800-53/SC-8',
      owner: 'alice',
      reason: 'An old device needs it.',
      expires: '2027-01-31T00:00:00.000Z',
      state: 'active',
    },
  ],
  risks: [
    {
      control: 'nist-sp-800-53/AC-6(9)',
      title: 'Log Use of Privileged Functions',
      status: 'fail',
      severity: 'high',
      statement: 'Of the privileged calls 41 were not logged.',
      remedy: 'Log them.',
      since: '2026-10',
    },
    {
      control: 'nist-sp-800-53/IA-2',
      title: 'Identification and Authentication',
      status: 'unknown',
      severity: 'low',
      statement: 'The identity provider reported nothing.',
      remedy: '',
      since: '2026-11',
    },
  ],
  previous: { period: '2026-10', id: '3d1f2f6a-7a55-5c55-8a29-0a4d5ad1b6c1' },
  redacted: false,
  ...differences,
})

/** A week in which nothing was to be reported: no control, no finding, no evidence. */
export const quietReport = (): Report =>
  exampleReport({
    organisation: '',
    frameworks: [],
    stores: [],
    coverage: { share: null, sources: [], gaps: [] },
    controls: [],
    evidence: [],
    trend: [],
    remediation: null,
    exceptions: [],
    risks: [],
    previous: null,
  })
