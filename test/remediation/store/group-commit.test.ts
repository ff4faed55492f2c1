import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from '@jest/globals'
import { GroupCommit } from '../../../remediation/store/group-commit.ts'

function open(pages?: number) {
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE words (word TEXT)')
  if (pages !== undefined) database.exec(`PRAGMA max_page_count = ${pages}`)
  const commits = new GroupCommit(database)
  const insert = database.prepare('INSERT INTO words VALUES (?)')
  const words = () => database.prepare('SELECT count(*) AS count FROM words').get()?.count
  return { commits, words, write: (word: string) => commits.write(() => insert.run(word).changes) }
}

describe('a group commit', () => {
  it('takes back only the work that failed', async () => {
    const { commits, words, write } = open()
    const failed = commits.write(() => {
      throw new Error('a defect')
    })
    const settled = await Promise.allSettled([write('a'), failed, write('b')])
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(words()).toBe(2)
  })

  describe('while another program has locked the database', () => {
    /** A database in a file, and another program that locks it. */
    const locked = (pause: (milliseconds: number) => Promise<void>) => {
      const path = join(mkdtempSync(join(tmpdir(), 'clawtrust-commit-')), 'words.db')
      const [database, other] = [new DatabaseSync(path, { timeout: 0 }), new DatabaseSync(path)]
      database.exec('PRAGMA journal_mode = WAL; CREATE TABLE words (word TEXT)')
      other.exec('BEGIN IMMEDIATE')
      const commits = new GroupCommit(database, pause)
      const words = () => database.prepare('SELECT word FROM words').all()
      const write = (word: string) => commits.write(() => database.prepare('INSERT INTO words VALUES (?)').run(word))
      return { commits, other, words, write }
    }

    it('waits without holding the event loop, with all that is written meanwhile in one commit', async () => {
      let pauses = 0
      const { other, words, write } = locked(async () => {
        pauses += 1
        if (pauses === 1) later.push(write('b'))
        if (pauses === 3) other.exec('COMMIT')
      })
      const later: Promise<unknown>[] = []
      await write('a')
      await Promise.all(later)
      expect([pauses, words()]).toEqual([3, [{ word: 'a' }, { word: 'b' }]])
    })

    it('rejects after five seconds, and writes again when the lock is gone', async () => {
      let waited = 0
      const { commits, other, words, write } = locked(async milliseconds => {
        waited += milliseconds
      })
      const failed = await Promise.allSettled([write('a'), write('b')])
      expect(failed).toMatchObject([1, 2].map(() => ({ reason: { code: 'STATE_WRITE_FAILED', recoverable: true } })))
      expect(waited).toBe(4_950)
      await commits.idle()
      other.exec('COMMIT')
      await write('c')
      expect(words()).toEqual([{ word: 'c' }])
    })
  })

  it('of many works turns the event loop between some of them, and is idle when all are written', async () => {
    const { commits, words, write } = open()
    const writes = Array.from({ length: 2_500 }, (_, index) => write(String(index)))
    const seen = new Set<unknown>()
    let isIdle = false
    const idle = commits.idle().then(() => {
      isIdle = true
    })
    while (!isIdle) {
      await new Promise(resolve => setImmediate(resolve))
      seen.add(words())
    }
    await Promise.all([idle, ...writes])
    expect([...seen].some(count => Number(count) > 0 && Number(count) < 2_500)).toBe(true)
    expect(words()).toBe(2_500)
  })

  it('calls after the commit what the work asked for, and not where the work was taken back', async () => {
    const { commits, write } = open()
    const called: string[] = []
    const asking = (name: string, fails: boolean) =>
      commits.write(() => {
        commits.onCommit(() => called.push(name))
        if (fails) throw new Error('a defect')
      })
    await Promise.allSettled([asking('first', false), asking('failed', true), asking('last', false)])
    expect(called).toEqual(['first', 'last'])
    await write('a')
    expect(called).toHaveLength(2)
    const full = open(8)
    await Promise.allSettled([
      full.commits.write(() => full.commits.onCommit(() => called.push('lost'))),
      full.write('x'.repeat(100_000)),
    ])
    expect(called).toHaveLength(2)
  })

  it('on a full disk says so to each, writes nothing of what failed, and works again when there is room', async () => {
    const { commits, words, write } = open(8)
    const long = 'x'.repeat(100_000)
    await expect(write(long)).rejects.toMatchObject({ code: 'STATE_WRITE_FAILED', recoverable: true })
    expect(words()).toBe(0)
    await write('short')
    expect(words()).toBe(1)
    await commits.idle()
  })
})
