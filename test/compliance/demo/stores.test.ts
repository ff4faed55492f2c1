import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import canonicalize from 'canonicalize'
import { parse } from 'yaml'
import { demoFindings } from '../../../compliance/demo/posture.ts'
import { createDemoStores } from '../../../compliance/demo/stores.ts'
import {
  demoAlertNames,
  demoFirings,
  demoHabits,
  demoMoments,
  demoMonths,
  demoSources,
} from '../../../compliance/demo/story.ts'
import { askedOnce } from '../../../compliance/evidence/asked-once.ts'
import type { EvidenceContext } from '../../../compliance/evidence/kind.ts'
import type { Period } from '../../../compliance/evidence/period.ts'
import { readCoverage } from '../../../compliance/evidence/read-coverage.ts'
import { type EvidenceRequest, evidenceKind, evidenceSchema } from '../../../compliance/evidence/registry.ts'
import { remediationSummary } from '../../../compliance/model/remediation.ts'
import { postureChecks } from '../../../core/labels/posture-checks.ts'
import { signals } from '../../../core/signals.ts'
import { observers } from '../../../core/zero-trust.ts'
import { dialects } from '../../../decoding/registry.ts'
import { repositoryFiles } from '../../structure/source-files.ts'
import { contextOf } from '../evidence/context.ts'

const storesAt = createDemoStores()

function monthOf(name: string): Period {
  const start = Date.parse(`${name}-01T00:00:00Z`)
  const [year, month] = name.split('-').map(Number)
  return { name, start, end: Date.UTC(year ?? 0, month ?? 0, 1), timeZone: 'UTC' }
}

const contextAt = (period: Period): EvidenceContext => contextOf(period, askedOnce(storesAt(period.end)))

const october = monthOf('2026-10')

const read = (request: unknown, period = october) => {
  const parsed = evidenceSchema.parse(request) as EvidenceRequest
  return evidenceKind(parsed).read(parsed, contextAt(period))
}

describe('the stores of the demo', () => {
  it('answer what the attack of October moved, exactly', async () => {
    const failures = { from: 'metric', signal: 'auth_failures', measure: 'increase' }
    const both = await read({ ...failures, labels: { gateway: 'edge-1', reason: 'token_mismatch' } })
    const planted = demoMoments
      .filter(({ signal }) => signal === 'auth_failures')
      .reduce((sum, { count }) => sum + count, 0)
    expect(planted).toBe(412)
    expect(both.value).toBeGreaterThan(planted)
    expect(both.distribution?.find(({ start }) => start === Date.parse('2026-10-21T00:00:00Z'))?.value).toBeGreaterThan(
      412,
    )
    const offenders = await read({
      from: 'metric',
      metric: 'clawtrust_offender_events',
      measure: 'maximum',
      zero_while: 'clawtrust_source_up',
    })
    expect(offenders.value).toBe(412)
  })

  it('add up: the months are counted as one period is', async () => {
    const request = { from: 'metric', signal: 'policy_decisions', measure: 'increase' }
    const [august, september] = [monthOf('2026-08'), monthOf('2026-09')]
    const both = { ...august, end: september.end }
    const values = await Promise.all([august, september, both].map(async period => (await read(request, period)).value))
    expect(Number(values[0]) + Number(values[1])).toBe(values[2])
    expect(values[2]).toBeGreaterThan(1_000)
  })

  it('have a gap of coverage of some hours, and a source that was down for days', async () => {
    const { sources, faults } = await readCoverage(contextAt(october))
    expect(faults).toEqual([])
    const coverage = Object.fromEntries(sources.map(({ source, share }) => [source, share]))
    expect(coverage.openclaw).toBeGreaterThan(0.99)
    expect(coverage.openclaw).toBeLessThan(1)
    expect(coverage.keycloak).toBeLessThan(0.95)
    expect(new Set(sources.flatMap(source => source.observers))).toEqual(
      new Set(Object.keys(observers).filter(observer => observer !== 'guard')),
    )
    const [outage] = sources.find(({ source }) => source === 'nginx')?.gaps ?? []
    expect(outage).toMatchObject({ start: Date.parse('2026-10-17T02:06:00Z'), end: Date.parse('2026-10-17T07:39:00Z') })
  })

  it('have more sources and a later begin of each month after month', async () => {
    const counts = []
    for (const month of demoMonths) counts.push((await readCoverage(contextAt(monthOf(month)))).sources.length)
    expect(counts).toEqual([3, 4, 5, 6, 6, 7, 7])
  })

  it('have what remediation did: an attack contained within a minute, and a false block', () => {
    const stores = storesAt(october.end)
    const summary = remediationSummary(stores.ledger?.period(october.start, october.end) as never)
    expect(summary).toMatchObject({
      incidents: 5,
      proposed: 2,
      enforced: 3,
      observed: 1,
      expired: 2,
      rolledBack: 1,
      falseBlocks: 1,
      timeToDetect: { count: 1, median: 50_000 },
      chain: { verified: true, records: expect.any(Number), head: expect.stringMatching(/^[0-9a-f]{64}$/) },
    })
  })

  it('have open findings and accepted ones, one of whose acceptances is over', async () => {
    expect((await read({ from: 'findings', measure: 'open' })).result).toMatchObject({
      findings: [
        { check: 'tools.exec.security_full_configured', severity: 'high', accepted: null },
        { check: 'hooks.allowed_agent_ids_unrestricted', accepted: null },
      ],
    })
    expect((await read({ from: 'findings', measure: 'accepted' })).value).toBe(1)
    expect((await read({ from: 'findings', measure: 'open' }, monthOf('2026-04'))).value).toBeNull()
    expect(
      (await read({ from: 'findings', measure: 'open', severities: ['critical'] }, monthOf('2026-06'))).value,
    ).toBe(1)
  })

  it('have no policy in shadow, which is unknown', async () => {
    expect((await read({ from: 'policy_shadow' })).value).toBeNull()
  })

  it('count how often an alert was firing, and know the rules that never did', async () => {
    expect((await read({ from: 'alerts', alertname: 'ClawtrustExporterAbsent', measure: 'firings' })).value).toBe(1)
    expect((await read({ from: 'alerts', alertname: 'ClawtrustFirewallDrift', measure: 'firings' })).value).toBe(0)
    expect((await read({ from: 'alerts', alertname: 'NoSuchAlert', measure: 'firings' })).value).toBeNull()
  })

  it('give the same answers each time', async () => {
    const requests = [
      { from: 'metric', signal: 'auth_failures' },
      { from: 'ledger', measure: 'incidents' },
      { from: 'findings', measure: 'open' },
      { from: 'coverage', measure: 'share' },
    ]
    const again = createDemoStores()
    for (const request of requests) {
      const parsed = evidenceSchema.parse(request) as EvidenceRequest
      const other = await evidenceKind(parsed).read(parsed, contextOf(october, askedOnce(again(october.end))))
      expect(canonicalize(await read(request))).toBe(canonicalize(other))
    }
  })

  it('use only words of the closed sets', () => {
    for (const { signal, labels } of [...demoHabits, ...demoMoments]) {
      const known: Readonly<Record<string, readonly string[] | null>> = signals[signal].labels
      expect([signal, Object.keys(labels)]).toEqual([signal, Object.keys(known)])
      for (const [label, value] of Object.entries(labels)) {
        expect([signal, label, known[label] === null || known[label]?.includes(value)]).toEqual([signal, label, true])
      }
    }
    const names = [...dialects.map(({ name }) => name), 'certificates', 'wireguard']
    for (const { decoders } of demoSources) for (const decoder of decoders) expect(names).toContain(decoder)
    for (const { check } of demoFindings) expect(postureChecks).toContain(check)
    for (const { alert } of demoFirings) expect(demoAlertNames).toContain(alert)
  })

  it('answer each question of the shipped catalogues, but of what the company does not have', async () => {
    const root = new URL('../../../', import.meta.url)
    const files = repositoryFiles().filter(path => /^compliance\/controls\/frameworks\/.*\.ya?ml$/.test(path))
    const requests = files.flatMap(path =>
      parse(readFileSync(new URL(path, root), 'utf8')).controls.flatMap(
        ({ tests = [] }: { tests?: { evidence: unknown }[] }) => tests.map(({ evidence }) => evidence),
      ),
    )
    const context = contextAt(october)
    const unknown = new Set<string>()
    for (const request of requests) {
      const parsed = evidenceSchema.parse(request) as EvidenceRequest
      const { value } = await evidenceKind(parsed).read(parsed, context)
      if (value === null) unknown.add(`${parsed.from} ${'metric' in parsed ? parsed.metric : ''}`.trim())
    }
    expect([...unknown].filter(what => what !== 'policy_shadow')).toEqual([])
  }, 60_000)
})
