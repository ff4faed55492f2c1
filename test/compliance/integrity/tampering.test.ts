import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { SigningKey } from '../../../compliance/integrity/signing-key.ts'
import { problemsOf } from '../../../compliance/integrity/verify.ts'
import { digestOf } from '../../../compliance/model/digest.ts'
import { newKey, threeMonths, verified } from './stored-reports.ts'
import { edit, editControl, editEvidence, editReport, NOVEMBER, type Tamper, tamperedCopy } from './tampered-reports.ts'

let key: SigningKey
let signed: string
let unsigned: string
beforeAll(async () => {
  key = newKey()
  signed = await threeMonths(key)
  unsigned = await threeMonths()
})
afterAll(() => {
  for (const root of [signed, unsigned]) rmSync(join(root, '..'), { recursive: true })
})

const tampered = (change: Tamper, from = signed) =>
  tamperedCopy(from, change, from === signed ? { trusted: [key] } : {})

const failed = 'Failed sign-ins of the period: 41 events (required: at most 0 events).'

describe('reports that nobody changed', () => {
  it('verify, with what the check cannot show', async () => {
    const trusting = await verified(signed, { trusted: [key] })
    expect(problemsOf(trusting)).toEqual([])
    expect(trusting.limits).toEqual([
      expect.stringMatching(/^Anyone who can write to the folder can remove the newest/),
    ])
    const pinned = await verified(signed)
    expect(problemsOf(pinned)).toEqual([])
    expect(pinned.limits).toContainEqual(expect.stringContaining(`Compare ${key.fingerprint} with the fingerprint`))
    const without = await verified(unsigned)
    expect(problemsOf(without)).toEqual([])
    expect(without.limits).toContainEqual(expect.stringMatching(/^There is no signature: /))
  })

  it('verify one by one too, which does not show that none is missing', async () => {
    const { limits, reports } = await verified(join(signed, NOVEMBER), { trusted: [key] })
    expect(reports.flatMap(({ problems }) => problems)).toEqual([])
    expect(limits).toEqual([expect.stringMatching(/^One report was verified alone/)])
  })
})

/** Each with what a reader has to see: file, place, expected and found. */
describe('verify names the place and the value of', () => {
  it('a value in HTML', async () => {
    const inHeading = /(<h4 id="control-2-head">.*?)Fail(?=<\/span>)/
    const heading = await tampered(root => edit(root, 'report.html', text => text.replace(inHeading, '$1Pass')))
    expect(heading).toContainEqual(
      expect.objectContaining({
        folder: NOVEMBER,
        file: 'report.html',
        place: 'section control-2-head',
        expected: 'Fail',
        found: 'Pass',
      }),
    )
    const inTable =
      /(<tr role="row"><th role="rowheader" scope="row"><a href="#control-2">(?:(?!<\/tr>).)*?)0 of 1 passed/
    const table = await tampered(root => edit(root, 'report.html', text => text.replace(inTable, '$11 of 1 passed')))
    expect(table).toContainEqual(
      expect.objectContaining({
        file: 'report.html',
        place: expect.stringMatching(/^section .*, row AC-6\(9\)$/),
        expected: '0 of 1 passed',
        found: '1 of 1 passed',
      }),
    )
  })

  it('a value in JSON, by what the other forms say', async () => {
    const problems = await tampered(root => editReport(root, editControl('AC-6(9)', { reason: 'All is well.' })))
    expect(problems).toContainEqual(
      expect.objectContaining({ kind: 'changed', file: 'report.json', place: 'controls/nist-sp-800-53/AC-6(9)' }),
    )
    expect(problems).toContainEqual(
      expect.objectContaining({
        file: 'report.json',
        place: 'nist-sp-800-53 AC-6(9) / reason',
        expected: failed,
        found: 'All is well.',
      }),
    )
  })

  it('a value in OSCAL', async () => {
    const problems = await tampered(root =>
      edit(root, 'oscal-assessment-results.json', text =>
        text.replace('"state": "not-satisfied"', '"state": "satisfied"'),
      ),
    )
    expect(problems).toContainEqual(
      expect.objectContaining({
        file: 'oscal-assessment-results.json',
        place: expect.stringMatching(/findings \/ AC-6\(9\) .* \/ target \/ status \/ state$/),
        expected: 'not-satisfied',
        found: 'satisfied',
      }),
    )
  })

  it('a value in OCSF', async () => {
    const problems = await tampered(root =>
      edit(root, 'ocsf.ndjson', text => text.replace('"status_id":3,"status":"Fail"', '"status_id":1,"status":"Pass"')),
    )
    expect(problems).toContainEqual(
      expect.objectContaining({
        file: 'ocsf.ndjson',
        place: expect.stringMatching(/^AC-6\(9\) .* \/ compliance \/ status_id$/),
        expected: '3',
        found: '1',
      }),
    )
  })

  it('a value in CSV', async () => {
    const problems = await tampered(root => edit(root, 'controls.csv', text => text.replace('"fail"', '"pass"')))
    expect(problems).toContainEqual(
      expect.objectContaining({
        file: 'controls.csv',
        place: 'nist-sp-800-53 AC-6(9) / status',
        expected: 'fail',
        found: 'pass',
      }),
    )
  })

  it('a status', async () => {
    const problems = await tampered(root => editReport(root, editControl('IA-2', { status: 'pass' })))
    expect(problems).toContainEqual(
      expect.objectContaining({
        file: 'report.json',
        place: 'nist-sp-800-53 IA-2 / status',
        expected: 'unknown',
        found: 'pass',
      }),
    )
  })

  it('a control that was removed', async () => {
    const problems = await tampered(root =>
      editReport(root, report => ({
        ...report,
        controls: report.controls.filter(({ control }) => control !== 'AC-6(9)'),
      })),
    )
    expect(problems).toContainEqual(
      expect.objectContaining({ kind: 'missing', file: 'report.json', place: 'controls/nist-sp-800-53/AC-6(9)' }),
    )
  })

  it('a piece of evidence that was removed', async () => {
    const problems = await tampered(root =>
      editReport(root, report => ({ ...report, evidence: report.evidence.filter(({ id }) => id !== 'privileged') })),
    )
    expect(problems).toContainEqual(
      expect.objectContaining({
        kind: 'evidence',
        place: 'evidence / privileged',
        detail: 'the piece of evidence is missing',
      }),
    )
  })

  it('the result of a piece of evidence', async () => {
    const result = [{ key: 'a', doc_count: 1 }]
    const problems = await tampered(root => editReport(root, editEvidence('privileged', { result })))
    expect(problems).toContainEqual(
      expect.objectContaining({
        kind: 'evidence',
        place: 'evidence / privileged / result',
        expected: digestOf([{ key: 'a', doc_count: 41 }]),
        found: digestOf(result),
      }),
    )
  })

  it('the result of a piece of evidence with a hash that fits', async () => {
    const result = [{ key: 'a', doc_count: 1 }]
    const problems = await tampered(root =>
      editReport(root, editEvidence('privileged', { result, sha256: digestOf(result) })),
    )
    expect(problems).toContainEqual(
      expect.objectContaining({ kind: 'evidence', place: 'evidence / privileged', found: digestOf(result) }),
    )
  })

  it('a page of a PDF', async () => {
    const changed = new URL('../../fixtures/compliance/three-pages-of-chromium-second-changed.pdf', import.meta.url)
    const problems = await tampered(root => cpSync(changed, join(root, NOVEMBER, 'report.pdf')))
    const lines = problems.filter(({ place }) => place.includes('line'))
    expect(lines.map(({ file, place, expected, found }) => [file, place, expected, found])).toEqual([
      ['report.pdf', 'page 2, line 2', 'beta 41', 'beta 42'],
    ])
    expect(problems).toContainEqual(expect.objectContaining({ file: 'report.pdf', place: 'page 2' }))
  })
})
