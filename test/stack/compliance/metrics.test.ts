import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { alertsEvidence } from '../../../compliance/evidence/alerts.ts'
import { askedOnce } from '../../../compliance/evidence/asked-once.ts'
import { coverageEvidence } from '../../../compliance/evidence/coverage-kind.ts'
import type { EvidenceContext } from '../../../compliance/evidence/kind.ts'
import { metricEvidence } from '../../../compliance/evidence/metric.ts'
import { prometheusStore } from '../../../compliance/evidence/prometheus-store.ts'
import { readCoverage } from '../../../compliance/evidence/read-coverage.ts'
import type { MetricStore } from '../../../compliance/evidence/stores.ts'
import { MINUTE_MS } from '../../../core/clock.ts'
import { october } from '../../compliance/evidence/periods.ts'
import { withCommands } from '../../requirements.ts'
import type { Prometheus } from '../servers/prometheus.ts'
import { HOSTILE, PROMETHEUS_DOWN, SOURCE_DOWN, seededFrom, seededSeries, seededTo } from './seeded-metrics.ts'
import { startSeededPrometheus } from './seeded-prometheus.ts'

const signal = new AbortController().signal

withCommands('prometheus', 'promtool').describe('evidence from metrics in Prometheus', () => {
  let server: Prometheus
  let store: MetricStore

  beforeAll(async () => {
    server = await startSeededPrometheus(seededSeries, { from: seededFrom, to: seededTo })
    store = prometheusStore({ url: server.url, headers: {}, secrets: [], timeout: 30_000, fetch })
  }, 180_000)

  afterAll(async () => {
    await server?.stop()
  })

  const context = (): EvidenceContext => ({ period: october, stores: askedOnce({ prometheus: store }), signal })
  const metric = (request: object) =>
    metricEvidence.read(metricEvidence.schema.parse({ from: 'metric', ...request }), context())
  const alerts = (request: object) =>
    alertsEvidence.read(alertsEvidence.schema.parse({ from: 'alerts', ...request }), context())
  const coverage = (request: object) =>
    coverageEvidence.read(coverageEvidence.schema.parse({ from: 'coverage', ...request }), context())

  it('counts the events of the period once, whatever replicas, gaps and changes of the clock there are', async () => {
    const reading = await metric({ signal: 'auth_failures' })
    expect(reading.value).toBe(25 + 7 + 1)
    expect(reading.byZone).toEqual({ 'agent-control': 26, 'management-api': 7 })
    expect(reading.count).toBe(3)
    const values = reading.distribution?.map(({ value }) => value) ?? []
    const expected = Array.from({ length: 31 }, () => 0)
    Object.assign(expected, { 1: 10, 10: 3, 11: 1, 19: 7, 24: 3, 27: 4, 30: 5 })
    expect(values).toEqual(expected)
    expect(reading.newest).toBe(october.end)
    expect(reading.gaps).toBeUndefined()
  })

  it('keeps a hostile label as data', async () => {
    const reading = await metric({ signal: 'auth_failures', labels: { gateway: HOSTILE } })
    expect(reading.value).toBe(1)
    expect(reading.result).toMatchObject({ greatest: [{ labels: { gateway: HOSTILE }, value: 1 }] })
    const several = await metric({ signal: 'auth_failures', labels: { gateway: [HOSTILE, 'alpha.*'] } })
    expect(several.value).toBe(1)
  })

  it('counts a counter through its resets, also where it climbs over its last value', async () => {
    const reading = await metric({ metric: 'batch_errors_total', measure: 'increase' })
    expect(reading.value).toBe(40 + 30 + 25 + 61 + 9 + 3)
    const values = reading.distribution?.map(({ value }) => value) ?? []
    expect([values[0], values[2], values[9], values[15]]).toEqual([40, 116, 9, 3])
  })

  it('counts from the first sample of a target that is new, and from zero a series that is newer than its target', async () => {
    const old = await metric({ metric: 'late_errors_total', measure: 'increase' })
    expect(old.value).toBe(5)
    expect(old.gaps).toEqual([
      expect.objectContaining({ start: october.start, end: Date.parse('2026-10-14T22:00:00Z') }),
    ])
    expect(old.distribution?.[3]?.value).toBeNull()
    expect((await metric({ metric: 'late_events_total', measure: 'increase' })).value).toBe(6)
  })

  it('adds up what a target and its successor counted', async () => {
    expect((await metric({ signal: 'first_seen_successes' })).value).toBe(12)
  })

  it('is zero without a series while the exporter was scraped, and unknown otherwise', async () => {
    const silent = await metric({ signal: 'auth_lockouts' })
    expect([silent.value, silent.newest]).toEqual([0, october.end])
    const unknown = await metric({ metric: 'no_such_total', measure: 'increase' })
    expect([unknown.value, unknown.gaps?.length]).toEqual([null, 1])
    const zero = await metric({ metric: 'no_such_total', measure: 'increase', zero_while: 'load' })
    expect(zero.value).toBe(0)
    const absent = await metric({ metric: 'no_such_total', measure: 'increase', zero_while: 'neither' })
    expect(absent.value).toBeNull()
  })

  it.each([
    [{ metric: 'load', measure: 'maximum' }, 97],
    [{ metric: 'load', measure: 'minimum' }, 20],
    // A day of 60 of 743 hours with samples, and one sample of 97 among those of five minutes.
    [{ metric: 'load', measure: 'average' }, 21.3],
    [{ metric: 'load', measure: 'share', above: 50 }, (100 * (24 + 1 / 12)) / 743],
    [{ metric: 'load', measure: 'share', below: 30 }, (100 * 719) / 743],
    [{ metric: 'clawtrust_guard_up', measure: 'share', below: 1 }, (100 * 6) / 743],
    [{ metric: 'clawtrust_posture_findings', measure: 'last' }, 2],
    [{ metric: 'clawtrust_posture_findings', measure: 'maximum', across: 'sum' }, 6],
    [{ promql: 'sum(max_over_time(load[$period]))' }, 97],
  ])('measures a gauge: %j', async (request, expected) => {
    const { value } = await metric(request)
    expect(Math.abs((value ?? Number.NaN) - expected) / expected).toBeLessThan(0.02)
  })

  it('refuses an expression with several values, and says why one cannot be evaluated', async () => {
    await expect(metric({ promql: 'up' })).rejects.toThrow('the expression gives 5 series where one value is needed')
    await expect(store.instant('sum(', october.end, signal)).rejects.toThrow(
      /^Prometheus at \S+ could not evaluate the expression: bad_data: /,
    )
    expect((await metric({ promql: 'sum(no_such_metric)' })).value).toBeNull()
  })

  it('reads how often and how long an alert was firing', async () => {
    const firings = await alerts({ alertname: 'ClawtrustAnomalyCritical' })
    expect([firings.value, firings.byZone]).toEqual([3, { 'agent-control': 2, analytics: 1 }])
    expect(firings.samples?.[0]).toMatch(/^2026-09-30T22:00:00.000Z \[\["alertname"/)
    const seconds = await alerts({
      alertname: 'ClawtrustAnomalyCritical',
      measure: 'seconds',
      labels: { trust_zone: 'agent-control' },
    })
    // Each seems to go on for the lookback of Prometheus, since the past has no marks of ends.
    const [first, second] = [54, 30].map(minutes => minutes + 3)
    expect(Math.abs((seconds.value ?? 0) - 60 * ((first ?? 0) + (second ?? 0)))).toBeLessThanOrEqual(120)
  })

  it('does not know of an alert that no rule evaluates', async () => {
    const reading = await alerts({ alertname: 'ClawtrustNoSuchAlert' })
    expect([reading.value, reading.gaps?.[0]?.reason]).toEqual([
      null,
      'Prometheus has no rule of this name that it can evaluate',
    ])
  })

  it('finds the gaps of sources, who observes by them, and what was never seen', async () => {
    const expected = { sources: [{ name: 'proxy', observers: ['proxy' as const] }], indices: [] }
    const { sources, faults } = await readCoverage({ ...context(), expected })
    expect(faults).toEqual([])
    expect(sources.map(({ source, observers }) => [source, observers])).toEqual([
      ['gateway-log', ['diagnostics', 'gateway']],
      ['keycloak', ['identity-provider']],
      ['noise', []],
      ['proxy', ['proxy']],
    ])
    const [gateway, keycloak, noise, proxy] = sources
    const near = (time: number, planted: number) => Math.abs(time - planted) <= 6 * MINUTE_MS
    const [down, unseen, lost] = gateway?.gaps ?? []
    expect([down, unseen].map(gap => gap?.reason)).toEqual([
      'the exporter could not read it',
      'Prometheus holds no scrape of the exporter',
    ])
    expect(lost).toEqual({
      of: 'gateway-log',
      start: Date.parse('2026-10-16T22:00:00Z'),
      end: Date.parse('2026-10-17T22:00:00Z'),
      reason: '12 records were lost before they were read',
    })
    for (const [gap, [start, end]] of [
      [down, SOURCE_DOWN],
      [unseen, PROMETHEUS_DOWN],
    ] as const) {
      expect([near(gap?.start ?? 0, start), near(gap?.end ?? 0, end)]).toEqual([true, true])
    }
    expect(keycloak?.gaps).toHaveLength(1)
    expect(keycloak?.share).toBeCloseTo(1 - 2 / 745, 3)
    expect(keycloak?.lastEvent).toBe(Date.parse('2026-10-28T12:03:00Z'))
    expect([noise?.share, noise?.gaps[0]?.reason]).toEqual([0, 'no record that was read is in a known format'])
    expect([proxy?.share, proxy?.gaps[0]?.reason]).toEqual([0, 'it was never seen'])
  })

  it('gives coverage as evidence', async () => {
    const share = await coverage({ observer: 'identity-provider' })
    expect(share.value).toBeCloseTo(100 * (1 - 2 / 745), 1)
    expect((await coverage({ source: 'gateway-log', measure: 'longest_gap' })).value).toBe(86_400)
    expect((await coverage({ measure: 'missing' })).value).toBe(1)
    expect((await coverage({ observer: 'tunnel' })).value).toBeNull()
  })

  it('gives the same reading each time', async () => {
    const once = await metric({ signal: 'auth_failures' })
    expect(JSON.stringify(await metric({ signal: 'auth_failures' }))).toBe(JSON.stringify(once))
  })
})
