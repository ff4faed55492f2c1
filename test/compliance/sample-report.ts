import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { ControlResult, EvidencePiece, Report, TestResult, TrendPoint } from '../../compliance/model/report.ts'
import { controlStatuses } from '../../core/labels/compliance.ts'
import type { Json } from '../../service/state/state.ts'
import { type SampleControl, type SampleTest, sampleControls } from './sample-controls.ts'

const START = Date.parse('2026-10-31T23:00:00.000Z')
const DAY = 86_400_000
const HOUR = 3_600_000
const DAYS = 30

const at = (day: number, hour = 0): string => new Date(START + day * DAY + hour * HOUR).toISOString()

const sha256 = (value: Json): string =>
  createHash('sha256')
    .update(canonicalize(value) as string)
    .digest('hex')

/** `e-001`: in the order of the tests. */
const evidenceId = (index: number) => `e-${String(index + 1).padStart(3, '0')}`

function testResult(test: SampleTest, index: number, evidence: string): TestResult {
  const { title, outcome, reason, value, unit, expected, parameter = '', telemetry } = test
  return {
    id: `test-${index + 1}`,
    title,
    outcome,
    reason,
    evidence,
    value,
    unit,
    expected,
    threshold: {
      bound: expected.startsWith('at least') ? 'at_least' : 'at_most',
      value: Number(/[\d.]+/.exec(expected)?.[0] ?? 0),
    },
    parameter,
    freshness: test.kind === 'coverage' ? null : DAY,
    newest: value === null ? null : at(29, 22.5),
    telemetry: Object.entries(telemetry).map(([observer, share]) => ({ observer, share })),
    telemetryShare: 0.95,
  }
}

const addresses = {
  elasticsearch: 'https://es.internal.example:9200',
  prometheus: 'https://prometheus.internal.example:9090',
  ledger: '/var/lib/clawtrust/remediation/ledger.db',
  state: '/var/lib/clawtrust/exporter/state.db',
} as const

const queries: Readonly<Record<SampleTest['store'], Json>> = {
  elasticsearch: {
    size: 0,
    track_total_hits: true,
    query: { bool: { filter: [{ range: { '@timestamp': { gte: at(0), lt: at(DAYS) } } }] } },
    aggs: { by_day: { date_histogram: { field: '@timestamp', calendar_interval: 'day', time_zone: 'Europe/Berlin' } } },
  },
  prometheus: 'sum(max by (gateway, trust_zone, mechanism, reason) (clawtrust_auth_failures_total))',
  ledger: 'SELECT state, count(*) FROM incidents WHERE created_at >= ? AND created_at < ? GROUP BY state',
  state: 'SELECT name, value FROM documents WHERE name >= ? AND name < ? ORDER BY name',
}

function evidencePiece(test: SampleTest, id: string, index: number): EvidencePiece {
  const { kind, title, store, value, unit } = test
  const daily = Array.from({ length: DAYS }, (_, day) => ({
    start: at(day),
    value: day >= 19 && day < 22 ? null : Math.round(((value ?? 0) / DAYS) * (1 + ((day * 7 + index) % 5))),
  }))
  const result: Json = { value, by_day: daily.map(one => one.value) }
  return {
    id,
    kind,
    title,
    store,
    address: addresses[store],
    request: { from: kind },
    query: queries[store],
    index: store === 'elasticsearch' ? 'logs-openclaw-*,logs-identity-*' : '',
    window: { start: at(0), end: at(DAYS) },
    result: value === null ? null : result,
    count: value === null ? 0 : 1204 + index,
    value,
    unit,
    newest: value === null ? null : at(29, 22.5),
    byZone:
      value === null ? {} : { 'agent-control': Math.ceil(value * 0.7), 'management-api': Math.floor(value * 0.3) },
    distribution: value === null ? [] : daily,
    samples: store === 'elasticsearch' ? ['AZqk2fT7bX0c1', 'AZqk2fT7bX0c9', 'AZqk9zR1mP4k2'] : [],
    gaps:
      value === null ? [{ of: 'caddy-edge', start: at(19), end: at(22, 21), reason: 'the shipper was stopped' }] : [],
    sha256: sha256(value === null ? null : result),
    fault: value === null && store === 'elasticsearch' ? 'the search answered from 4 of 6 shards' : '',
  }
}

function resultsOf(samples: readonly SampleControl[]) {
  const evidence: EvidencePiece[] = []
  const controls = samples.map((sample): ControlResult => {
    const { framework, control, title, pillar, status, reason, since, cannotProve } = sample
    const tests = sample.tests.map((test, index) => {
      const id = evidenceId(evidence.length)
      evidence.push(evidencePiece(test, id, evidence.length))
      return testResult(test, index, id)
    })
    return {
      id: `${framework}/${control}`,
      framework,
      control,
      title,
      pillar,
      status,
      reason,
      since,
      tests,
      cannotProve,
      manual: sample.manual ?? '',
      objectives: sample.objectives ?? [],
      remedy: sample.remedy ?? '',
    }
  })
  return { controls, evidence }
}

const countsOf = (controls: readonly ControlResult[]) =>
  Object.fromEntries(
    controlStatuses.map(status => [status, controls.filter(one => one.status === status).length]),
  ) as TrendPoint['counts']

const earlier: readonly TrendPoint[] = [
  { period: '2026-04', counts: { pass: 9, fail: 5, unknown: 4, manual: 2, exception: 0 }, coverage: 0.71 },
  { period: '2026-05', counts: { pass: 11, fail: 4, unknown: 3, manual: 2, exception: 0 }, coverage: 0.83 },
  { period: '2026-06', counts: { pass: 12, fail: 3, unknown: 3, manual: 2, exception: 0 }, coverage: 0.9 },
  { period: '2026-07', counts: { pass: 0, fail: 0, unknown: 18, manual: 2, exception: 0 }, coverage: null },
  { period: '2026-08', counts: { pass: 14, fail: 2, unknown: 2, manual: 2, exception: 1 }, coverage: 0.97 },
  { period: '2026-09', counts: { pass: 13, fail: 3, unknown: 2, manual: 2, exception: 1 }, coverage: 0.96 },
  { period: '2026-10', counts: { pass: 13, fail: 1, unknown: 3, manual: 2, exception: 2 }, coverage: 0.94 },
]

/** A month of a deployment with gaps: every status, three frameworks, a partly failed store. Not synthetic unless asked. */
export function sampleReport(change: Partial<Report> = {}): Report {
  const { controls, evidence } = resultsOf(sampleControls)
  const severities = {
    'nist-sp-800-53/AC-7': 'high',
    'nist-sp-800-207/T5': 'high',
    'nist-sp-800-207/T7': 'medium',
  } as const
  const risks = controls
    .filter(one => one.status === 'fail' || one.status === 'unknown')
    .map(({ id, title, status, reason, remedy, since }) => ({
      control: id,
      title,
      status: status as 'fail' | 'unknown',
      severity: severities[id as keyof typeof severities] ?? ('low' as const),
      statement: reason,
      remedy,
      since,
    }))
    .toSorted((one, other) => 'high medium low'.indexOf(one.severity) - 'high medium low'.indexOf(other.severity))
  return {
    version: 1,
    id: '5f0b8a6e-6c5b-5c1e-9a51-0d5c2f6f7a11',
    title: 'Zero-trust compliance report',
    organisation: 'Example Logistics GmbH',
    synthetic: false,
    period: { name: '2026-11', start: at(0), end: at(DAYS), timeZone: 'Europe/Berlin' },
    generatedAt: '2026-12-01T05:00:00.000Z',
    generator: { name: 'clawtrust', version: '0.3.0' },
    frameworks: [
      {
        id: 'nist-sp-800-207',
        title: 'NIST SP 800-207, Zero Trust Architecture: tenets',
        version: 'August 2020',
        source: 'https://doi.org/10.6028/NIST.SP.800-207',
        sha256: sha256('nist-sp-800-207'),
      },
      {
        id: 'nist-sp-800-53',
        title: 'NIST SP 800-53 Rev. 5, Security and Privacy Controls',
        version: '5.1.1',
        source: 'https://doi.org/10.6028/NIST.SP.800-53r5',
        sha256: sha256('nist-sp-800-53'),
      },
      {
        id: 'cisa-ztmm',
        title: 'CISA Zero Trust Maturity Model',
        version: '2.0',
        source: 'https://www.cisa.gov/zero-trust-maturity-model',
        sha256: sha256('cisa-ztmm'),
      },
    ],
    stores: [
      {
        store: 'elasticsearch',
        address: addresses.elasticsearch,
        state: 'partial',
        detail: '4 of 6 shards of logs-identity-2026.11 answered',
      },
      { store: 'prometheus', address: addresses.prometheus, state: 'read', detail: '' },
      { store: 'ledger', address: addresses.ledger, state: 'read', detail: '' },
      { store: 'state', address: addresses.state, state: 'read', detail: '' },
    ],
    coverage: {
      share: 0.864,
      sources: [
        { name: 'gateway-berlin', observer: 'gateway', state: 'seen', share: 1, lastEvent: at(29, 23.9) },
        { name: 'gateway-lyon', observer: 'gateway', state: 'gaps', share: 0.957, lastEvent: at(29, 23.9) },
        { name: 'caddy-edge', observer: 'proxy', state: 'gaps', share: 0.871, lastEvent: at(29, 23.5) },
        { name: 'keycloak', observer: 'identity-provider', state: 'seen', share: 1, lastEvent: at(29, 22.5) },
        { name: 'openshell', observer: 'guard', state: 'seen', share: 1, lastEvent: at(29, 23.7) },
        { name: 'osquery', observer: 'posture', state: 'seen', share: 0.998, lastEvent: at(29, 18) },
        { name: 'certificates', observer: 'certificate', state: 'seen', share: 1, lastEvent: at(29, 23) },
        { name: 'cilium-flows', observer: 'network', state: 'never', share: 0, lastEvent: null },
        { name: 'wireguard', observer: 'tunnel', state: 'never', share: null, lastEvent: null },
      ],
      gaps: [
        { of: 'caddy-edge', start: at(19), end: at(22, 21), reason: 'the shipper was stopped' },
        { of: 'gateway-lyon', start: at(9, 4), end: at(10, 11), reason: 'its host was restarted' },
        { of: 'cilium-flows', start: at(0), end: at(DAYS), reason: 'no document was ever found' },
        { of: 'wireguard', start: at(0), end: at(DAYS), reason: 'no document was ever found' },
      ],
    },
    controls,
    evidence,
    changes: {
      newlyFailing: ['nist-sp-800-53/AC-7', 'nist-sp-800-207/T7'],
      fixed: ['nist-sp-800-53/IR-4(1)'],
      stillFailing: ['nist-sp-800-207/T5'],
      newlyUnknown: ['nist-sp-800-53/AC-4', 'nist-sp-800-53/SC-7(5)', 'cisa-ztmm/networks.segmentation'],
      newlyKnown: ['nist-sp-800-53/IA-3'],
      added: ['cisa-ztmm/applications.access'],
      removed: ['nist-sp-800-53/SC-23'],
      byZone: [
        { trustZone: 'agent-control', title: 'Failed sign-ins of the period', before: 203, now: 1188 },
        { trustZone: 'management-api', title: 'Drifts of configuration', before: 9, now: 2 },
      ],
    },
    trend: [...earlier, { period: '2026-11', counts: countsOf(controls), coverage: 0.864 }],
    remediation: {
      incidents: 23,
      proposed: 19,
      enforced: 14,
      observed: 4,
      expired: 11,
      rolledBack: 2,
      falseBlocks: 1,
      timeToDetect: { median: 41_000, p95: 188_000, count: 23 },
      timeToDecide: { median: 310, p95: 1_900, count: 23 },
      timeToContain: { median: 1_400, p95: 94_000, count: 14 },
      chain: { verified: true, head: sha256('ledger'), records: 412, detail: '' },
    },
    exceptions: [
      {
        control: 'nist-sp-800-53/CM-6',
        owner: 'Platform team',
        reason: 'gateway-lyon is migrated to the managed configuration by then',
        expires: '2026-12-15T00:00:00.000Z',
        state: 'active',
      },
      {
        control: 'cisa-ztmm/data.access',
        owner: 'A. Okafor, CISO',
        reason: 'the licence for the audit log is renewed in the first quarter',
        expires: '2027-02-28T00:00:00.000Z',
        state: 'active',
      },
      {
        control: 'nist-sp-800-207/T5',
        owner: 'Platform team',
        reason: 'the sandbox of gateway-lyon was replaced',
        expires: '2026-11-20T00:00:00.000Z',
        state: 'expired',
      },
      {
        control: 'nist-sp-800-53/IA-3',
        owner: 'Security operations',
        reason: 'devices were paired again',
        expires: '2027-01-31T00:00:00.000Z',
        state: 'unused',
      },
    ],
    risks,
    previous: { period: '2026-10', id: '0c1f7c1e-3a94-5b7e-8e0f-6f1f7a4a2b90' },
    redacted: false,
    ...change,
  }
}
