import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { readManifest } from '../../../compliance/integrity/manifest.ts'
import { type Disk, nodeDisk, storeReport } from '../../../compliance/integrity/report-folder.ts'
import { problemsOf } from '../../../compliance/integrity/verify.ts'
import { aTree } from './a-tree.ts'
import { monthReport, newKey, options, renderers, store, temporaryRoot, verified } from './stored-reports.ts'

let root: string
beforeEach(() => {
  root = temporaryRoot()
})
afterEach(() => rmSync(join(root, '..'), { recursive: true, force: true }))

const manifestIn = (folder: string) => readManifest(readFileSync(join(root, folder, 'manifest.json')))

describe('the folder of a report', () => {
  it('has every form, the manifest and, with a key, its signature', async () => {
    const stored = await store(root, monthReport(11), newKey())
    expect(stored.folder).toBe(join(root, '2026-11'))
    const expected = [...renderers.map(({ file }) => file), 'report.pdf.pages.json', 'manifest.json', 'manifest.sig']
    expect(readdirSync(stored.folder).sort()).toEqual(expected.sort())
    expect(readdirSync(root).sort()).toEqual(['2026-11', 'chain.json'])
    expect(statSync(stored.folder).mode & 0o777).toBe(0o750)
    expect(statSync(join(stored.folder, 'report.json')).mode & 0o007).toBe(0)
  })

  it('is the same bytes for the same report, except for the signature of a new key', async () => {
    const other = temporaryRoot()
    await store(root, monthReport(11))
    await store(other, monthReport(11))
    expect(aTree(other)).toEqual(aTree(root))
    rmSync(join(other, '..'), { recursive: true })
  })

  it('is never replaced: the same period again is revision 2, which names the one before', async () => {
    const first = await store(root, monthReport(11))
    const before = aTree(join(root, '2026-11'))
    const second = await store(root, monthReport(11, { title: 'Again' }))
    expect(second.folder).toBe(join(root, '2026-11-r2'))
    expect(aTree(join(root, '2026-11'))).toEqual(before)
    expect(manifestIn('2026-11-r2')).toMatchObject({
      revision: 2,
      sequence: 2,
      replaces: first.link,
      previous: first.link,
    })
    expect(problemsOf(await verified(root))).toEqual([])
  })

  it('takes the next name where the one of its period is of something else', async () => {
    mkdirSync(join(root, '2026-11'), { recursive: true })
    writeFileSync(join(root, '2026-11', 'note.txt'), 'mine')
    const { folder } = await store(root, monthReport(11))
    expect(folder).toBe(join(root, '2026-11-r2'))
    expect(readFileSync(join(root, '2026-11', 'note.txt'), 'utf8')).toBe('mine')
  })

  it('removes what a process left behind that ended while it wrote', async () => {
    mkdirSync(join(root, '.incomplete-abc'), { recursive: true })
    writeFileSync(join(root, '.incomplete-abc.head'), '')
    await store(root, monthReport(11))
    expect(readdirSync(root).sort()).toEqual(['2026-11', 'chain.json'])
  })
})

/** A disk that works for some calls, and is full from then on. */
function fullAfter(calls: number): { readonly disk: Disk; readonly made: () => number } {
  let made = 0
  const counted =
    <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (++made > calls) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
      return call(...args)
    }
  // A file that is half written, as a full disk leaves it.
  const write = async (path: string, bytes: Uint8Array): Promise<void> => {
    if (++made > calls) {
      writeFileSync(path, bytes.subarray(0, bytes.length / 2))
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
    }
    return nodeDisk.write(path, bytes)
  }
  const disk: Disk = {
    makeFolder: counted(nodeDisk.makeFolder),
    makeTemporary: counted(nodeDisk.makeTemporary),
    write,
    sync: counted(nodeDisk.sync),
    rename: counted(nodeDisk.rename),
    // Removing needs no space.
    remove: nodeDisk.remove,
    list: nodeDisk.list,
  }
  return { disk, made: () => made }
}

describe('a disk that is full', () => {
  it('leaves what was there, at whatever call it becomes full, and the next attempt succeeds', async () => {
    await store(root, monthReport(10))
    const whole = fullAfter(Number.POSITIVE_INFINITY)
    const trial = temporaryRoot()
    cpSync(root, trial, { recursive: true })
    await store(trial, monthReport(11), undefined, whole.disk)
    const after = aTree(trial)
    rmSync(join(trial, '..'), { recursive: true })
    const before = aTree(root)
    const outcomes: string[] = []
    for (let calls = 0; calls < whole.made(); calls++) {
      const each = temporaryRoot()
      cpSync(root, each, { recursive: true })
      const outcome = await store(each, monthReport(11), undefined, fullAfter(calls).disk).then(
        () => 'stored',
        error => error.code as string,
      )
      outcomes.push(outcome)
      if (outcome === 'stored') {
        // The report is whole. Only the note of the newest may be missing, which a check accepts.
        expect({ ...aTree(each), 'chain.json': '' }).toEqual({ ...after, 'chain.json': '' })
      } else expect(aTree(each)).toEqual(before)
      expect(problemsOf(await verified(each))).toEqual([])
      if (outcome !== 'stored') await store(each, monthReport(11))
      expect(aTree(join(each, '2026-11'))).toEqual(aTreeOf(after, '2026-11'))
      rmSync(join(each, '..'), { recursive: true })
    }
    expect(new Set(outcomes)).toEqual(new Set(['REPORT_UNWRITABLE', 'stored']))
  }, 120_000)

  it('is said, with what to do', async () => {
    await expect(store(root, monthReport(11), undefined, fullAfter(3).disk)).rejects.toThrow(
      `The report cannot be written to ${root} (ENOSPC); nothing was changed. Check its free space and permissions.`,
    )
  })
})

const aTreeOf = (tree: Readonly<Record<string, string>>, folder: string) =>
  Object.fromEntries(
    Object.entries(tree).flatMap(([path, text]) =>
      path.startsWith(`${folder}/`) ? [[path.slice(folder.length + 1), text]] : [],
    ),
  )

describe('the chain of reports', () => {
  it('has a sequence number for each, and the hash of the one before', async () => {
    for (const month of [9, 10, 11]) await store(root, monthReport(month))
    expect(['2026-09', '2026-10', '2026-11'].map(folder => manifestIn(folder).sequence)).toEqual([1, 2, 3])
    expect(manifestIn('2026-09').previous).toBeNull()
    expect(manifestIn('2026-11').previous).toMatchObject({ period: '2026-10', sequence: 2 })
  })

  it('declares reports that are gone when the next one is made, the newest one too', async () => {
    for (const month of [9, 10]) await store(root, monthReport(month))
    rmSync(join(root, '2026-10'), { recursive: true })
    await store(root, monthReport(11))
    expect(manifestIn('2026-11')).toMatchObject({
      sequence: 3,
      previous: { sequence: 2, period: '2026-10' },
      declared: [
        { kind: 'missing_report', from: '2', to: '3' },
        { kind: 'missing_period', from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' },
      ],
    })
    const { declared, ...rest } = await verified(root)
    expect(problemsOf({ declared, ...rest })).toEqual([])
    expect(declared).toHaveLength(2)
  })

  it('declares a period without a report, and a clock that was set back', async () => {
    await store(root, monthReport(8))
    await store(root, monthReport(11, { generatedAt: '2026-12-02T00:00:00.000Z' }))
    await store(root, monthReport(12, { generatedAt: '2026-12-01T00:00:00.000Z' }))
    expect(manifestIn('2026-11').declared).toMatchObject([{ kind: 'missing_period', from: '2026-09-01T00:00:00.000Z' }])
    expect(manifestIn('2026-12').declared.map(({ kind }) => kind)).toEqual(['clock', 'early'])
    expect(problemsOf(await verified(root))).toEqual([])
  })

  it('says why a period has no report where the caller knows it', async () => {
    await store(root, monthReport(9))
    const missed = [
      {
        kind: 'missing_period',
        from: '2026-10-01T00:00:00.000Z',
        to: '2026-11-01T00:00:00.000Z',
        reason: 'It was down.',
      },
    ] as const
    await storeReport(root, { report: monthReport(11), files: [], missed })
    expect(manifestIn('2026-11').declared).toEqual(missed)
  })

  it('goes from one key to the next, and from unsigned to signed', async () => {
    await store(root, monthReport(9))
    const key = newKey()
    await store(root, monthReport(10), key)
    await store(root, monthReport(11), newKey())
    const problems = problemsOf(await verified(root))
    expect(problems).toEqual([expect.objectContaining({ kind: 'key', folder: '2026-11', expected: key.fingerprint })])
  })

  it('has weeks beside months, each without gaps of its own', async () => {
    const week = (name: string, start: string, end: string) =>
      monthReport(11, { period: { name, start, end, timeZone: 'UTC' }, generatedAt: '2026-12-02T00:00:00.000Z' })
    await store(root, monthReport(10))
    await store(root, week('2026-W47', '2026-11-16T00:00:00.000Z', '2026-11-23T00:00:00.000Z'))
    await store(root, week('2026-W48', '2026-11-23T00:00:00.000Z', '2026-11-30T00:00:00.000Z'))
    await store(root, monthReport(11, { generatedAt: '2026-12-03T00:00:00.000Z' }))
    expect(existsSync(join(root, '2026-W48'))).toBe(true)
    const { declared, ...rest } = await verified(root, options())
    expect(problemsOf({ declared, ...rest })).toEqual([])
    expect(declared).toEqual([])
  })
})
