import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { headBytes, linkTo } from '../../../compliance/integrity/chain.ts'
import type { Problem } from '../../../compliance/integrity/check.ts'
import { type Manifest, manifestBytes, manifestOf, readManifest } from '../../../compliance/integrity/manifest.ts'
import type { SigningKey } from '../../../compliance/integrity/signing-key.ts'
import { problemsOf } from '../../../compliance/integrity/verify.ts'
import { digestOf, sha256 } from '../../../compliance/model/digest.ts'
import type { ControlResult, EvidencePiece, Report } from '../../../compliance/model/report.ts'
import { jsonRenderer } from '../../../compliance/render/json.ts'
import { filesOf, newKey, temporaryRoot, threeMonths, verified } from './stored-reports.ts'

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

/** A copy of the three months, tampered with. */
async function tampered(change: (root: string) => void | Promise<void>, from = signed): Promise<readonly Problem[]> {
  const root = temporaryRoot()
  cpSync(from, root, { recursive: true })
  try {
    await change(root)
    return problemsOf(await verified(root, from === signed ? { trusted: [key] } : {}))
  } finally {
    rmSync(join(root, '..'), { recursive: true })
  }
}

const NOVEMBER = '2026-11'

function edit(root: string, file: string, change: (text: string) => string, folder = NOVEMBER): void {
  const path = join(root, folder, file)
  const before = readFileSync(path, 'latin1')
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(path, after, 'latin1')
}

const reportIn = (root: string): Report => JSON.parse(readFileSync(join(root, NOVEMBER, 'report.json'), 'utf8'))

async function editReport(root: string, change: (report: Report) => Report): Promise<void> {
  writeFileSync(join(root, NOVEMBER, 'report.json'), await jsonRenderer.render(change(reportIn(root))))
}

const editControl = (control: string, change: Partial<ControlResult>) => (report: Report) => ({
  ...report,
  controls: report.controls.map(each => (each.control === control ? { ...each, ...change } : each)),
})

const editEvidence = (id: string, change: Partial<EvidencePiece>) => (report: Report) => ({
  ...report,
  evidence: report.evidence.map(each => (each.id === id ? { ...each, ...change } : each)),
})

/** What an attacker does who knows how reports are made: every form again, and a manifest that fits. */
async function forge(root: string, change: (report: Report) => Report, place: Partial<Manifest> = {}): Promise<void> {
  const report = change(reportIn(root))
  const files = await filesOf(report)
  const before = readManifest(readFileSync(join(root, NOVEMBER, 'manifest.json')))
  for (const { name, bytes } of files) writeFileSync(join(root, NOVEMBER, name), bytes)
  const manifest = manifestOf(report, files, { ...before, ...place })
  writeFileSync(join(root, NOVEMBER, 'manifest.json'), manifestBytes(manifest))
}

const failed = 'Of the privileged calls 41 were not logged.'

describe('reports that nobody changed', () => {
  it('verify, with what the check cannot show', async () => {
    const trusting = await verified(signed, { trusted: [key] })
    expect(problemsOf(trusting)).toEqual([])
    expect(trusting.limits).toEqual([expect.stringMatching(/^Whoever can write to the folder can remove the newest/)])
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
    const problems = await tampered(root => edit(root, 'page.html', text => text.replace('<b>fail</b>', '<b>pass</b>')))
    expect(problems).toContainEqual(
      expect.objectContaining({
        folder: NOVEMBER,
        file: 'page.html',
        place: 'section AC-6(9)',
        expected: 'fail',
        found: 'pass',
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

  it('the manifest', async () => {
    const problems = await tampered(root =>
      edit(root, 'manifest.json', text => text.replace('"sequence":3', '"sequence":4')),
    )
    expect(problems.map(({ kind, file }) => [kind, file])).toContainEqual(['signature', 'manifest.sig'])
  })

  it('the hash of a file in an unsigned manifest', async () => {
    const problems = await tampered(
      root =>
        edit(root, 'manifest.json', text =>
          text.replace(/("name":"report.json","parts":.*?"sha256":")./, '$1x'.replace('x', 'f')),
        ),
      unsigned,
    )
    expect(problems.length).toBeGreaterThan(0)
    expect(problems[0]).toMatchObject({ folder: NOVEMBER })
  })

  it('a signature of another report', async () => {
    const problems = await tampered(root =>
      cpSync(join(root, '2026-10/manifest.sig'), join(root, NOVEMBER, 'manifest.sig')),
    )
    expect(problems).toEqual([
      expect.objectContaining({
        kind: 'signature',
        folder: NOVEMBER,
        file: 'manifest.sig',
        detail: expect.stringMatching(/^the signature is not that of this manifest/),
      }),
    ])
  })

  it('a key that was exchanged, with a signature that fits', async () => {
    const other = newKey()
    const problems = await tampered(async root => {
      await forge(root, editControl('AC-6(9)', { status: 'pass' }), {
        key: { fingerprint: other.fingerprint, publicKey: other.publicKey, rotations: [] },
      })
      const bytes = readFileSync(join(root, NOVEMBER, 'manifest.json'))
      writeFileSync(join(root, NOVEMBER, 'manifest.sig'), `${Buffer.from(other.sign(bytes)).toString('base64')}\n`)
    })
    const keys = problems.filter(({ kind }) => kind === 'key')
    // Once for the trusted key, once because the report before is signed by it.
    expect(keys).toHaveLength(2)
    for (const each of keys)
      expect(each).toMatchObject({
        folder: NOVEMBER,
        place: 'key / fingerprint',
        expected: key.fingerprint,
        found: other.fingerprint,
      })
  })

  it('a signature that was removed', async () => {
    const problems = await tampered(root => rmSync(join(root, NOVEMBER, 'manifest.sig')))
    expect(problems).toEqual([
      expect.objectContaining({ detail: 'the manifest names a key, but its signature is missing' }),
    ])
  })

  it('a report that was removed from the middle', async () => {
    const problems = await tampered(root => rmSync(join(root, '2026-10'), { recursive: true }))
    expect(problems).toEqual([
      expect.objectContaining({
        kind: 'chain',
        folder: NOVEMBER,
        place: 'sequence',
        expected: 'report 2',
        found: 'none',
      }),
      expect.objectContaining({
        kind: 'chain',
        folder: NOVEMBER,
        place: 'period / start',
        expected: '2026-10-01T00:00:00.000Z',
      }),
    ])
  })

  it('the first report, and the newest one, that was removed', async () => {
    expect(await tampered(root => rmSync(join(root, '2026-09'), { recursive: true }))).toEqual([
      expect.objectContaining({ kind: 'chain', folder: '2026-10', expected: 'report 1' }),
    ])
    expect(await tampered(root => rmSync(join(root, NOVEMBER), { recursive: true }))).toEqual([
      expect.objectContaining({ kind: 'chain', file: 'chain.json', expected: 'report 3', found: 'report 2' }),
    ])
  })

  it('an order that was changed', async () => {
    const problems = await tampered(root => {
      renameSync(join(root, '2026-10'), join(root, 'x'))
      renameSync(join(root, NOVEMBER), join(root, '2026-10'))
      renameSync(join(root, 'x'), join(root, NOVEMBER))
    })
    expect(problems).toEqual([
      expect.objectContaining({ kind: 'chain', place: 'name of the folder', expected: NOVEMBER, found: '2026-10' }),
      expect.objectContaining({ kind: 'chain', place: 'name of the folder', expected: '2026-10', found: NOVEMBER }),
    ])
  })

  it('a page of a PDF', async () => {
    const problems = await tampered(root =>
      edit(root, 'pages.pdf', text => text.replace('(AC-6(9) fail)', '(AC-6(9) pass)')),
    )
    expect(problems).toContainEqual(expect.objectContaining({ kind: 'changed', file: 'pages.pdf', place: 'page 2' }))
    expect(problems.filter(({ place }) => place.startsWith('page '))).toHaveLength(1)
  })

  it('a clock that was set back', async () => {
    const generatedAt = '2026-10-20T00:00:00.000Z'
    const problems = await tampered(root => forge(root, report => ({ ...report, generatedAt })), unsigned)
    expect(problems).toContainEqual(
      expect.objectContaining({
        kind: 'clock',
        folder: NOVEMBER,
        place: 'generatedAt',
        expected: '2026-11-01T06:00:00.000Z or later',
        found: generatedAt,
      }),
    )
  })

  it('a file that was added, and one that was removed', async () => {
    expect(await tampered(root => writeFileSync(join(root, NOVEMBER, 'true.html'), ''))).toEqual([
      expect.objectContaining({ kind: 'added', folder: NOVEMBER, file: 'true.html' }),
    ])
    expect(await tampered(root => rmSync(join(root, NOVEMBER, 'controls.csv')))).toEqual([
      expect.objectContaining({ kind: 'missing', folder: NOVEMBER, file: 'controls.csv' }),
    ])
  })

  it('a report in the middle that was made again as a whole: the one after it names the hash of another', async () => {
    const problems = await tampered(async root => {
      const report = JSON.parse(readFileSync(join(root, '2026-10/report.json'), 'utf8'))
      const changed = editControl('AC-6(9)', { status: 'pass' })(report)
      const files = await filesOf(changed)
      const manifest = manifestOf(changed, files, readManifest(readFileSync(join(root, '2026-10/manifest.json'))))
      for (const { name, bytes } of files) writeFileSync(join(root, '2026-10', name), bytes)
      writeFileSync(join(root, '2026-10/manifest.json'), manifestBytes(manifest))
    }, unsigned)
    expect(problems).toEqual([expect.objectContaining({ kind: 'chain', folder: NOVEMBER, place: 'previous / sha256' })])
  })

  it('one form only of an unsigned report, with a manifest that fits', async () => {
    const problems = await tampered(root => {
      edit(root, 'page.html', text => text.replace('<b>fail</b>', '<b>pass</b>'))
      const before = readManifest(readFileSync(join(root, NOVEMBER, 'manifest.json')))
      const bytes = readFileSync(join(root, NOVEMBER, 'page.html'))
      const files = before.files.map(file => (file.name === 'page.html' ? { ...file, sha256: sha256(bytes) } : file))
      const manifest = { ...before, files }
      const written = manifestBytes(manifest)
      writeFileSync(join(root, NOVEMBER, 'manifest.json'), written)
      writeFileSync(
        join(root, 'chain.json'),
        headBytes(linkTo({ folder: NOVEMBER, manifest, sha256: sha256(written) })),
      )
    }, unsigned)
    expect(problems).toEqual([
      expect.objectContaining({ file: 'page.html', place: 'section AC-6(9)', expected: 'fail', found: 'pass' }),
    ])
  })
})

describe('an unsigned report that was made again as a whole', () => {
  it('is not found: that is what the check says it cannot show', async () => {
    const root = temporaryRoot()
    cpSync(unsigned, root, { recursive: true })
    await forge(root, editControl('AC-6(9)', { status: 'pass' }))
    rmSync(join(root, 'chain.json'))
    const { limits, ...rest } = await verified(root)
    expect(problemsOf({ limits, ...rest })).toEqual([])
    expect(limits).toContainEqual(expect.stringMatching(/^There is no signature: /))
    expect(limits).toContainEqual(expect.stringMatching(/^There is no chain\.json /))
    rmSync(join(root, '..'), { recursive: true })
  })
})

it('any byte that is changed in any file is found, and its file is named', async () => {
  const root = temporaryRoot()
  cpSync(signed, root, { recursive: true })
  const files = [
    'chain.json',
    ...[
      'report.json',
      'oscal-assessment-results.json',
      'ocsf.ndjson',
      'controls.csv',
      'page.html',
      'pages.pdf',
      'manifest.json',
      'manifest.sig',
    ].map(file => `${NOVEMBER}/${file}`),
  ]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      async (file, position, change) => {
        const path = join(root, file)
        const before = readFileSync(path)
        const after = Buffer.from(before)
        const at = position % after.length
        after[at] = (after[at] ?? 0) ^ change
        writeFileSync(path, after)
        try {
          const problems = problemsOf(await verified(root, { trusted: [key] }))
          const name = file.split('/').at(-1)
          // A manifest and its signature do not say which of the two was changed.
          const isNamed = (each: Problem) =>
            each.file === name || (/manifest/.test(name ?? '') && /manifest/.test(each.file))
          expect(problems.some(isNamed)).toBe(true)
        } finally {
          writeFileSync(path, before)
        }
      },
    ),
    { numRuns: 100 },
  )
  expect(problemsOf(await verified(root, { trusted: [key] }))).toEqual([])
  rmSync(join(root, '..'), { recursive: true })
}, 120_000)
