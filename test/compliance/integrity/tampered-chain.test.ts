import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { headBytes, linkTo } from '../../../compliance/integrity/chain.ts'
import type { Problem } from '../../../compliance/integrity/check.ts'
import { manifestBytes, manifestOf, readManifest } from '../../../compliance/integrity/manifest.ts'
import { withPageTexts } from '../../../compliance/integrity/pdf-text.ts'
import type { SigningKey } from '../../../compliance/integrity/signing-key.ts'
import { problemsOf } from '../../../compliance/integrity/verify.ts'
import { sha256 } from '../../../compliance/model/digest.ts'
import { filesOf, newKey, temporaryRoot, threeMonths, verified } from './stored-reports.ts'
import {
  edit,
  editControl,
  editEvidence,
  forge,
  judged,
  NOVEMBER,
  type Tamper,
  tamperedCopy,
} from './tampered-reports.ts'

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

/** Each with what a reader has to see: file, place, expected and found. */
describe('verify names the place and the value of', () => {
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

  it('a status that does not follow from the evidence, where all files were made again', async () => {
    const problems = await tampered(root => forge(root, editControl('AC-6(9)', { status: 'pass' })), unsigned)
    expect(problems.filter(({ kind }) => kind !== 'chain')).toEqual([
      {
        kind: 'judgement',
        folder: NOVEMBER,
        file: 'report.json',
        place: 'controls / nist-sp-800-53/AC-6(9) / status',
        expected: 'fail',
        found: 'pass',
        detail: 'it does not follow from the evidence in the report',
      },
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
      const files = withPageTexts(await filesOf(changed))
      const manifest = manifestOf(changed, files, readManifest(readFileSync(join(root, '2026-10/manifest.json'))))
      for (const { name, bytes } of files) writeFileSync(join(root, '2026-10', name), bytes)
      writeFileSync(join(root, '2026-10/manifest.json'), manifestBytes(manifest))
    }, unsigned)
    expect(problems).toEqual([
      expect.objectContaining({ kind: 'judgement', folder: '2026-10', expected: 'fail', found: 'pass' }),
      expect.objectContaining({ kind: 'chain', folder: NOVEMBER, place: 'previous / sha256' }),
    ])
  })

  it('one form only of an unsigned report, with a manifest that fits', async () => {
    const problems = await tampered(root => {
      edit(root, 'report.html', text => text.replace(/(<h4 id="control-2-head">.*?)Fail(?=<\/span>)/, '$1Pass'))
      const before = readManifest(readFileSync(join(root, NOVEMBER, 'manifest.json')))
      const bytes = readFileSync(join(root, NOVEMBER, 'report.html'))
      const files = before.files.map(file => (file.name === 'report.html' ? { ...file, sha256: sha256(bytes) } : file))
      const manifest = { ...before, files }
      const written = manifestBytes(manifest)
      writeFileSync(join(root, NOVEMBER, 'manifest.json'), written)
      writeFileSync(
        join(root, 'chain.json'),
        headBytes(linkTo({ folder: NOVEMBER, manifest, sha256: sha256(written) })),
      )
    }, unsigned)
    expect(problems).toEqual([
      expect.objectContaining({
        file: 'report.html',
        place: 'section control-2-head',
        expected: 'Fail',
        found: 'Pass',
      }),
    ])
  })
})

describe('an unsigned report that was made again as a whole', () => {
  it('is not found where its evidence was made to fit: that is what the check says it cannot show', async () => {
    const root = temporaryRoot()
    cpSync(unsigned, root, { recursive: true })
    await forge(root, report => judged(editEvidence('privileged', { value: 0 })(report)))
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
      'report.html',
      'report.pdf',
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
