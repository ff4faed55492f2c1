import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { SqliteFormat } from '../../service/sqlite/format.ts'
import { openSqlite } from '../../service/sqlite/open.ts'

/** A process that was killed between the header of its write-ahead log and the first page left a file that none could open. */
const format: SqliteFormat = {
  applicationId: 0x77,
  name: 'a file of words',
  schema: 'CREATE TABLE words (one TEXT)',
  migrations: [],
  pragmas: 'PRAGMA journal_mode = WAL',
  mode: 0o600,
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawtrust-begun-log-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A database as its owner left it when it was killed with so many bytes of its log on disk. */
function killedAt(original: string, bytes: number, index: 'as it was' | 'of zeros' | 'absent'): string {
  const path = join(folder, `killed-${bytes}-${index}.db`)
  copyFileSync(original, path)
  writeFileSync(`${path}-wal`, readFileSync(`${original}-wal`).subarray(0, bytes))
  if (index === 'as it was') copyFileSync(`${original}-shm`, `${path}-shm`)
  if (index === 'of zeros') writeFileSync(`${path}-shm`, Buffer.alloc(32_768))
  return path
}

/** Of the header, of the first frame and of pages after it. */
const places = (length: number) => [0, 1, 31, 32, 33, 56, 57, 4_151, 4_152, 4_153, length - 1, length]

describe('a database whose owner was killed while it began its write-ahead log', () => {
  it.each(['as it was', 'of zeros', 'absent'] as const)('opens where the index of the log is %s', index => {
    const original = join(folder, 'original.db')
    openSqlite(original, format, { migrate: true }).close()
    const owner = openSqlite(original, format, { migrate: true })
    owner.exec("INSERT INTO words VALUES ('kept')")
    for (const bytes of places(readFileSync(`${original}-wal`).length)) {
      const database = openSqlite(killedAt(original, bytes, index), format, { migrate: true })
      const count = database.prepare('SELECT count(*) AS count FROM words').get()?.count
      expect([bytes, [0, 1]]).toEqual([bytes, expect.arrayContaining([count])])
      database.close()
    }
    owner.close()
  })

  it('opens where it had no table yet', () => {
    const original = join(folder, 'original.db')
    const owner = openSqlite(original, { ...format, schema: '' }, { migrate: true })
    for (const bytes of places(readFileSync(`${original}-wal`).length)) {
      openSqlite(killedAt(original, bytes, 'of zeros'), { ...format, schema: '' }, { migrate: true }).close()
    }
    owner.close()
  })
})
