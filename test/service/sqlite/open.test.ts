import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Migration, SqliteFormat } from '../../../service/sqlite/format.ts'
import { backupOf, openSqlite } from '../../../service/sqlite/open.ts'

const addColumn =
  (name: string): Migration =>
  database =>
    database.exec(`ALTER TABLE words ADD COLUMN ${name} TEXT`)

/** The format of a version: each has one column more. */
function format(version: number, migrations = ['two', 'three'].slice(0, version - 1).map(addColumn)): SqliteFormat {
  const columns = ['one', 'two', 'three'].slice(0, version).map(name => `${name} TEXT`)
  return {
    applicationId: 0x77,
    name: 'a file of words',
    schema: `CREATE TABLE words (${columns.join(', ')})`,
    migrations,
    pragmas: 'PRAGMA journal_mode = WAL',
    mode: 0o600,
  }
}

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawtrust-sqlite-'))
  path = join(folder, 'words.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (version: number, migrate = true) => openSqlite(path, format(version), { migrate })
const words = (database: DatabaseSync) => database.prepare('SELECT * FROM words').all()
const versionIn = (file: string) => {
  const database = new DatabaseSync(file)
  try {
    return database.prepare('PRAGMA user_version').get()?.user_version
  } finally {
    database.close()
  }
}

function writeVersion1(): void {
  const database = open(1)
  database.exec("INSERT INTO words VALUES ('kept')")
  database.close()
}

describe('a database', () => {
  it('is created with the current version, for its owner alone', () => {
    open(3).close()
    expect(versionIn(path)).toBe(3)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(existsSync(backupOf(path, 1))).toBe(false)
  })

  it('is created where a process ended before its tables were committed', () => {
    writeFileSync(path, '')
    const database = open(1)
    expect(words(database)).toEqual([])
    database.close()
  })

  it('may be in memory', () => {
    const database = openSqlite(':memory:', format(2), { migrate: true })
    expect(words(database)).toEqual([])
    database.close()
  })

  it('of an older version is taken through each migration, and kept as it was beside it', () => {
    writeVersion1()
    const database = open(3)
    expect(words(database)).toEqual([{ one: 'kept', two: null, three: null }])
    database.close()
    expect(versionIn(path)).toBe(3)
    expect(versionIn(backupOf(path, 1))).toBe(1)
    expect(statSync(backupOf(path, 1)).mode & 0o777).toBe(0o600)
    const copy = new DatabaseSync(backupOf(path, 1))
    expect(words(copy)).toEqual([{ one: 'kept' }])
    copy.close()
  })

  it('keeps what is in the write-ahead log of an open connection when it is copied', () => {
    const writer = open(1)
    writer.exec("INSERT INTO words VALUES ('in the log')")
    open(2).close()
    const copy = new DatabaseSync(backupOf(path, 1))
    expect(words(copy)).toEqual([{ one: 'in the log' }])
    copy.close()
    writer.close()
  })

  it('stays at the version whose migration failed, with what was committed before', () => {
    writeVersion1()
    const failing: Migration = database => {
      database.exec("INSERT INTO words (one) VALUES ('half')")
      throw new Error('a defect')
    }
    const broken = format(3, [addColumn('two'), failing])
    expect(() => openSqlite(path, broken, { migrate: true })).toThrow('a defect')
    expect(versionIn(path)).toBe(2)
    const database = open(3)
    expect(words(database)).toEqual([{ one: 'kept', two: null, three: null }])
    database.close()
  })

  it('is migrated again where a copy was not finished', () => {
    writeVersion1()
    writeFileSync(`${backupOf(path, 1)}.unfinished`, 'half')
    open(2).close()
    expect(versionIn(backupOf(path, 1))).toBe(1)
    expect(existsSync(`${backupOf(path, 1)}.unfinished`)).toBe(false)
  })

  it('keeps the copy of an earlier migration, where another file was migrated since', () => {
    for (const word of ['first', 'second', 'third']) {
      const database = open(1)
      database.exec(`INSERT INTO words VALUES ('${word}')`)
      database.close()
      open(2).close()
      rmSync(path)
    }
    const copies = [`${backupOf(path, 1)}.1`, `${backupOf(path, 1)}.2`, backupOf(path, 1)].map(copy => {
      const database = new DatabaseSync(copy)
      const [kept] = words(database)
      database.close()
      return kept
    })
    expect(copies).toEqual([{ one: 'first' }, { one: 'second' }, { one: 'third' }])
  })

  it('is copied once, however often its migration fails', () => {
    writeVersion1()
    const failing: Migration = () => {
      throw new Error('a defect')
    }
    for (let start = 0; start < 3; start++) {
      expect(() => openSqlite(path, format(2, [failing]), { migrate: true })).toThrow('a defect')
    }
    expect(readdirSync(folder).filter(name => name.includes('backup'))).toEqual(['words.db.v1-backup'])
  })

  it.each([
    ['foreign', 'another program', () => new DatabaseSync(path).exec('CREATE TABLE other (x)')],
    ['newer', 'a newer version', () => open(3).close()],
    ['damaged', 'no database', () => writeFileSync(path, 'words'.repeat(1_000))],
  ])('is refused as %s where it is of %s, and left as it is', (kind, _, write) => {
    write()
    const bytes = readFileSync(path)
    expect(() => open(2)).toThrow(expect.objectContaining({ name: 'SqliteFault', kind }))
    expect(readFileSync(path).equals(bytes)).toBe(true)
    expect(readdirSync(folder)).toEqual(['words.db'])
  })

  it('is refused as older by who does not own it', () => {
    writeVersion1()
    expect(() => open(2, false)).toThrow(expect.objectContaining({ kind: 'older' }))
    expect(versionIn(path)).toBe(1)
  })

  it('that is damaged inside is not migrated', () => {
    const database = open(1)
    const insert = database.prepare('INSERT INTO words VALUES (?)')
    for (let index = 0; index < 2_000; index++) insert.run('word'.repeat(20))
    database.exec('CREATE INDEX by_one ON words (one); PRAGMA wal_checkpoint(TRUNCATE)')
    database.close()
    const { size } = statSync(path)
    const file = openSync(path, 'r+')
    writeSync(file, new Uint8Array(size / 4), 0, size / 4, size / 2)
    closeSync(file)
    expect(() => open(2)).toThrow(expect.objectContaining({ kind: 'damaged' }))
  })
})
