import { describe, expect, it } from '@jest/globals'
import { evidenceKind, evidenceKinds, evidenceSchema } from '../../../compliance/evidence/registry.ts'
import { october } from './periods.ts'

const signal = new AbortController().signal
const failed = { term: { 'event.outcome': 'failure' } }

/** Requests of each kind, with the sentence and the unit of each. */
const samples: readonly (readonly [object, string, string])[] = [
  [{ from: 'documents', index: 'logs-*' }, 'Number of documents of logs-*', 'documents'],
  [
    { from: 'documents', index: 'logs-*', query: failed },
    'Number of documents of logs-* in which event.outcome is failure',
    'documents',
  ],
  [
    { from: 'documents', index: 'a,b-*', among: { exists: { field: 'user.name' } }, query: failed, measure: 'share' },
    'Share of documents of a,b-* in which user.name exists in which event.outcome is failure',
    '%',
  ],
  [
    { from: 'documents', index: 'logs-*', query: failed, measure: 'distinct', field: 'user.name' },
    'Distinct values of user.name in documents of logs-* in which event.outcome is failure',
    'values of user.name',
  ],
  [
    { from: 'metric', signal: 'auth_failures', labels: { mechanism: ['password', 'oidc'] } },
    'Increase of clawtrust_auth_failures_total{mechanism=~"password|oidc"} (signal auth_failures)',
    'events',
  ],
  [{ from: 'metric', metric: 'load', measure: 'maximum', unit: 'tasks' }, 'Maximum of load', 'tasks'],
  [
    { from: 'metric', metric: 'clawtrust_guard_up', measure: 'share', below: 1 },
    'Share of the time with clawtrust_guard_up below 1',
    '%',
  ],
  [{ from: 'metric', promql: 'sum(increase(x[$period]))' }, 'Value of sum(increase(x[$period]))', ''],
  [
    { from: 'alerts', alertname: 'ClawtrustGuardDown', labels: { trust_zone: 'agents' } },
    'Number of times that ClawtrustGuardDown{trust_zone="agents"} was firing',
    'firings',
  ],
  [{ from: 'alerts', alertname: 'A', measure: 'seconds' }, 'Time that A was firing', 'seconds'],
  [
    { from: 'ledger', measure: 'time_to_contain' },
    'Time from the receipt of an alert to the action in force, 95th percentile',
    'seconds',
  ],
  [{ from: 'findings', measure: 'open' }, 'Open findings that no operator has accepted', 'findings'],
  [
    { from: 'policy_shadow', measure: 'share_denied' },
    'Share of the decisions in which a candidate policy would have denied',
    '%',
  ],
  [{ from: 'coverage' }, 'Share of the period in which telemetry was read, of all sources', '%'],
  [
    { from: 'coverage', observer: 'proxy', measure: 'longest_gap' },
    'Longest gap in the telemetry, of the reverse proxy in front of OpenClaw',
    'seconds',
  ],
  [{ from: 'coverage', measure: 'missing' }, 'Number of sources without any telemetry, of all sources', 'sources'],
]

describe('every kind of evidence', () => {
  it('has a type of its own, and samples here', () => {
    const types = evidenceKinds.map(({ type }) => type)
    expect(new Set(types).size).toBe(types.length)
    expect(new Set(samples.map(([request]) => (request as { from: string }).from))).toEqual(new Set(types))
  })

  it.each(samples)('says %j in words', (request, sentence, unit) => {
    const parsed = evidenceSchema.parse(request)
    const kind = evidenceKind(parsed)
    expect([kind.sentence(parsed), kind.unit(parsed)]).toEqual([sentence, unit])
  })

  it.each(samples)('is read again as a report holds it: %j', request => {
    const parsed = evidenceSchema.parse(request)
    expect(evidenceSchema.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed)
  })

  it.each(samples)('gives no value for %j without a store, and a gap of the whole period', async request => {
    const parsed = evidenceSchema.parse(request)
    const reading = await evidenceKind(parsed).read(parsed, { period: october, stores: {}, signal })
    expect(reading).toMatchObject({ value: null, result: null, count: 0, newest: null })
    expect(reading.gaps).toEqual([expect.objectContaining({ start: october.start, end: october.end })])
    expect(reading.gaps?.[0]?.reason).toMatch(/configured$|^no store shows/)
  })
})

describe('a request of evidence', () => {
  it.each<[string, object, string, RegExp]>([
    ['a kind that there is not', { from: 'guess' }, 'from', /Invalid/],
    ['an index with a blank', { from: 'documents', index: 'a b' }, 'index', /./],
    ['an index that excludes all', { from: 'documents', index: '-a' }, 'index', /./],
    ['a date of an index', { from: 'documents', index: '<logs-{now/d}>' }, 'index', /./],
    ['another API by its index', { from: 'documents', index: 'a/_delete_by_query' }, 'index', /./],
    ['a script', { from: 'documents', index: 'a', query: { script: {} } }, 'query.script', /is no clause of a filter/],
    ['distinct without a field', { from: 'documents', index: 'a', measure: 'distinct' }, 'field', /is missing/],
    ['a share of nothing', { from: 'documents', index: 'a', measure: 'share' }, 'query', /is missing/],
    ['a field that is not used', { from: 'documents', index: 'a', field: 'b' }, 'field', /needs measure: distinct/],
    ['no metric', { from: 'metric' }, 'signal', /name a signal, a metric or an expression/],
    ['two metrics', { from: 'metric', signal: 'approvals', metric: 'x' }, 'metric', /conflicts with signal/],
    ['no measure', { from: 'metric', metric: 'x' }, 'measure', /must be one of increase, maximum/],
    ['a share without a limit', { from: 'metric', metric: 'x', measure: 'share' }, 'measure', /needs one of above/],
    ['a limit without a share', { from: 'metric', metric: 'x', measure: 'last', above: 1 }, 'above', /needs measure/],
    ['a broken expression', { from: 'metric', promql: 'sum(' }, 'promql', /./],
    ['labels beside an expression', { from: 'metric', promql: 'x', labels: { a: 'b' } }, 'labels', /has no effect/],
    [
      'a label that the signal has not',
      { from: 'metric', signal: 'auth_failures', labels: { policy: 'x' } },
      'labels.policy',
      /is no label of auth_failures; its labels are gateway, trust_zone, mechanism, reason/,
    ],
    [
      'a value that the label never has, which would be counted as zero',
      { from: 'metric', signal: 'auth_failures', labels: { mechanism: ['passwort'] } },
      'labels.mechanism',
      /is "passwort", which is no value of this label/,
    ],
    [
      'a label that is an expression',
      { from: 'metric', metric: 'x', measure: 'last', labels: { 'a}': 'b' } },
      'labels.a}',
      /no name/,
    ],
    ['an alert that is an expression', { from: 'alerts', alertname: 'A"} or up{a="' }, 'alertname', /./],
    ['source and observer', { from: 'coverage', source: 'a', observer: 'proxy' }, 'observer', /conflicts with source/],
    ['an unknown key', { from: 'coverage', sauce: 'a' }, '', /sauce/],
  ])('may not have %s', (_, request, path, message) => {
    const issues = evidenceSchema.safeParse(request).error?.issues ?? []
    expect(issues.map(issue => issue.path.join('.'))).toContain(path)
    expect(issues.map(issue => issue.message).join('\n')).toMatch(message)
  })

  it('may name values of labels that a configuration closes', () => {
    const labels = { gateway: 'any', trust_zone: 'any', source_zone: 'any', decision: 'deny' }
    expect(evidenceSchema.safeParse({ from: 'metric', signal: 'policy_decisions', labels }).success).toBe(true)
  })
})
