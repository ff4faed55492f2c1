import { describe, expect, it } from '@jest/globals'
import { buildReport, type Findings } from '../../../compliance/model/build.ts'
import { digestOf, uuidOf } from '../../../compliance/model/digest.ts'
import type { Report } from '../../../compliance/model/report.ts'
import type { ControlStatus } from '../../../core/labels/compliance.ts'
import { aReport, controlResult, evidencePiece } from '../reports.ts'

const findings = (differences: Partial<Report> = {}): Findings => aReport(differences)

const month = (name: string): Report['period'] => ({ ...aReport().period, name })

/** A report of each month with these statuses of one control. */
function reports(statuses: Readonly<Record<string, ControlStatus>>): Report {
  let previous: Report | null = null
  for (const [name, status] of Object.entries(statuses)) {
    previous = buildReport(findings({ period: month(name), controls: [controlResult({ status })] }), previous)
  }
  return previous as unknown as Report
}

describe('a report', () => {
  it('has an id of its content: the same findings give the same, and others another', () => {
    const [one, same, other] = [findings(), findings(), findings({ title: 'Another' })].map(each =>
      buildReport(each, null),
    )
    expect(same).toEqual(one)
    expect(other?.id).not.toBe(one?.id)
    expect(one?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('says since which period each control has had its status', () => {
    expect(reports({ '2026-08': 'pass', '2026-09': 'fail', '2026-10': 'fail' }).controls[0]?.since).toBe('2026-09')
    expect(reports({ '2026-09': 'fail', '2026-10': 'pass' }).controls[0]?.since).toBe('2026-10')
  })

  it('has the trend of the periods before, each once and at most 24', () => {
    const months = Array.from(
      { length: 30 },
      (_, index) => `20${10 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`,
    )
    const report = reports(Object.fromEntries(months.map(name => [name, 'pass'])))
    expect(report.trend.map(({ period }) => period)).toEqual(months.slice(-24))
    const again = buildReport(findings({ period: month(months.at(-1) ?? '') }), report)
    expect(again.trend.map(({ period }) => period)).toEqual(months.slice(-24))
  })

  it('names what changed since the report before', () => {
    const control = (id: string, status: ControlStatus) => controlResult({ id, status })
    const before = buildReport(
      findings({
        controls: [
          control('a', 'pass'),
          control('b', 'fail'),
          control('c', 'fail'),
          control('d', 'unknown'),
          control('gone', 'pass'),
        ],
        evidence: [evidencePiece({ byZone: { 'agent-control': 2, 'data-ingest': 4 } })],
      }),
      null,
    )
    const { changes, previous } = buildReport(
      findings({
        controls: [
          control('a', 'fail'),
          control('b', 'pass'),
          control('c', 'fail'),
          control('d', 'pass'),
          control('new', 'unknown'),
        ],
        evidence: [evidencePiece({ byZone: { 'agent-control': 40, 'data-ingest': 4 } })],
      }),
      before,
    )
    expect(changes).toEqual({
      newlyFailing: ['a'],
      fixed: ['b'],
      stillFailing: ['c'],
      newlyUnknown: [],
      newlyKnown: ['d'],
      added: ['new'],
      removed: ['gone'],
      byZone: [{ trustZone: 'agent-control', title: 'Failed sign-ins', before: 2, now: 40 }],
    })
    expect(previous).toEqual({ period: '2026-11', id: before.id })
  })

  it('says nothing of a change of what could not be read', () => {
    const before = buildReport(findings({ evidence: [evidencePiece()] }), null)
    const now = findings({ evidence: [evidencePiece({ value: null, byZone: {}, fault: 'the server is away' })] })
    expect(buildReport(now, before).changes.byZone).toEqual([])
  })

  it('counts a zone without a value as zero where events are counted, and of nothing else', () => {
    const zones = (measure: string) => {
      const request = { from: 'metric', measure }
      const before = buildReport(findings({ evidence: [evidencePiece({ request, byZone: { edge: 1 } })] }), null)
      const now = findings({ evidence: [evidencePiece({ request, byZone: { edge: 2, constructor: 50 } })] })
      return buildReport(now, before).changes.byZone.map(({ trustZone, before }) => [trustZone, before])
    }
    expect(zones('increase')).toEqual([
      ['constructor', 0],
      ['edge', 1],
    ])
    expect(zones('share')).toEqual([['edge', 1]])
    expect(zones('maximum')).toEqual([['edge', 1]])
  })

  it('puts first what has failed for longest, then what fails, then what is not known', () => {
    const before = buildReport(
      findings({ period: month('2026-10'), controls: [controlResult({ id: 'old', status: 'fail' })] }),
      null,
    )
    const controls = (['unknown', 'pass', 'fail', 'manual', 'exception'] as const).map(status =>
      controlResult({ id: status, status, reason: `is ${status}`, remedy: 'mend it' }),
    )
    const { risks } = buildReport(
      findings({ controls: [...controls, controlResult({ id: 'old', status: 'fail' })] }),
      before,
    )
    expect(risks.map(({ control, severity }) => [control, severity])).toEqual([
      ['old', 'high'],
      ['fail', 'medium'],
      ['unknown', 'low'],
    ])
  })
})

describe('a digest', () => {
  it('does not depend on the order of keys', () => {
    expect(digestOf({ b: 1, a: [2, { d: 3, c: 4 }] })).toBe(digestOf({ a: [2, { c: 4, d: 3 }], b: 1 }))
  })

  it('is the UUID version 5 that others make of a DNS name', () => {
    // Example of RFC 9562, appendix A.4.
    expect(uuidOf('www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2')
  })
})
