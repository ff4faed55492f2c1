import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { Ajv, type ValidateFunction } from 'ajv'
import fc from 'fast-check'
import type { Report } from '../../../compliance/model/report.ts'
import { assessmentResults, oscalRenderer } from '../../../compliance/render/oscal/renderer.ts'
import { describeWithCapture } from '../../requirements.ts'
import { arbitraryReport } from '../arbitrary-report.ts'
import { exampleReport, quietReport } from '../example-report.ts'
import { hostileTexts } from '../hostile-report.ts'
import { statusesOf, statusesOfModel, wrongIn } from './oscal-checks.ts'

/** RFC 3986: the characters of a reference, each `%` with its two digits. */
const URI_REFERENCE = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/

const rendered = async (report: Report): Promise<unknown> =>
  JSON.parse(Buffer.from(await oscalRenderer.render(report)).toString('utf8'))

describeWithCapture('schemas/oscal/oscal_assessment-results_schema.json', 'the JSON schema of OSCAL 1.2.1', file => {
  const validate = compile(readFileSync(file, 'utf8'))
  const problems = (document: unknown) => (validate(document) ? [] : validate.errors)

  it('accepts a report with a control of each status', async () => {
    expect(problems(await rendered(exampleReport()))).toEqual([])
  })

  it('accepts a report of a quiet week: no control, no finding, no evidence', async () => {
    expect(problems(await rendered(quietReport()))).toEqual([])
  })

  it('accepts a report of which nothing could be assessed', async () => {
    const report = exampleReport()
    const controls = report.controls.filter(({ status }) => status === 'unknown')
    expect(problems(await rendered({ ...report, controls }))).toEqual([])
  })

  it('would refuse an empty list, a time without a zone and a state that OSCAL does not have', () => {
    const document = JSON.stringify(assessmentResults(exampleReport()))
    for (const [right, wrong] of [
      [/"findings":\[.*?\],"?/, '"findings":[],"'],
      ['2026-12-01T06:00:00.000Z', '2026-12-01T06:00:00'],
      ['not-satisfied', 'not-assessed'],
    ] as const) {
      expect(document).toMatch(right)
      const broken = document.replace(right, wrong)
      expect((() => isAccepted(broken, problems))()).toBe(false)
    }
  })

  it('accepts any report', () => {
    fc.assert(
      fc.property(arbitraryReport, report => {
        const document = JSON.parse(JSON.stringify(assessmentResults(report)))
        expect(problems(document)).toEqual([])
        expect(wrongIn(document)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

function isAccepted(text: string, problems: (document: unknown) => unknown): boolean {
  try {
    return (problems(JSON.parse(text)) as unknown[] | null)?.length === 0
  } catch {
    return false
  }
}

function compile(schema: string): ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: true })
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/)
  ajv.addFormat('email', /^[^@\s]+@[^@\s]+$/)
  ajv.addFormat('uri', text => /^[a-z][a-z0-9+.-]*:/i.test(text) && URI_REFERENCE.test(text))
  ajv.addFormat('uri-reference', URI_REFERENCE)
  return ajv.compile(JSON.parse(schema))
}

describe('assessment results of OSCAL', () => {
  const result = (report: Report) =>
    (assessmentResults(report) as { 'assessment-results': { results: Record<string, never>[] } })['assessment-results']
      .results[0] as unknown as Record<string, Record<string, unknown>[]>

  it('say the status of every control in the words of the model', async () => {
    const report = exampleReport()
    expect(statusesOf(await rendered(report))).toEqual(statusesOfModel(report))
  })

  it('have references that lead somewhere, unique ids and known words', async () => {
    for (const report of [exampleReport(), quietReport()]) expect(wrongIn(await rendered(report))).toEqual([])
  })

  it('find something only where there is evidence', () => {
    const findings = result(exampleReport()).findings ?? []
    const seen = findings.map(({ target }) => {
      const { 'target-id': id, status } = target as { 'target-id': string; status: { state: string; reason: string } }
      return [id, status.state, status.reason]
    })
    expect(seen).toEqual([
      ['ac-7_obj.a', 'satisfied', 'pass'],
      ['ac-7_obj.b', 'satisfied', 'pass'],
      ['ac-6.9_smt', 'not-satisfied', 'fail'],
      ['sc-8_smt', 'not-satisfied', 'other'],
    ])
  })

  it('have an observation with the method UNKNOWN for what was not observed', () => {
    const unknown = (result(exampleReport()).observations ?? []).filter(({ methods }) => String(methods) === 'UNKNOWN')
    const gaps = unknown.flatMap(({ props }) =>
      (props as { name: string; value: string }[])
        .filter(({ name }) => name === 'coverage-gap')
        .map(({ value }) => value),
    )
    const unread =
      'Failed sign-ins of the period: unknown, because its evidence could not be read: Elasticsearch could not be reached.'
    expect(gaps).toEqual([unread, unread, 'gateway-log', 'keycloak', 'elasticsearch'])
    // A control that a person examines is not observed either, but nothing is missing.
    expect(unknown).toHaveLength(gaps.length + 1)
  })

  it('name as reviewed only what was assessed', () => {
    expect(result(exampleReport())['reviewed-controls']).toMatchObject({
      'control-selections': [
        { 'include-controls': [{ 'control-id': 'ac-7' }, { 'control-id': 'ac-6.9' }, { 'control-id': 'sc-8' }] },
      ],
      'control-objective-selections': [
        { 'include-objectives': [{ 'objective-id': 'ac-7_obj.a' }, { 'objective-id': 'ac-7_obj.b' }] },
      ],
    })
  })

  it('say until when an observation is fresh', () => {
    const [first] = result(exampleReport()).observations ?? []
    expect(first).toMatchObject({ collected: '2026-12-01T06:00:00.000Z', expires: '2026-12-01T23:59:00.000Z' })
  })

  it('have the hash of each piece of evidence', async () => {
    const report = exampleReport()
    const text = JSON.stringify(await rendered(report))
    for (const [index, { sha256 }] of report.evidence.entries()) {
      expect(text).toContain(
        JSON.stringify([
          {
            href: `report.json#/evidence/${index}/result`,
            'media-type': 'application/json',
            hashes: [{ algorithm: 'SHA-256', value: sha256 }],
          },
        ]),
      )
    }
  })

  it('have an accepted risk for an exception, with its end', () => {
    const accepted = (result(exampleReport()).risks ?? []).find(({ status }) => status === 'deviation-approved')
    expect(accepted).toMatchObject({ deadline: '2027-01-31T00:00:00.000Z', statement: 'An old device needs it.' })
  })

  it('escape markup in what attackers write, cut it, and show what is invisible', () => {
    for (const title of hostileTexts) {
      const report = exampleReport()
      const [control] = report.controls
      const text = JSON.stringify(
        assessmentResults({ ...report, title, controls: control ? [{ ...control, title, reason: title }] : [] }),
      )
      expect(text).not.toContain('<script>')
      expect(text).not.toMatch(/[^\\]\]\(/)
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      expect(text.length).toBeLessThan(100_000)
    }
  })

  it('give the same bytes for the same report, and other ids for another one', async () => {
    const bytes = await oscalRenderer.render(exampleReport())
    expect(await oscalRenderer.render(structuredClone(exampleReport()))).toEqual(bytes)
    const other = await oscalRenderer.render(exampleReport({ id: 'a0b7c1f5-2a63-5d0e-9c1b-5a1f7e4d2c90' }))
    const ids = (text: string) => text.match(/[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g) ?? []
    const first = new Set(ids(Buffer.from(bytes).toString()))
    // The report before is the same one.
    expect(ids(Buffer.from(other).toString()).filter(id => first.has(id))).toEqual([exampleReport().previous?.id])
  })

  it('refuse a time that OSCAL cannot hold', () => {
    expect(() => assessmentResults(exampleReport({ generatedAt: '0026-12-01' }))).toThrow(
      'generatedAt of the report is not a time from the year 2000 on',
    )
  })
})
