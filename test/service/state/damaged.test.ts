import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ClawtrustError } from '../../../core/errors.ts'
import { openStateFolder } from '../../../service/state/folder.ts'
import { STATE } from '../../../service/state/schema.ts'
import type { SavedState } from '../../../service/state/state.ts'
import { loadStateFile, prepareStateFile } from '../../../service/state/state-file.ts'
import { databaseFolder } from '../../database-folder.ts'
import { columnsOf } from '../sqlite/columns.ts'
import { counter, transaction } from './transactions.ts'

const PAGE = 4096
/** Bytes of the header, which holds the version. */
const HEADER = 100
const MANY = Array.from({ length: 2_000 }, (_, index) => counter(index, 'gw', String(index)))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(databaseFolder(), 'clawtrust-damaged-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const file = (suffix = '') => join(folder, `state.db${suffix}`)

/** The files of the state and their bytes. */
const files = () =>
  Object.fromEntries(
    readdirSync(folder)
      .filter(name => name.startsWith('state.db'))
      .map(name => [name, readFileSync(join(folder, name), 'latin1')]),
  )

/** Writes a state and ends. */
async function write(): Promise<void> {
  const { database } = await openStateFolder(folder)
  await database.commit(
    transaction({
      series: MANY,
      cursors: [{ source: 'log', key: 'file', value: { offset: 7 } }],
      minutes: [{ series: ['gw', 'edge', 'auth_failures'], minute: 60, count: 5 }],
      documents: [{ name: 'levels', value: [1, 2] }],
      blobs: [{ name: 'days', value: new Uint8Array([1, 2, 3]) }],
    }),
  )
  await database.close()
}

/** Leaves the files as a killed process does: its last commit is in the write-ahead log. */
async function writeAndBeKilled(): Promise<void> {
  await write()
  const { database } = await openStateFolder(folder)
  await database.commit(transaction({ cursors: [{ source: 'log', key: 'file', value: { offset: 8 } }] }))
  const copied = ['', '-wal', '-shm'].map(suffix => [suffix, `${file(suffix)}.copy`] as const)
  for (const [suffix, copy] of copied) copyFileSync(file(suffix), copy)
  await database.close()
  for (const [suffix, copy] of copied) {
    copyFileSync(copy, file(suffix))
    rmSync(copy)
  }
}

/** What a start reads. */
async function load(): Promise<SavedState> {
  const { database } = await openStateFolder(folder)
  try {
    return await database.load()
  } finally {
    await database.close()
  }
}

/** Why it is refused, by the same steps without the threads. */
function refusal(): ClawtrustError | undefined {
  try {
    prepareStateFile(file())
    loadStateFile(file())
  } catch (error) {
    if (error instanceof ClawtrustError) return error
    throw error
  }
  return undefined
}

function alter(sql: string): void {
  const database = new DatabaseSync(file())
  database.exec(sql)
  database.close()
}

function overwrite(page: number, bytes: Uint8Array): void {
  const handle = openSync(file(), 'r+')
  writeSync(handle, bytes, 0, bytes.length, (page - 1) * PAGE)
  closeSync(handle)
}

const rootOf = (table: string) => {
  const database = new DatabaseSync(file(), { readOnly: true })
  const row = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table)
  database.close()
  return Number(row?.rootpage)
}

describe('a state database that is damaged', () => {
  it.each([
    [
      'no database',
      () => writeFileSync(file(), 'once upon a time, '.repeat(400)),
      'it does not begin as a SQLite database does',
    ],
    ['without its first page', () => overwrite(1, new Uint8Array(PAGE)), 'it does not begin as a SQLite database does'],
    ['cut in half', () => truncateSync(file(), 20_000), '20000 of its '],
    ['cut below its first page', () => truncateSync(file(), 60), 'bytes are there'],
    ['without a page', () => overwrite(rootOf('series'), new Uint8Array(PAGE)), 'of the table series cannot be read'],
    ["another program's", () => alter('PRAGMA application_id = 1'), 'it is not a state file of clawtrust'],
    [
      'with a label that is no text',
      () => alter("UPDATE series SET labels = '[1]' WHERE value = 7"),
      'a row of the table series cannot be read',
    ],
    ['with a value that is no number', () => alter("UPDATE series SET value = 'x'"), 'a row of the table series'],
    ['with a cursor that is cut off', () => alter(`UPDATE cursors SET value = '{"off'`), 'a row of the table cursors'],
    ['with bytes in a document', () => alter("UPDATE documents SET value = x'00ff'"), 'a row of the table documents'],
    ['with a text in a blob', () => alter("UPDATE blobs SET value = 'text'"), 'a row of the table blobs'],
    ['with a minute that is no number', () => alter("UPDATE minutes SET count = 'x'"), 'a row of the table minutes'],
    ['without the series of its minutes', () => alter('DELETE FROM minute_series'), 'a row of the table minutes'],
    [
      'with an older version and a wrong row',
      () => alter("PRAGMA user_version = 1; UPDATE documents SET value = '{'"),
      'a row of the table documents',
    ],
  ])('is refused where it is %s, and left unchanged', async (_, harm, words) => {
    await write()
    harm()
    const before = files()
    const error = refusal()
    expect(error).toMatchObject({ code: 'STATE_DAMAGED', recoverable: false })
    expect(error?.message).toContain(`The state file ${file()} cannot be used: `)
    expect(error?.message).toContain(words)
    expect(error?.message).toContain('Restore a copy of it, or move it away')
    expect(files()).toEqual(before)
  })

  it.each(columnsOf(STATE.schema))(
    'is read or refused in a sentence where %s.%s contains another type',
    async (table, column) => {
      await write()
      const whole = readFileSync(file())
      let refused = 0
      for (const value of ['NULL', '-1', '9223372036854775807', '1.5e300', "'{garbage'", "x'00ff'"]) {
        writeFileSync(file(), whole)
        try {
          alter(
            `UPDATE OR IGNORE ${table} SET ${column} = ${value} WHERE ${column} IS (SELECT max(${column}) FROM ${table})`,
          )
        } catch (error) {
          expect(String(error)).toMatch(/datatype mismatch|NOT NULL constraint/)
        }
        const error = refusal()
        if (error === undefined) continue
        refused++
        expect([value, error.code]).toEqual([value, 'STATE_DAMAGED'])
      }
      expect(refused).toBeGreaterThan(0)
    },
  )

  it.each(['', '-shm'])(
    'is refused and left unchanged beside the log of a killed process, without its %s file',
    async missing => {
      await writeAndBeKilled()
      const root = rootOf('series')
      if (missing !== '') rmSync(file(missing))
      overwrite(root, new Uint8Array(PAGE))
      const before = files()
      expect(Object.keys(before)).toContain('state.db-wal')
      await expect(load()).rejects.toMatchObject({ code: 'STATE_DAMAGED' })
      expect(files()).toEqual(before)
    },
  )

  it('is refused where it is empty and its write-ahead log is not', async () => {
    await writeAndBeKilled()
    truncateSync(file(), 0)
    const before = files()
    await expect(load()).rejects.toMatchObject({
      code: 'STATE_DAMAGED',
      message: expect.stringContaining('only its write-ahead log, the -wal file, has content'),
    })
    expect(files()).toEqual(before)
  })

  it('counts from zero when it is moved away', async () => {
    await write()
    overwrite(1, new Uint8Array(PAGE))
    rmSync(file())
    const { database, isNew } = await openStateFolder(folder)
    expect([isNew, (await database.load()).series]).toEqual([true, []])
    await database.close()
  })

  it('is read completely or refused in a sentence, whatever bytes change, and never written', async () => {
    await write()
    const whole = readFileSync(file())
    const change = fc.record({
      at: fc.integer({ min: HEADER, max: whole.length - 1 }),
      byte: fc.nat({ max: 255 }),
    })
    const outcomes = { read: 0, refused: 0 }
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 20 }),
        fc.option(fc.integer({ min: 1, max: whole.length }), { freq: 4 }),
        (changes, length) => {
          const bytes = Buffer.from(whole.subarray(0, length ?? whole.length))
          for (const { at, byte } of changes) if (at < bytes.length) bytes[at] = byte
          writeFileSync(file(), bytes)
          const error = refusal()
          // A changed count cannot be recognised.
          if (error === undefined) outcomes.read++
          else {
            expect(error.code).toBe('STATE_DAMAGED')
            outcomes.refused++
          }
          expect(Object.keys(files())).toEqual(['state.db'])
          expect(readFileSync(file()).equals(bytes)).toBe(true)
        },
      ),
      { numRuns: 150 },
    )
    expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(0)
  })
})

describe('a state database that is whole', () => {
  it('is read with the log of a killed process, and not changed before it is written', async () => {
    await writeAndBeKilled()
    const before = files()
    const { database } = await openStateFolder(folder)
    expect((await database.load()).cursors).toEqual([{ source: 'log', key: 'file', value: { offset: 8 } }])
    expect(files()).toEqual(before)
    await database.begin()
    await database.commit(transaction({ series: [counter(1, 'new')] }))
    await database.close()
    expect((await load()).series).toHaveLength(MANY.length + 1)
  })

  it('is read through a symbolic link, with the log beside the file itself', async () => {
    await writeAndBeKilled()
    const elsewhere = mkdtempSync(join(databaseFolder(), 'clawtrust-damaged-'))
    for (const suffix of ['', '-wal', '-shm']) renameSync(file(suffix), join(elsewhere, `state.db${suffix}`))
    symlinkSync(join(elsewhere, 'state.db'), file())
    expect((await load()).cursors).toEqual([{ source: 'log', key: 'file', value: { offset: 8 } }])
    rmSync(elsewhere, { recursive: true })
  })

  it('is new where the file is empty, as after an end between its creation and its first commit', async () => {
    writeFileSync(file(), '')
    const { database, isNew } = await openStateFolder(folder)
    await database.commit(transaction({ series: [counter(1, 'gw')] }))
    await database.close()
    expect(isNew).toBe(true)
    expect((await load()).series).toEqual([counter(1, 'gw')])
  })

  it('rejects a commit where a page is damaged while it is open', async () => {
    await write()
    const root = rootOf('series')
    const { database } = await openStateFolder(folder)
    await database.begin()
    overwrite(root, new Uint8Array(PAGE))
    await expect(database.commit(transaction({ series: [counter(8, 'gw', '7')] }))).rejects.toMatchObject({
      code: 'STATE_DAMAGED',
      message: expect.stringMatching(
        /is damaged and cannot be written; exposed values are frozen .* Restart clawtrust/,
      ),
    })
    await database.close()
    expect(statSync(file()).size).toBeGreaterThan(PAGE)
    await expect(load()).rejects.toMatchObject({ code: 'STATE_DAMAGED' })
  })
})
