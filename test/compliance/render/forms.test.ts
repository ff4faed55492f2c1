import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readReport } from '../../../compliance/model/report-schema.ts'
import { canonicalReport } from '../../../compliance/render/data/json.ts'
import { renderers } from '../../../compliance/render/registry.ts'
import { arbitraryReport } from '../arbitrary-report.ts'
import { exampleReport, quietReport } from '../example-report.ts'

const formOf = (format: string) => {
  const found = renderers.find(renderer => renderer.format === format)
  if (found === undefined) throw new Error(`no form ${format}`)
  return async (report: Parameters<typeof found.render>[0]) => Buffer.from(await found.render(report)).toString('utf8')
}

const json = formOf('json')
const ocsf = formOf('ocsf')
const csv = formOf('csv')

/** What a terminal or an editor interprets instead of showing. */
const INVISIBLE = /(?![\r\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

describe('every form', () => {
  it('has a file and a format of its own', () => {
    expect(new Set(renderers.map(({ file }) => file)).size).toBe(renderers.length)
    expect(new Set(renderers.map(({ format }) => format)).size).toBe(renderers.length)
  })

  it('is made of any report, the same bytes each time, with nothing that is invisible', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryReport, async report => {
        for (const form of [json, ocsf, csv, formOf('oscal')]) {
          const text = await form(report)
          expect(await form(structuredClone(report))).toBe(text)
          expect(text).not.toMatch(INVISIBLE)
        }
      }),
      { numRuns: 40, examples: [[exampleReport()], [quietReport()]] },
    )
  }, 120_000)
})

describe('report.json', () => {
  it('is the whole model', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryReport, async report => {
        // RFC 8785 has no form for half of a pair of surrogates.
        const plain = JSON.parse(canonicalReport(report))
        const read = JSON.parse(await json(plain))
        expect(read).toEqual(plain)
        expect(readReport(read)).toEqual(plain)
      }),
      { numRuns: 40, examples: [[exampleReport()], [quietReport()]] },
    )
  }, 120_000)

  it('does not depend on the order in which a report was put together', async () => {
    const report = exampleReport()
    const turned = Object.fromEntries(Object.entries(report).toReversed()) as unknown as typeof report
    expect(await json(turned)).toBe(await json(report))
  })

  it.each([
    [null, 'its root'],
    [{ ...exampleReport(), version: 2 }, '/version'],
    [{ ...exampleReport(), generatedAt: '2026-11-30' }, '/generatedAt'],
    [{ ...exampleReport(), generatedAt: '2026-02-31T00:00:00.000Z' }, '/generatedAt'],
    [{ ...exampleReport(), more: 1 }, 'its root'],
    [{ ...exampleReport(), controls: [{ ...exampleReport().controls[0], status: 'good' }] }, '/controls/0/status'],
  ])('is refused where it is no report: %#', (value, place) => {
    expect(() => readReport(value)).toThrow(
      `it is not a report of version 1: the value at ${place} is missing or of another type`,
    )
  })
})

describe('ocsf.ndjson', () => {
  it('has one Compliance Finding for each control, with a status that can be unknown', async () => {
    const lines = (await ocsf(exampleReport()))
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines.map(({ compliance }) => [compliance.control, compliance.status_id, compliance.status])).toEqual([
      ['AC-7', 1, 'Pass'],
      ['AC-6(9)', 3, 'Fail'],
      ['IA-2', 0, 'Unknown'],
      ['AT-2', 99, 'Manual'],
      ['SC-8', 99, 'Exception'],
    ])
    for (const [index, line] of lines.entries()) {
      expect(line).toMatchObject({
        class_uid: 2003,
        category_uid: 2,
        type_uid: 200301,
        time: Date.parse('2026-12-01T06:00:00Z'),
        metadata: { sequence: index + 1, product: { name: 'clawtrust' } },
        compliance: { standards: ['NIST SP 800-53 Rev. 5'] },
      })
    }
    expect(new Set(lines.map(({ finding_info }) => finding_info.uid)).size).toBe(lines.length)
  })

  it('has the value of each test with the hash of its evidence', async () => {
    const [, failed] = (await ocsf(exampleReport()))
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(failed.severity_id).toBe(4)
    expect(failed.remediation).toEqual({ desc: 'Log them.' })
    expect(failed.unmapped.evidence).toEqual([
      expect.objectContaining({ test: 'logged', value: 41, count: 3, sha256: exampleReport().evidence[1]?.sha256 }),
    ])
  })

  it('is empty where there is no control', async () => {
    expect(await ocsf(quietReport())).toBe('')
  })
})

describe('controls.csv', () => {
  it('has one row for each control', async () => {
    const rows = (await csv(exampleReport())).split('\r\n')
    expect(rows[0]).toBe(
      '"framework","control","title","pillar","status","since","reason","tests","values","evidence","remedy","manual","cannot_prove"',
    )
    expect(rows[2]).toBe(
      '"nist-sp-800-53","AC-6(9)","Log Use of Privileged Functions","applications","fail","2026-10","Failed sign-ins of the period: 41 events (required: at most 0 events).","logged: fail","logged: 41 events","privileged","Log them.","","that no path bypasses the policy enforcement point"',
    )
    expect(rows).toHaveLength(7)
  })

  it.each([
    ['=1+1', `"'=1+1"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['  =1', `"'  =1"`],
    ['＝1', `"'＝1"`],
    ['\t=1', String.raw`"\t=1"`],
    ['say "no"', '"say ""no"""'],
    ['a\r\nb', String.raw`"a\r\nb"`],
    ['a,b', '"a,b"'],
  ])('holds %j as a text', async (title, cell) => {
    const [control] = exampleReport().controls
    const text = await csv(exampleReport({ controls: control === undefined ? [] : [{ ...control, title }] }))
    expect(text.split('\r\n')[1]).toContain(`,${cell},`)
  })
})
