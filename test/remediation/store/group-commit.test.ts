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
