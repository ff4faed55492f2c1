import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readManifest } from '../../../compliance/integrity/manifest.ts'
import { problemsOf } from '../../../compliance/integrity/verify.ts'
import { monthReport, store, temporaryRoot, verified } from './stored-reports.ts'

let root: string
let folder: string
beforeEach(async () => {
  root = temporaryRoot()
  folder = (await store(root, monthReport(11))).folder
})
afterEach(() => rmSync(join(root, '..'), { recursive: true, force: true }))

const problems = async () => problemsOf(await verified(root))

describe('a folder of so many entries that not all can be examined', () => {
  it('is refused, because the report that is not examined may be the one that was changed', async () => {
    const folder = temporaryRoot()
    mkdirSync(folder, { recursive: true })
    await store(folder, monthReport(11))
    for (let each = 0; each < 20_000; each++) closeSync(openSync(join(folder, `.${each}`), 'w'))
    await expect(verified(folder)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/20000 entries/),
    })
    rmSync(folder, { recursive: true })
  })
})

describe('a folder that an attacker made', () => {
  it('is read without its links: nothing outside of it is opened', async () => {
    const secret = join(root, '../secret.html')
    writeFileSync(secret, 'hunter2')
    rmSync(join(folder, 'report.html'))
    symlinkSync(secret, join(folder, 'report.html'))
    symlinkSync(join(root, '..'), join(root, 'elsewhere'))
    const found = await verified(root)
    expect(problemsOf(found)).toEqual([
      expect.objectContaining({
        file: 'report.html',
        detail: expect.stringMatching(/^it is a symbolic link and not a regular file/),
      }),
    ])
    expect(JSON.stringify(found.limits)).toContain('elsewhere holds no report and was not examined.')
    expect(JSON.stringify(found)).not.toContain('hunter2')
  })

  it('is read without files that wait, and without files that are too large', async () => {
    spawnSync('mkfifo', [join(folder, 'pipe')])
    writeFileSync(join(folder, 'large.html'), '')
    truncateSync(join(folder, 'large.html'), 65 * 1024 * 1024)
    rmSync(join(folder, 'controls.csv'))
    mkdirSync(join(folder, 'controls.csv'))
    const found = await problems()
    expect(found.map(({ kind, file }) => [kind, file])).toEqual([
      ['changed', 'controls.csv'],
      ['added', 'large.html'],
      ['added', 'pipe'],
    ])
  })

  it('cannot name a file of another folder in its manifest', async () => {
    const manifest = readManifest(readFileSync(join(folder, 'manifest.json')))
    for (const name of ['../../secret', '/etc/passwd', 'a/b', '..', '.hidden', 'x\0y', '']) {
      const [first, ...files] = manifest.files
      const changed = { ...manifest, files: [{ ...first, name }, ...files] }
      expect(() => readManifest(Buffer.from(JSON.stringify(changed)))).toThrow('the value at /files/0/name')
    }
  })

  it.each([
    ['report.json', '['.repeat(1_000_000), 'it is nested more than 64 deep'],
    ['report.json', `{"version":1,"x":${'{"a":'.repeat(200)}1${'}'.repeat(200)}}`, 'it is nested more than 64 deep'],
    ['report.json', '{"version":1}', 'it is not a report of version 1'],
    ['report.json', '\xff', 'it is not text in UTF-8'],
    ['report.json', '{"version": 1,\n  oops}', 'it is not JSON at line 2, column 3'],
    ['report.json', ' '.repeat(17 * 1024 * 1024), 'it is larger than 16 MiB'],
    ['report.html', '<'.repeat(3_000_000), 'it is not the file of the manifest'],
    ['report.html', '<a '.repeat(6_000_000), 'it is not the file of the manifest'],
    ['manifest.json', '{}', 'the manifest was changed: it is not a manifest of version 1'],
    ['manifest.json', ' '.repeat(1_000_000), 'the manifest was changed: it is not JSON'],
  ])('with %s of another form is found', async (file, text, detail) => {
    writeFileSync(join(folder, file), text, 'latin1')
    const found = await problems()
    expect(found).toContainEqual(expect.objectContaining({ file, detail: expect.stringContaining(detail) }))
  })

  it('with thousands of files is read in part', async () => {
    for (let index = 0; index < 3_000; index++) writeFileSync(join(folder, `x${index}`), '')
    expect((await problems()).length).toBeGreaterThan(0)
  })

  it('of any bytes never ends the check', async () => {
    const names = [
      'report.json',
      'manifest.json',
      'manifest.sig',
      'report.html',
      'report.pdf',
      'ocsf.ndjson',
      'controls.csv',
      'oscal-assessment-results.json',
    ]
    const original = new Map(
      names.flatMap(name => {
        try {
          return [[name, readFileSync(join(folder, name))] as const]
        } catch {
          return []
        }
      }),
    )
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)),
      fc.json().map(text => Buffer.from(text)),
      fc
        .constantFrom('<h1>', '"', '[[[', '1 0 obj', '/Type /Pages /Kids [2 0 R]', '\r\n"', '{"finding_info":null}\n')
        .map(text => Buffer.from(text)),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.nat(),
        fc.nat({ max: 300 }),
        piece,
        async (name, position, removed, added) => {
          const before = original.get(name) ?? Buffer.alloc(0)
          const at = before.length === 0 ? 0 : position % before.length
          writeFileSync(
            join(folder, name),
            Buffer.concat([before.subarray(0, at), added, before.subarray(at + removed)]),
          )
          try {
            await problems()
          } finally {
            if (original.has(name)) writeFileSync(join(folder, name), before)
            else rmSync(join(folder, name))
          }
        },
      ),
      { numRuns: 100 },
    )
    expect(await problems()).toEqual([])
  }, 120_000)
})
