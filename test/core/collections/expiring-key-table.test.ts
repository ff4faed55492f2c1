import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ENTRY_WORDS, ExpiringKeyTable } from '../../../core/collections/expiring-key-table.ts'
import { TextHasher } from '../../../core/collections/text-hash.ts'

const keyOf = (text: string) => {
  const key = new Int32Array(4)
  new TextHasher().hash(text, key)
  return key
}

describe('a table of expiring keys', () => {
  it('behaves like a map whose entries expire', () => {
    const name = fc.nat(300).map(String)
    const command = fc.oneof(
      fc.record({ set: name, value: fc.integer({ min: -50, max: 400 }).filter(value => value < 0 || value > 1) }),
      fc.record({ remove: name }),
      fc.record({ expire: fc.nat(400) }),
      fc.record({ removeUpTo: fc.nat(400) }),
    )
    fc.assert(
      fc.property(fc.array(command, { maxLength: 600 }), commands => {
        const table = new ExpiringKeyTable()
        const model = new Map<string, number>()
        for (const each of commands) {
          if ('set' in each) {
            table.set(keyOf(each.set), each.value)
            model.set(each.set, each.value)
          } else if ('remove' in each) {
            table.delete(keyOf(each.remove))
            model.delete(each.remove)
          } else if ('expire' in each) {
            table.expire(each.expire)
            // An entry that was set with a value in the past is absent too.
          } else {
            expect(table.copy(each.removeUpTo).length % ENTRY_WORDS).toBe(0)
            table.remove(each.removeUpTo)
            for (const [key, value] of model) if (value > 0 && value <= each.removeUpTo) model.delete(key)
          }
        }
        const now = Math.max(0, ...commands.map(each => ('expire' in each ? each.expire : 0)))
        for (let number = 0; number <= 300; number++) {
          const value = model.get(String(number))
          const expected = value === undefined || (value > 0 && value < now) ? undefined : value
          expect(table.get(keyOf(String(number)))).toBe(expected)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('gives back the memory of what has expired', () => {
    const table = new ExpiringKeyTable()
    for (let round = 1; round <= 40; round++) {
      table.expire(round * 10)
      for (let n = 0; n < 2_000; n++) table.set(keyOf(`${round}/${n}`), round * 10 + 9)
    }
    expect(table.bytes).toBeLessThan(300_000)
  })

  it('copies the entries up to a value, each with its key', () => {
    const table = new ExpiringKeyTable()
    table.set(keyOf('a'), 5)
    table.set(keyOf('b'), 6)
    table.set(keyOf('waiting'), -3)
    expect([...table.copy(5)]).toEqual([...keyOf('a'), 5])
    expect(table.countByValue()).toEqual(
      new Map([
        [5, 1],
        [6, 1],
      ]),
    )
  })
})
